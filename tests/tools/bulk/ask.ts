/** Calls of the bulk tools, with results parsed by their schemas. @module */
import { assert } from "@std/assert";
import type { Session } from "../../connect.ts";
import { type BulkAnswer, bulkAnswer, type Row } from "../../../tools/bulk/bulk_answer.ts";

/** Result of a call for several containers. */
export interface Asked extends BulkAnswer {
  /** The text. */
  readonly text: string;
  /** Whether nothing worked. */
  readonly isError: boolean;
}

/** Calls a bulk tool that must succeed. */
export async function ask(
  server: Session,
  tool: string,
  args: Readonly<Record<string, unknown>>,
  options: { readonly progressToken?: string } = {},
): Promise<Asked> {
  const { isError, text, structuredContent } = await server.call(tool, args, options);
  assert(structuredContent !== undefined, text);
  return { ...bulkAnswer.parse(structuredContent), text, isError };
}

/** `alice done`, a line for each container. */
export function outcomes({ containers }: BulkAnswer): readonly string[] {
  return containers.map(({ username, result }) => `${username} ${result}`);
}

/** Returns the totals of rows, without counts of 0. */
export function countsOf(rows: readonly Row[]): BulkAnswer["totals"] {
  const counted = Map.groupBy(rows, ({ result }) => result);
  return Object.fromEntries([...counted].map(([result, rows]) => [result, rows.length]));
}

/** The row of one container. */
export function rowOf({ containers }: BulkAnswer, username: string): Row {
  const row = containers.find((row) => row.username === username);
  assert(row !== undefined, `no row for ${username}`);
  return row;
}

/** Calls a bulk tool that must refuse the call, and returns the text. */
export async function refused(
  server: Session,
  tool: string,
  args: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { isError, text, structuredContent } = await server.call(tool, args);
  assert(isError && structuredContent === undefined, text);
  return text;
}
