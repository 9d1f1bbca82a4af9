// Tries the server with the official SDK for Go: see scripts/interop.ts.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

type call struct {
	Tool      string         `json:"tool"`
	Arguments map[string]any `json:"arguments"`
	Contains  string         `json:"contains"`
	Declines  string         `json:"declines"`
	URI       string         `json:"uri"`
}

type scenario struct {
	Server struct {
		Command string            `json:"command"`
		Args    []string          `json:"args"`
		Env     map[string]string `json:"env"`
	} `json:"server"`
	Revision  string   `json:"revision"`
	Calls     []call   `json:"calls"`
	Error     call     `json:"error"`
	Resources []string `json:"resources"`
	Templates []string `json:"templates"`
	Prompts   []struct {
		Name      string            `json:"name"`
		Arguments map[string]string `json:"arguments"`
	} `json:"prompts"`
	Completion struct {
		URI      string   `json:"uri"`
		Argument string   `json:"argument"`
		Value    string   `json:"value"`
		Expected []string `json:"expected"`
	} `json:"completion"`
	Progress     call `json:"progress"`
	Cancellation call `json:"cancellation"`
	Update       call `json:"update"`
	Question     call `json:"question"`
	Refusal      call `json:"refusal"`
}

// What the handlers of the client have heard.
type heard struct {
	sync.Mutex
	questions []string
	progress  []float64
	logged    int
}

var (
	ctx        = context.Background()
	terminalID = regexp.MustCompile(`terminal_id\W+([0-9a-f]{20})`)
)

// report prints a result; why is empty where it works.
func report(feature, item, why string) {
	line := map[string]string{"feature": feature, "result": "works"}
	if item != "" {
		line["item"] = item
	}
	if why != "" {
		line["result"], line["detail"] = "fails", why[:min(len(why), 300)]
	}
	text, _ := json.Marshal(line)
	fmt.Println(string(text))
}

// judge prints an error, or what does not hold.
func judge(feature, item string, err error, holds bool, why any) {
	switch {
	case err != nil:
		report(feature, item, err.Error())
	case !holds:
		report(feature, item, fmt.Sprint("not so: ", why))
	default:
		report(feature, item, "")
	}
}

func textOf(result *mcp.CallToolResult) string {
	if result == nil {
		return ""
	}
	var text strings.Builder
	for _, part := range result.Content {
		if part, ok := part.(*mcp.TextContent); ok {
			text.WriteString(part.Text)
		}
	}
	return text.String()
}

type tried struct {
	scenario
	heard   heard
	updated chan string
	frame   *bufio.Scanner
	session *mcp.ClientSession
}

func (t *tried) answer(_ context.Context, request *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
	t.heard.Lock()
	defer t.heard.Unlock()
	t.heard.questions = append(t.heard.questions, request.Params.Message)
	if strings.Contains(request.Params.Message, t.Refusal.Declines) {
		return &mcp.ElicitResult{Action: "decline"}, nil
	}
	return &mcp.ElicitResult{Action: "accept", Content: map[string]any{"confirm": true}}, nil
}

func (t *tried) connect() error {
	options := &mcp.ClientOptions{
		ElicitationHandler: t.answer,
		ResourceUpdatedHandler: func(_ context.Context, request *mcp.ResourceUpdatedNotificationRequest) {
			t.updated <- request.Params.URI
		},
		LoggingMessageHandler: func(context.Context, *mcp.LoggingMessageRequest) {
			t.heard.Lock()
			t.heard.logged++
			t.heard.Unlock()
		},
		ProgressNotificationHandler: func(_ context.Context, request *mcp.ProgressNotificationClientRequest) {
			t.heard.Lock()
			t.heard.progress = append(t.heard.progress, request.Params.Progress)
			t.heard.Unlock()
		},
	}
	client := mcp.NewClient(&mcp.Implementation{Name: "interop", Version: "1"}, options)
	command := exec.Command(t.Server.Command, t.Server.Args...)
	for name, value := range t.Server.Env {
		command.Env = append(command.Env, name+"="+value)
	}
	session, err := client.Connect(ctx, &mcp.CommandTransport{Command: command},
		&mcp.ClientSessionOptions{ProtocolVersion: t.Revision})
	t.session = session
	return err
}

func (t *tried) call(ctx context.Context, c call) (*mcp.CallToolResult, error) {
	params := &mcp.CallToolParams{Name: c.Tool, Arguments: c.Arguments}
	if t.Revision == "2026-07-28" {
		params.Meta = mcp.Meta{"io.modelcontextprotocol/logLevel": "debug"}
	}
	return t.session.CallTool(ctx, params)
}

func (t *tried) callTools() {
	terminal, unstructured := "", []string{}
	for _, c := range t.Calls {
		for name, value := range c.Arguments {
			if value == "TERMINAL_ID" {
				c.Arguments[name] = terminal
			}
		}
		result, err := t.call(ctx, c)
		text := textOf(result)
		judge("tools", c.Tool, err, err == nil && !result.IsError && text != "", text)
		if err != nil {
			continue
		}
		if _, ok := result.StructuredContent.(map[string]any); !ok {
			unstructured = append(unstructured, c.Tool)
		}
		if found := terminalID.FindStringSubmatch(text); c.Tool == "open_terminal" && found != nil {
			terminal = found[1]
		}
	}
	judge("structured content", "", nil, len(unstructured) == 0, unstructured)
	result, err := t.call(ctx, t.Error)
	holds := err == nil && result.IsError && strings.Contains(textOf(result), t.Error.Contains)
	judge("errors", "", err, holds, textOf(result))
}

func (t *tried) read() {
	listed, err := t.session.ListResources(ctx, nil)
	if err != nil {
		report("resources", "", err.Error())
	} else {
		for _, resource := range listed.Resources {
			if !slices.Contains(t.Resources, resource.URI) {
				report("resources", resource.URI, "listed, and unknown")
			}
		}
	}
	for _, uri := range t.Resources {
		result, err := t.session.ReadResource(ctx, &mcp.ReadResourceParams{URI: uri})
		judge("resources", uri, err, err == nil && result.Contents[0].Text != "", "empty")
	}
	templates, err := t.session.ListResourceTemplates(ctx, nil)
	for _, pattern := range t.Templates {
		holds := err == nil && slices.ContainsFunc(templates.ResourceTemplates,
			func(template *mcp.ResourceTemplate) bool { return template.URITemplate == pattern })
		judge("templates", pattern, err, holds, "not listed")
	}
}

func (t *tried) prompt() {
	for _, one := range t.Prompts {
		params := &mcp.GetPromptParams{Name: one.Name, Arguments: one.Arguments}
		result, err := t.session.GetPrompt(ctx, params)
		judge("prompts", one.Name, err, err == nil && len(result.Messages) > 0, "no message")
	}
}

func (t *tried) complete() {
	wanted := t.Completion
	result, err := t.session.Complete(ctx, &mcp.CompleteParams{
		Ref:      &mcp.CompleteReference{Type: "ref/resource", URI: wanted.URI},
		Argument: mcp.CompleteParamsArgument{Name: wanted.Argument, Value: wanted.Value},
	})
	holds := err == nil && slices.Equal(result.Completion.Values, wanted.Expected)
	judge("completion", "", err, holds, result)
}

func (t *tried) follow() {
	params := &mcp.CallToolParams{
		Meta: mcp.Meta{"progressToken": "p"}, Name: t.Progress.Tool, Arguments: t.Progress.Arguments,
	}
	_, err := t.session.CallTool(ctx, params)
	t.heard.Lock()
	defer t.heard.Unlock()
	rising := slices.Compact(slices.Sorted(slices.Values(t.heard.progress)))
	holds := len(rising) > 0 && slices.Equal(rising, t.heard.progress)
	judge("progress", "", err, holds, t.heard.progress)
}

// word returns the next line of the frame.
func (t *tried) word() string {
	t.frame.Scan()
	return t.frame.Text()
}

func (t *tried) cancel() {
	canceled, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		_, err := t.call(canceled, t.Cancellation)
		ended <- err
	}()
	if word := t.word(); word != "reached" {
		report("cancellation", "", "heard "+word)
	}
	cancel()
	if err := <-ended; err == nil {
		report("cancellation", "", "it was answered all the same")
		return
	}
	word := t.word()
	judge("cancellation", "", nil, word == "gone", word)
}

func (t *tried) update() {
	if err := t.session.Subscribe(ctx, &mcp.SubscribeParams{URI: t.Update.URI}); err != nil {
		report("updates", "", err.Error())
		return
	}
	if _, err := t.call(ctx, t.Update); err != nil {
		report("updates", "", err.Error())
		return
	}
	select {
	case uri := <-t.updated:
		judge("updates", "", nil, uri == t.Update.URI, uri)
	case <-time.After(20 * time.Second):
		report("updates", "", "no update within 20 s")
	}
	if err := t.session.Unsubscribe(ctx, &mcp.UnsubscribeParams{URI: t.Update.URI}); err != nil {
		report("updates", "", err.Error())
	}
}

func (t *tried) ask() {
	before := len(t.heard.questions)
	_, err := t.call(ctx, t.Question)
	if err == nil {
		_, err = t.call(ctx, t.Refusal)
	}
	judge("questions", "", err, len(t.heard.questions) == before+2, t.heard.questions[before:])
}

func main() {
	t := &tried{updated: make(chan string, 100), frame: bufio.NewScanner(os.Stdin)}
	text, err := os.ReadFile(os.Args[1])
	if err == nil {
		err = json.Unmarshal(text, &t.scenario)
	}
	if err == nil {
		err = t.connect()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer t.session.Close()
	revision := t.session.InitializeResult().ProtocolVersion
	connected, _ := json.Marshal(map[string]string{
		"feature": "connect", "result": "works", "detail": revision,
	})
	fmt.Println(string(connected))
	if t.Revision != "2026-07-28" {
		if err := t.session.SetLoggingLevel(ctx, &mcp.SetLoggingLevelParams{Level: "debug"}); err != nil {
			report("logging", "", err.Error())
		}
	}
	t.callTools()
	t.read()
	t.prompt()
	t.complete()
	t.follow()
	t.cancel()
	t.update()
	t.ask()
	judge("logging", "", nil, t.heard.logged > 0, "no log message")
}
