import type { z } from "zod";
import type { Tool, ToolContext } from "../tool.ts";

/** The part of a tool that a resource uses. */
export type Reader<Input extends z.ZodObject, Output extends z.ZodObject> = Pick<
  Tool<Input, Output>,
  "input" | "output" | "run" | "render"
>;

/** Returns a tool's result. */
export async function outputOf<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Reader<Input, Output>,
  args: z.input<Input>,
  context: ToolContext,
): Promise<z.output<Output>> {
  return tool.output.parse(await tool.run(tool.input.parse(args), context));
}

/** Returns a tool's result as text. */
export async function textOf<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Reader<Input, Output>,
  args: z.input<Input>,
  context: ToolContext,
): Promise<string> {
  return tool.render(await outputOf(tool, args, context));
}
