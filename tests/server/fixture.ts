/** A tool of the tests' own, served in this process. @module */
import { z } from "zod";
import { ContainariumClient, type Logger } from "../../client/mod.ts";
import { silent } from "../../client/internal.ts";
import type { ServeOptions } from "../../server/serve_options.ts";
import { serve } from "../../server/server.ts";
import { entryOf } from "../../tools/entry.ts";
import type { Tool } from "../../tools/mod.ts";
import { type Conversation, converse } from "./converse.ts";

/** A tool that returns its argument, with overrides. */
export function makeTool(parts: Partial<Tool> = {}): Tool {
  return {
    name: "say_word",
    title: "Say a word",
    description: "Says a word.",
    effect: "write",
    idempotent: true,
    scopes: [],
    input: z.strictObject({ word: z.string().default("hello") }),
    output: z.strictObject({ word: z.string(), items: z.array(z.strictObject({ n: z.int() })) }),
    run: () => Promise.resolve({ word: "hello", items: [] }),
    render: ({ word }) => String(word),
    ...parts,
  };
}

/** Serves tools in this process, without a daemon. */
export function serveTools(
  on: readonly Tool[],
  options: Partial<
    Pick<
      ServeOptions,
      | "consent"
      | "heartbeatMs"
      | "questionMs"
      | "callLimits"
      | "pageSize"
      | "trace"
      | "resources"
      | "prompts"
      | "audit"
    >
  > = {},
  log: Logger = silent,
): Conversation {
  const client = new ContainariumClient({ serverUrl: "http://127.0.0.1:1", token: secret });
  return converse(async (input, output) => {
    const writer = output.getWriter();
    await serve({
      ...options,
      client,
      log,
      tools: { on: on.map((tool) => entryOf(tool, "tests")), off: new Map(), readOnly: false },
      input,
      write: (bytes) => writer.write(bytes),
    });
    writer.releaseLock();
    client[Symbol.dispose]();
  });
}

/** The token of {@linkcode serveTools}. */
export const secret = "ctnr_0123456789abcdef";

/** A tool that asks first, and counts its runs. */
export function makeDestroyer(): { readonly tool: ReturnType<typeof makeTool>; runs: number } {
  const destroyer = {
    runs: 0,
    tool: makeTool({
      name: "lose_all",
      effect: "destroy",
      consent: () => Promise.resolve({ question: { message: "Lose it all?", confirm: "Lose it" } }),
      run: () => {
        destroyer.runs++;
        return Promise.resolve({ word: "gone", items: [] });
      },
    }),
  };
  return destroyer;
}
