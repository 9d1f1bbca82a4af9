import { z } from "zod";
import { seconds } from "../fields.ts";
import type { ToolContext } from "../tool.ts";
import { type BulkAnswer, type Row, sumUp } from "./bulk_answer.ts";
import { fanOut, type Fate } from "./fan_out.ts";
import { thrownRow, usernameOf, type WorkItem } from "./work_item.ts";

/** How steps are carried out. */
export interface ExecuteOptions {
  /** The tool that is called. */
  readonly tool: string;
  /** Whether to only plan. */
  readonly dryRun: boolean;
  /** Returns after this many seconds, with what is still in progress. */
  readonly waitSeconds: number;
}

type Act = Extract<WorkItem, { kind: "act" }>;

/**
 * Executes the work items, a limited number at once, and reports every container once. When the time is
 * over, or the call is cancelled, nothing more is begun.
 */
export async function execute(
  steps: readonly WorkItem[],
  options: ExecuteOptions,
  context: ToolContext,
): Promise<BulkAnswer> {
  if (options.dryRun) {
    const rows = steps.map(foreseen);
    return sumUp(rows, howToGoOn(rows, options.tool));
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
    context.log("warning", `${options.tool} was cut short: ${rows.map(briefly).join(", ")}`);
  }
  return sumUp(rows, howToGoOn(rows, options.tool));
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
  }).finally(() => clearTimeout(timer));
  return new Map(acts.map((act, at) => [act, fates[at] ?? { kind: "not_begun" }]));
}

/** One progress line for each container that came to its end. */
function reporter(total: number, { progress }: ToolContext): (row: Row) => void {
  let ended = 0;
  return (row) => progress(++ended, total, lineOf(row));
}

function briefly({ username, result }: Row): string {
  return `${username}: ${result}`;
}

function lineOf(row: Row): string {
  return row.why === undefined ? briefly(row) : `${briefly(row)} (${row.why})`;
}

function foreseen(step: WorkItem): Row {
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

/** What was not begun is for another call; the rest of the arguments are to stay. */
function howToGoOn(rows: readonly Row[], tool: string): string | undefined {
  if (rows.length === 0) return "list_containers shows which containers there are";
  const left = rows.filter(({ result }) => result === "cancelled").map(({ username }) => username);
  if (left.length === 0) return undefined;
  return `call ${tool} again for those not started: ${JSON.stringify(left)}`;
}

/** The arguments that say how a call for several containers is carried out. */
export const options = {
  "dry_run": z.boolean().default(false).describe("Only show the plan"),
  "wait_seconds": seconds.default(25)
    .refine((seconds) => seconds >= 0 && seconds <= 3_600, "expected 0 to 3600 seconds")
    .describe("Answer after this long"),
};
