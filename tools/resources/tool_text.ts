import type { z } from "zod";
import type { Tool, ToolContext } from "../tool.ts";

/** Returns what a tool answers, as text. */
export async function textOf<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Pick<Tool<Input, Output>, "input" | "output" | "run" | "render">,
  args: z.input<Input>,
  context: ToolContext,
): Promise<string> {
  const output = await tool.run(tool.input.parse(args), context);
  return tool.render(tool.output.parse(output));
}
