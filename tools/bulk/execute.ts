import { z } from "zod";
import { seconds } from "../fields.ts";
import type { ToolContext } from "../tool.ts";
import { type BulkAnswer, type Row, sumUp } from "./bulk_answer.ts";
import { fanOut, type Fate } from "./fan_out.ts";
import { thrownRow, usernameOf, type WorkItem } from "./work_item.ts";

/** How work items are executed. */
export interface ExecuteOptions {
  /** Name of the tool. */
  readonly tool: string;
  /** Whether to only plan. */
  readonly dryRun: boolean;
  /** Returns after this many seconds, with what is still in progress. */
  readonly waitSeconds: number;
}

type Act = Extract<WorkItem, { kind: "act" }>;

/**
 * Executes the work items, a limited number at a time, and reports every container once. When the time is
 * over or the call is cancelled, no more are started.
 */
export async function execute(
  steps: readonly WorkItem[],
  options: ExecuteOptions,
  context: ToolContext,
): Promise<BulkAnswer> {
  if (options.dryRun) {
    const rows = steps.map(plannedRow);
    return sumUp(rows, nextCall(rows, options.tool));
  }
  const report = reporter(steps.length, context);
  const acts = steps.filter((step) => step.kind === "act");
  for (const step of steps) if (step.kind === "decided") report(step.row);
  const fates = await run(acts, options, report, context);
  const rows = steps.map((step) => {
    if (step.kind === "decided") return step.row;
    return rowOf(step, fates.get(step) ?? { kind: "not_begun" }, context);
  });
  const isCutShort = [...fates.values()].some(({ kind }) => kind !== "ended");
  if (context.signal.aborted && isCutShort) {
    context.log("warning", `${options.tool} was cut short: ${rows.map(resultOf).join(", ")}`);
  }
  return sumUp(rows, nextCall(rows, options.tool));
}

async function run(
  acts: readonly Act[],
  { tool, waitSeconds }: ExecuteOptions,
  report: (row: Row) => void,
  context: ToolContext,
): Promise<ReadonlyMap<Act, Fate<Row>>> {
  const timeOver = new AbortController();
  const timer = setTimeout(() => timeOver.abort(), waitSeconds * 1_000);
  const tasks = acts.map((act) => () =>
    act.act().catch((error: unknown) => thrownRow(usernameOf(act), error, context))
  );
  const fates = await fanOut(tasks, {
    limit: context.bulkLimit,
    stop: AbortSignal.any([context.signal, timeOver.signal]),
    onEnd: (row, isLate) =>
      isLate ? context.log("info", `${tool}, after its answer: ${lineOf(row)}`) : report(row),
    onLeft: (work) => context.continueAfterAnswer(work),
  }).finally(() => clearTimeout(timer));
  return new Map(acts.map((act, at) => [act, fates[at] ?? { kind: "not_begun" }]));
}

/** Returns a function that reports each finished container as progress. */
function reporter(total: number, { progress }: ToolContext): (row: Row) => void {
  let ended = 0;
  return (row) => progress(++ended, total, lineOf(row));
}

function resultOf({ username, result }: Row): string {
  return `${username}: ${result}`;
}

function lineOf(row: Row): string {
  return row.why === undefined ? resultOf(row) : `${resultOf(row)} (${row.why})`;
}

function plannedRow(step: WorkItem): Row {
  return step.kind === "decided" ? step.row : step.expected;
}

function rowOf(act: Act, fate: Fate<Row>, { signal }: ToolContext): Row {
  switch (fate.kind) {
    case "ended":
      return fate.value;
    case "under_way":
      return act.underWay;
    case "not_begun":
      return {
        username: usernameOf(act),
        result: "cancelled",
        why: `not started when the ${signal.aborted ? "call was cancelled" : "wait was over"}`,
      };
  }
}

/** Returns the next call, for the containers that were not started. */
function nextCall(rows: readonly Row[], tool: string): string | undefined {
  if (rows.length === 0) return "list_containers shows which containers there are";
  const left = rows.filter(({ result }) => result === "cancelled").map(({ username }) => username);
  if (left.length === 0) return undefined;
  return `call ${tool} again for those not started: ${JSON.stringify(left)}`;
}

/** Arguments on how to execute a call for several containers. */
export const options = {
  "dry_run": z.boolean().default(false).describe("Only show the plan"),
  "wait_seconds": seconds.default(25)
    .refine((seconds) => seconds >= 0 && seconds <= 3_600, "expected 0 to 3600 seconds")
    .describe("Answer after this long"),
};
