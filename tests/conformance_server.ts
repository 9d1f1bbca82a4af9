/** The server with the tools that the conformance suite wants to find, beside its own. @module */
import { z } from "zod";
import { ContainariumClient, ContainariumError } from "../client/mod.ts";
import { silent } from "../client/internal.ts";
import { serve } from "../server/server.ts";
import { entryOf } from "../tools/entry.ts";
import { activeResources, activeTools, type Tool } from "../tools/mod.ts";
import type { Prompt, PromptArgument, PromptMessage } from "../tools/prompt.ts";
import { promptEntryOf } from "../tools/prompt_entry.ts";
import { defineResource, type Resource, type Variable } from "../tools/resource.ts";
import { resourceEntryOf } from "../tools/resource_entry.ts";
import type { Daemon } from "./daemon/mod.ts";
import type { Params, Translation } from "./http_bridge.ts";
import type { Serve } from "./server/converse.ts";
import { makeTool } from "./server/fixture.ts";

const input = z.strictObject({});

function makeText(name: string, parts: Partial<Tool> = {}): Tool {
  return makeTool({
    name,
    input,
    run: () => Promise.resolve({ word: "This is a simple text response for testing.", items: [] }),
    ...parts,
  });
}

function makeAsking(name: string, parts: Partial<Tool> = {}): Tool {
  const question = { message: "Please confirm", confirm: "Yes" };
  return makeText(name, { ...parts, consent: () => Promise.resolve({ question }) });
}

const extras: readonly Tool[] = [
  makeText("test_simple_text"),
  makeText("test_logging_tool", {
    run: (_args, { log }) => {
      log("error", "A line");
      return Promise.resolve({ word: "logged", items: [] });
    },
  }),
  makeText("test_tool_with_logging", {
    run: (_args, { log }) => {
      for (const line of ["one", "two", "three"]) log("warning", line);
      return Promise.resolve({ word: "logged", items: [] });
    },
  }),
  makeText("test_error_handling", {
    run: () => {
      throw new ContainariumError("not_found", "This tool intentionally returns an error");
    },
  }),
  makeText("test_tool_with_progress", {
    run: (_args, { progress }) => {
      for (const done of [0, 50, 100]) progress(done, 100, `${done} of 100`);
      return Promise.resolve({ word: "done", items: [] });
    },
  }),
  makeAsking("test_elicitation", { input: z.strictObject({ message: z.string() }) }),
  makeAsking("test_streaming_elicitation"),
  makeAsking("test_input_required_result_elicitation"),
  makeAsking("test_input_required_result_request_state"),
  makeAsking("test_input_required_result_tampered_state"),
];

const fits: Variable = {
  accepts: () => true,
  candidates: () => Promise.resolve(["paris", "park", "party"]),
};

/** What a resource of the suite's has in common with the others. */
const plain = { mimeType: "text/plain", priority: 0.5, tools: [] } as const;

const extraResources: readonly Resource[] = [
  defineResource({
    ...plain,
    uri: "test://static-text",
    name: "static-text",
    title: "Static text",
    description: "A text",
    variables: {},
    read: () => Promise.resolve({ text: "This is the content of the static text resource." }),
  }),
  defineResource({
    ...plain,
    uri: "test://watched-resource",
    name: "watched",
    title: "Watched",
    description: "A text that could change",
    variables: {},
    read: () => Promise.resolve({ text: "As before" }),
  }),
  defineResource({
    ...plain,
    uri: "test://template/{id}/data",
    name: "template",
    title: "Template",
    description: "A text with its id",
    variables: { id: fits },
    read: ({ id }) => Promise.resolve({ text: `{"id":"${id}"}` }),
  }),
];

function makePrompt<Arguments extends Readonly<Record<string, PromptArgument>>>(
  name: string,
  args: Arguments,
  get: Prompt<Arguments>["get"],
): Prompt<Arguments> {
  return { name, title: name, description: name, arguments: args, tools: [], get };
}

function says(text: string): PromptMessage {
  return { role: "user", content: { type: "text", text } };
}

const filled = { description: "A text", required: true, candidates: fits.candidates } as const;

const extraPrompts: readonly Prompt[] = [
  makePrompt(
    "test_simple_prompt",
    {},
    () => Promise.resolve([says("This is a simple prompt for testing.")]),
  ),
  makePrompt(
    "test_prompt_with_arguments",
    { arg1: filled, arg2: filled },
    ({ arg1, arg2 }) =>
      Promise.resolve([says(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)]),
  ),
  makePrompt(
    "test_prompt_with_embedded_resource",
    { resourceUri: filled },
    // The suite asks for a resource that it does not list.
    () =>
      Promise.resolve([
        { role: "user", content: { type: "resource", uri: "test://static-text" } },
        says("Please process the embedded resource above."),
      ]),
  ),
];

/** Serves a daemon over a pair of streams. */
export async function serveConformance(daemon: Daemon): Promise<Serve> {
  const token = await daemon.token();
  return async (input, output) => {
    using client = new ContainariumClient({ serverUrl: daemon.url, token });
    const tools = activeTools({}, await client.tokenClaims());
    const { on, off, readOnly } = tools;
    const resources = activeResources(tools);
    const writer = output.getWriter();
    await serve({
      client,
      log: silent,
      tools: { on: [...on, ...extras.map((tool) => entryOf(tool, "tests"))], off, readOnly },
      resources: { ...resources, on: [...resources.on, ...extraResources.map(resourceEntryOf)] },
      prompts: { on: extraPrompts.map(promptEntryOf), off: [] },
      input,
      write: (bytes) => writer.write(bytes),
    });
    writer.releaseLock();
  };
}

/**
 * The suite prescribes under which name a question is asked and what the user answers; ours is one box
 * to be checked.
 */
export const translation: Translation = {
  request: ({ inputResponses, ...params }) =>
    isObject(inputResponses)
      ? { ...params, inputResponses: renamed(inputResponses, "user_name", "consent", checked) }
      : { ...params, ...(inputResponses === undefined ? {} : { inputResponses }) },
  result: ({ inputRequests, ...result }) =>
    isObject(inputRequests)
      ? { ...result, inputRequests: renamed(inputRequests, "consent", "user_name") }
      : result,
};

function checked(response: unknown): unknown {
  return isObject(response) && response.action === "accept"
    ? { ...response, content: { confirm: true } }
    : response;
}

function renamed(
  object: Params,
  from: string,
  to: string,
  change: (value: unknown) => unknown = (value) => value,
): Params {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) =>
      name === from ? [to, change(value)] : [name, value]
    ),
  );
}

function isObject(value: unknown): value is Params {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
