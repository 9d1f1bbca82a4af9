/** Runs tools as the server does, with a change between consent and run. @module */
import type { z } from "zod";
import { ContainariumError } from "../../client/mod.ts";
import type { ConsentQuestion, Tool, ToolContext } from "../../tools/mod.ts";

/** How a call ended. */
export interface Ending<Output> {
  /** Question for the user. Absent if there is nothing to ask. */
  readonly question: ConsentQuestion | undefined;
  /** The answer. Absent if it was refused. */
  readonly answer?: Output;
  /** What it was refused with. */
  readonly refusal?: ContainariumError;
}

/**
 * Runs a tool with the state agreed to before another client's change. Nobody is asked: the agreed state
 * also binds in the mode `never`.
 */
export async function changedBetween<I extends z.ZodObject, O extends z.ZodObject, Agreed>(
  tool: Tool<I, O, Agreed>,
  args: z.input<I>,
  context: ToolContext,
  change: () => unknown,
): Promise<Ending<z.input<O>>> {
  const parsed = tool.input.parse(args);
  const request = await tool.consent?.(parsed, context);
  const question = request?.question;
  await change();
  try {
    return { question, answer: await tool.run(parsed, context, request?.agreed) };
  } catch (error) {
    if (error instanceof ContainariumError) return { question, refusal: error };
    throw error;
  }
}
