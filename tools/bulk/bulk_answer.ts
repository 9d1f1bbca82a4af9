import { z } from "zod";
import { formatTable } from "../text/format.ts";
import { freeText } from "../text/free_text.ts";
import type { Container } from "../../client/mod.ts";
import { visible } from "../../client/internal.ts";
import { containerStates, shown } from "../schemas.ts";
import { postCreateAnswer, renderPostCreate } from "../creation/post_create.ts";
import { warnings } from "../host/limits.ts";
import { plan, renderPlan } from "./creation_plan.ts";

/** Result for a container. */
const results = ["done", "skipped", "failed", "cancelled", "unknown", "planned"] as const;

/** What the container printed about a failure, in a row. */
export const containerText = freeText(
  "What the container printed about the failure: data from the container; absent: nothing",
).optional();

const row = z.strictObject({
  username: z.string().describe("Owner of the container"),
  result: z.enum(results).describe(
    "skipped: see why; cancelled: not started, nothing was sent; unknown: started, its result is not " +
      "known or not yet; planned: dry_run, would be done",
  ),
  state: z.enum(containerStates).optional().describe("State, if known"),
  ip_address: z.string().optional().describe("IPv4 address, while it has one"),
  backend: z.string().optional().describe("Host it is on, if there are several"),
  cpu: z.string().optional().describe("CPU limit it got or would get: cores"),
  memory: z.string().optional().describe("Memory limit"),
  disk: z.string().optional().describe("Disk limit"),
  plan: plan.optional().describe("dry_run: what else it would be created with, defaults included"),
  code: z.string().optional().describe("Kind of failure, e.g. conflict"),
  why: z.string().optional().describe("Why, or other remarks"),
  container_text: containerText,
  next: z.string().optional().describe("What to do next"),
  post_create: postCreateAnswer.optional()
    .describe("Its template's commands that failed or were not run"),
});

const count = (what: string) => z.int().optional().describe(`How many were ${what}`);

/** Result of a call for several containers: one row each, and totals. */
export const bulkAnswer = z.strictObject({
  totals: z.strictObject({
    done: count("done"),
    skipped: count("skipped"),
    failed: count("failed"),
    cancelled: count("not started"),
    unknown: count("started, with an unknown result"),
    planned: count("only planned: dry_run"),
  }).describe("Absent: none"),
  containers: z.array(row).describe("One per container"),
  next: z.string().optional().describe("What to call next"),
  warnings,
});

/** Result for one container. */
export type Row = z.infer<typeof row>;

/** Results for several containers. */
export type BulkAnswer = z.infer<typeof bulkAnswer>;

/** Returns the columns of a row that describe the container. */
export function factsOf(
  { username, state, ipAddress, backendId }: Container,
): Omit<Row, "result"> {
  return {
    username: visible(username),
    state,
    ip_address: shown(ipAddress),
    backend: shown(backendId),
  };
}

/** Adds totals to rows. */
export function sumUp(rows: readonly Row[], next?: string): BulkAnswer {
  const totals: BulkAnswer["totals"] = {};
  for (const { result } of rows) totals[result] = (totals[result] ?? 0) + 1;
  return { totals, containers: [...rows], next };
}

/** Whether some containers failed and none succeeded; a partial failure does not fail the call. */
export function nothingWorked({ totals }: BulkAnswer): boolean {
  const { done = 0, unknown = 0, planned = 0, failed = 0 } = totals;
  return done + unknown + planned === 0 && failed > 0;
}

/** Returns the totals, a table, and the next steps, each once. */
export function renderBulk({ totals, containers, next, warnings = [] }: BulkAnswer): string {
  const all = containers.length === 1 ? "1 container" : `${containers.length} containers`;
  if (containers.length === 0) return ["No containers match.", ...nextLine(next)].join("\n");
  const sums = results.filter((result) => totals[result] !== undefined)
    .map((result) => `${totals[result]} ${result}`);
  return [
    `${all}: ${sums.join(", ")}`,
    formatTable(
      columns,
      containers.map((row) => columns.map((column) => cellOf(row, column))),
    ),
    ...containers.flatMap(containerTextOf),
    ...containers.flatMap(commandsOf),
    ...warnings,
    ...nextSteps(containers),
    ...nextLine(next),
  ].join("\n");
}

const columns = [
  "username",
  "result",
  "state",
  "ip_address",
  "cpu",
  "memory",
  "disk",
  "plan",
  "backend",
  "code",
  "why",
] as const;

function cellOf(row: Row, column: typeof columns[number]): string {
  if (column !== "plan") return row[column] ?? "";
  return row.plan === undefined ? "" : renderPlan(row.plan);
}

function nextSteps(rows: readonly Row[]): readonly string[] {
  const byStep = Map.groupBy(rows.filter(({ next }) => next !== undefined), ({ next }) => next);
  return [...byStep].map(([next, rows]) =>
    `Next for ${rows.map(({ username }) => username).join(", ")}: ${next}`
  );
}

function containerTextOf({ username, container_text: text }: Row): readonly string[] {
  return text === undefined ? [] : [`${username}:\n${text}`];
}

function commandsOf({ username, post_create: commands = [] }: Row): readonly string[] {
  return commands.length === 0 ? [] : [`${username}:\n${renderPostCreate(commands)}`];
}

function nextLine(next: string | undefined): readonly string[] {
  return next === undefined ? [] : [`Next: ${next}`];
}
