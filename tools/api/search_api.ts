import { z } from "zod";
import { shownPath } from "../../client/internal.ts";
import { unlessEmpty } from "../lean.ts";
import { defineTool } from "../tool.ts";
import { type Caller, callerOf, lossOf, refusalOf } from "./api_catalog.ts";
import { searchOperations } from "./api_search.ts";
import { describeFields } from "./described_fields.ts";
import { type Description, type Operation, pathParameters, readDescription } from "./operation.ts";
import { ruleOf } from "./rules.ts";

const row = z.strictObject({
  operation: z.string().describe("Its name, to pass to call_api"),
  method: z.string().describe("HTTP method"),
  path: z.string().describe("Path"),
  summary: z.string().describe("What it does"),
  parameters: z.string().optional().describe(
    "Parameters with their types; text without one. Absent: none, or not among the best matches",
  ),
  body: z.string().optional().describe("Fields of the body, likewise"),
  tool: z.string().optional().describe("Tool to call instead"),
  "not_callable": z.string().optional().describe("Why call_api refuses it"),
  asks: z.string().optional().describe("What a call may lose, for which the user is asked"),
  note: z.string().optional().describe("How it misleads"),
});

type Row = z.output<typeof row>;

/** Finds operations of the daemon's REST API; sends nothing. */
export const searchApi = defineTool({
  name: "search_api",
  title: "Search API",
  description:
    "Search the daemon's whole REST API (alerts, apps, backups, clusters, scans, audit, DNS …) for " +
    "what no other tool does. Returns operations for call_api.",
  effect: "read",
  idempotent: true,
  scopes: [],
  input: z.strictObject({
    query: z.string().min(1).max(500).describe('Words, or an operation\'s name: "list backups"'),
  }),
  output: z.strictObject({
    operations: z.array(row).describe(
      "The best matches, best first; fields of the first ones only",
    ),
    more: z.number().optional().describe("Further matches, not listed; absent: none"),
  }),

  run: async ({ query }, context) => {
    const description = await readDescription();
    const caller = await callerOf(context);
    const found = matches(query, description);
    const listed = found.slice(0, MAX_ROWS);
    const [best] = listed;
    const operations = listed.map(({ operation, score }, at) => {
      const isDetailed = at < MAX_DETAILED && score >= (best?.score ?? 0) * DETAILED_SHARE;
      return rowOf(operation, description, caller, isDetailed);
    });
    return { operations, more: unlessEmpty(found.length - listed.length) };
  },

  render: ({ operations, more }) => {
    if (operations.length === 0) {
      return "No operation matches. Next: use other words: a noun of the API, such as backup or route.";
    }
    const lines = operations.flatMap(renderRow);
    return [...lines, ...(more === undefined ? [] : [`and ${more} more`])].join("\n");
  },
});

const MAX_ROWS = 6;
const MAX_DETAILED = 2;
/** An operation with a smaller share of the best score is listed without its fields. */
const DETAILED_SHARE = 0.75;

function matches(query: string, description: Description): ReturnType<typeof searchOperations> {
  const named = [...description.operations.values()]
    .find(({ id }) => id.toLowerCase() === query.trim().toLowerCase());
  return named === undefined
    ? searchOperations(query, description)
    : [{ operation: named, score: 1 }];
}

function rowOf(
  operation: Operation,
  { types }: Description,
  caller: Caller,
  isDetailed: boolean,
): Row {
  const { id, method, path, summary, query, body = [] } = operation;
  const { guardedBy, tool, note } = ruleOf(id);
  const short: Row = { operation: id, method, path: shownPath(path), summary };
  if (guardedBy !== undefined) return { ...short, tool: guardedBy };
  const refusal = refusalOf(operation, caller);
  if (refusal !== undefined) return { ...short, tool, not_callable: refusal.message };
  if (!isDetailed) return { ...short, tool };
  return {
    ...short,
    tool,
    parameters: unlessEmpty(
      [...pathParameters(operation), ...describeFields(query, types)].join(", "),
    ),
    body: unlessEmpty(describeFields(body, types).join(", ")),
    asks: lossOf(operation),
    note,
  };
}

function renderRow(found: Row): readonly string[] {
  const { operation, method, path, summary, tool, not_callable: why } = found;
  const { parameters, body, asks, note } = found;
  const more = {
    instead: tool,
    "not callable": why,
    parameters,
    body,
    asks,
    note,
  };
  return [
    `${operation} (${method} ${path}): ${summary}`,
    ...Object.entries(more).filter(([, text]) => text !== undefined)
      .map(([name, text]) => `  ${name}: ${text}`),
  ];
}
