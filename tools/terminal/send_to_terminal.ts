import { containerName } from "../../client/internal.ts";
import { z } from "zod";
import { seconds } from "../fields.ts";
import { defineTool } from "../tool.ts";
import { renderTerminal, terminal, terminalAnswer, terminalId } from "./terminal_answer.ts";
import { keyBytes, strokes, typed } from "../screen/keys.ts";
import { parsePattern } from "../screen/wait_pattern.ts";
import { shownInQuestion } from "./preview.ts";
import { sessionsOf } from "../screen/terminal_sessions.ts";

const key = z.string().refine(
  (name) => keyBytes(name, false) !== undefined,
  "expected Enter, Tab, Shift-Tab, Space, Escape, Backspace, Delete, Insert, Up, Down, Left, " +
    "Right, Home, End, PageUp, PageDown, F1 to F12, Ctrl-A to Ctrl-Z, Ctrl-[ \\ ] ^ _ or Alt-x",
);

/** Types into an open terminal and looks at its screen. */
export const sendToTerminal = defineTool({
  name: "send_to_terminal",
  title: "Send to terminal",
  description: "Type text or press keys in an open terminal and show its screen: text first, " +
    "then keys. Waits until the output stops, or for wait_for. Without text and keys it only " +
    "waits and shows the screen.",
  effect: "write",
  idempotent: false,
  reach: "shell",
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    terminal_id: terminalId,
    text: z.string()
      .refine(({ length }) => length <= 65_536, "expected at most 65,536 characters").optional()
      .describe("Typed verbatim; \\n is Enter"),
    keys: z.array(key).max(100).optional()
      .describe('E.g. ["Escape", "Ctrl-C", "Up", "PageDown", "F1", "Alt-x"]'),
    wait_for: z.string().min(1).max(500)
      .refine(
        (text) => parsePattern(text) !== undefined,
        "this regular expression is not valid; omit the slashes to look for text",
      )
      .optional()
      .describe("Text or /regex/ in what is printed from now on, except what is typed"),
    wait_seconds: seconds.min(0).max(60).default(5).describe("How long to wait at most"),
  }),
  output: z.strictObject({
    ...terminal.shape,
    found: z.boolean().optional().describe("Whether wait_for was printed"),
  }),

  consent: ({ terminal_id: id, text = "", keys = [] }, { conversation }) => {
    if (text === "" && keys.length === 0) return Promise.resolve(undefined);
    const username = sessionsOf(conversation).usernameOf(id);
    const { lines, unseen } = shownInQuestion({ "": text });
    // Keys come before the text, in this server's words, so that text cannot pass for keys.
    const where = `a terminal in ${containerName(username)}`;
    const ask = text === ""
      ? `Press ${keys.join(" ")} in ${where}?`
      : `Type this into ${where}${keys.length === 0 ? "" : `, then press ${keys.join(" ")}`}?`;
    return Promise.resolve({
      question: {
        message: text === "" ? ask : `${ask}\n${lines}`,
        confirm: text === "" ? "Press these keys" : `Type it${unseen}`,
      },
    });
  },

  run: async (args, { conversation, signal, log }) => {
    const { terminal_id: id, text = "", keys = [], wait_for: waitFor } = args;
    const sessions = sessionsOf(conversation);
    const isApplication = sessions.hasApplicationCursor(id);
    const sent = [
      ...strokes(typed(text)),
      ...keys.map((name) => keyBytes(name, isApplication) ?? ""),
    ].filter((stroke) => stroke !== "");
    log("debug", `send_to_terminal: ${text.length} characters, ${keys.length} keys`);
    const view = await sessions.exchange(id, {
      strokes: sent,
      waitFor: waitFor === undefined ? undefined : parsePattern(waitFor),
      waitMs: args.wait_seconds * 1_000,
      signal,
    });
    return { ...terminalAnswer(id, view), found: view.isFound };
  },

  render: (output) => {
    const found = output.found === false ? "wait_for was not printed.\n" : "";
    return `${found}${renderTerminal(output)}`;
  },
});
