import { ContainariumError } from "../client/mod.ts";
import type { Tool, ToolContext } from "../tools/mod.ts";
import { argumentFaults } from "./arguments.ts";
import { explain } from "./explain.ts";

/** The result of `tools/call`. */
export type CallAnswer = {
  /** The text, for clients that show the model only that. */
  readonly content: { readonly type: "text"; readonly text: string }[];
  /** The whole answer, for clients that show the model only that; absent on errors. */
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  /** Whether it failed. */
  readonly isError?: boolean;
};

/** Runs one tool. Whatever goes wrong is an answer, so that the model can mend it. */
export async function callTool(
  tool: Tool,
  input: unknown,
  context: ToolContext,
): Promise<CallAnswer> {
  const parsed = tool.input.safeParse(input);
  if (!parsed.success) {
    const faults = argumentFaults(parsed.error, tool.input);
    const text = `Invalid arguments for ${tool.name}:\n${faults}\nNext: mend and call again.`;
    return failure(context.client.redact(text));
  }
  try {
    const output = tool.output.parse(await tool.run(parsed.data, context));
    return { content: [{ type: "text", text: tool.render(output) }], structuredContent: output };
  } catch (error) {
    return failure(context.client.redact(describeFailure(tool, error, context)));
  }
}

function describeFailure(tool: Tool, error: unknown, { signal, log }: ToolContext): string {
  if (error instanceof ContainariumError) return explain(error);
  if (signal.aborted) return explain(new ContainariumError("cancelled", "Cancelled"));
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  log("error", `${tool.name}: ${error instanceof Error ? error.stack ?? reason : reason}`);
  return `${tool.name} failed because of a defect in this server: ${reason}\n` +
    `Next: report it; get_container tells what state things are in.`;
}

function failure(text: string): CallAnswer {
  return { content: [{ type: "text", text }], isError: true };
}
