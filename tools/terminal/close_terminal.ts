import { z } from "zod";
import { containerName, visible } from "../../client/internal.ts";
import { defineTool } from "../tool.ts";
import { sessionsOf } from "../screen/terminal_sessions.ts";
import { terminalId } from "./terminal_answer.ts";

/** Closes an open terminal. */
export const closeTerminal = defineTool({
  name: "close_terminal",
  title: "Close terminal",
  description: "Close (exit) a terminal, ending what runs in it.",
  effect: "write",
  idempotent: true,
  reach: "shell",
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({ terminal_id: terminalId }),
  output: z.strictObject({
    changed: z.boolean().describe("False if it had ended already"),
    terminal_id: z.string().describe("The terminal"),
    username: z.string().optional().describe(
      "Owner of its container; absent: it had ended already",
    ),
    end_reason: z.string().optional().describe("Why it had ended already"),
  }),

  consent: ({ terminal_id: id }, { conversation }) => {
    const sessions = sessionsOf(conversation);
    if (!sessions.open.includes(id)) return Promise.resolve(undefined);
    return Promise.resolve({
      question: {
        message: `Close a terminal in ${
          containerName(sessions.usernameOf(id))
        }, ending what runs in it?`,
        confirm: "Close it",
      },
    });
  },

  run: async ({ terminal_id: id }, { conversation }) => {
    const sessions = sessionsOf(conversation);
    const username = sessions.open.includes(id) ? sessions.usernameOf(id) : undefined;
    const endReason = await sessions.close(id);
    return {
      terminal_id: id,
      username,
      changed: endReason === undefined,
      end_reason: endReason === undefined ? undefined : visible(endReason),
    };
  },

  render: ({ changed, terminal_id: id, username = "", end_reason: reason = "" }) =>
    changed
      ? `Closed the terminal in ${containerName(username)}.`
      : `The terminal ${id} had ended already: ${reason}`,
});
