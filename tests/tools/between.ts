/** Runs tools as the server does, with a change between the question and the deed. @module */
import type { z } from "zod";
import { ContainariumError } from "../../client/mod.ts";
import type { ConsentQuestion, Tool, ToolContext } from "../../tools/mod.ts";

/** How a call ended. */
export interface Ending<Output> {
  /** What the user would be asked. Absent if there is nothing to ask. */
  readonly question: ConsentQuestion | undefined;
  /** The answer. Absent if it was refused. */
  readonly answer?: Output;
  /** What it was refused with. */
  readonly refusal?: ContainariumError;
}

/**
 * Runs a tool with what it agreed to before a change that others make. Nobody is asked: what was
 * agreed binds where the mode is `never`, too.
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
