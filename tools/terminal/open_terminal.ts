import { containerName } from "../../client/internal.ts";
import { z } from "zod";
import { username } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { renderTerminal, terminal, terminalAnswer } from "./terminal_answer.ts";
import { sessionsOf } from "../screen/terminal_sessions.ts";

/** How long to wait for the first prompt. */
const PROMPT_MS = 5_000;

/** Opens an interactive shell; `GET /v1/containers/{username}/terminal`. */
export const openTerminal = defineTool({
  name: "open_terminal",
  title: "Open terminal",
  description: "Open an interactive terminal (login shell) in a running container and show its " +
    "screen, for programs that need one (vi, top, prompts); use run_command for all else. At " +
    "most 8 at a time; each closes after 10 minutes without a call.",
  effect: "write",
  idempotent: false,
  reach: "shell",
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    username,
    cols: z.int().min(20).max(300).default(120).describe("Columns of the screen"),
    rows: z.int().min(5).max(100).default(40).describe("Rows of the screen"),
  }),
  output: terminal,

  consent: ({ username }) =>
    Promise.resolve({
      question: { message: `Open a terminal in ${containerName(username)}?`, confirm: "Open it" },
    }),

  run: async ({ username, cols, rows }, { client, conversation, signal }) => {
    const sessions = sessionsOf(conversation);
    const size = { cols, rows };
    const id = await sessions.add(client.terminal(username), username, size, signal);
    const exchange = { strokes: [], waitFor: undefined, waitMs: PROMPT_MS, signal };
    try {
      return terminalAnswer(id, await sessions.exchange(id, exchange));
    } catch (error) {
      // The caller would not learn its ID.
      await sessions.close(id);
      throw error;
    }
  },

  render: (output) => `terminal_id: ${output.terminal_id}\n${renderTerminal(output)}`,
});
