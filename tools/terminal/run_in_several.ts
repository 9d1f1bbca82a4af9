import { containerName } from "../../client/internal.ts";
import { z } from "zod";
import { fanOut } from "../bulk/fan_out.ts";
import type { Selected } from "../bulk/selection.ts";
import { containerText, type Row } from "../bulk/bulk_answer.ts";
import { thrownRow } from "../bulk/work_item.ts";
import { unlessEmpty } from "../lean.ts";
import { MAX_OUTPUT_CHARACTERS } from "../command_output.ts";
import {
  renderSnapshot,
  type SnapshotBefore,
  snapshotBefore,
  snapshotFields,
} from "../snapshot_before/snapshot_before.ts";
import type { ToolContext } from "../tool.ts";
import { outcome, renderExit, runScript, type Script } from "./outcome.ts";

/** Limits of the output, shared by all containers. */
const MIN_CHARACTERS = 200;

const { exit_code, signal, stdout, stderr, unterminated, timed_out, duration_ms } = outcome.shape;

/** Result of a script in one of several containers. */
export const row = z.strictObject({
  username: z.string().describe("Owner of the container"),
  exit_code: exit_code.optional().describe("Absent: not run, or its result is unknown"),
  signal,
  stdout,
  stderr,
  unterminated,
  omitted_bytes: z.number().optional().describe(
    "Left out of both outputs, or at least so many if a disk was full",
  ),
  timed_out,
  duration_ms: duration_ms.optional(),
  code: z.string().optional().describe("Kind of failure"),
  why: z.string().optional().describe("Why it was not run, or its result is unknown"),
  container_text: containerText,
  next: z.string().optional().describe("What to do about it"),
  ...snapshotFields,
});

/** Result of a script in one of several containers. */
export type CommandRow = z.output<typeof row>;

/**
 * Runs a script in several containers, a limited number at a time, and returns a row for each.
 *
 * @throws The signal's reason, as soon as it is aborted: what was started ends by the same signal
 */
export async function runInSeveral(
  selected: readonly Selected[],
  script: Omit<Script, "mostCharacters">,
  context: ToolContext,
): Promise<CommandRow[]> {
  const { bulkLimit, progress, signal } = context;
  const mostCharacters = Math.max(
    MIN_CHARACTERS,
    Math.floor(MAX_OUTPUT_CHARACTERS / Math.max(selected.length, 1)),
  );
  let done = 0;
  const tasks = selected.map((one) => async () =>
    await runOne(one, { ...script, mostCharacters }, context)
  );
  const fates = await fanOut(tasks, {
    limit: bulkLimit,
    stop: signal,
    onEnd: (ended) =>
      progress(++done, selected.length, `${containerName(ended.username)}: ${how(ended)}`),
    onLeft: (work) => context.continueAfterAnswer(work),
  });
  signal.throwIfAborted();
  return fates.flatMap((fate) => fate.kind === "ended" ? [fate.value] : []);
}

async function runOne(one: Selected, script: Script, context: ToolContext): Promise<CommandRow> {
  if (one.kind !== "found") return failed(one.row);
  const { username } = one.container;
  let snapshot: SnapshotBefore = {};
  try {
    snapshot = await beforeRoot(username, script.isAsRoot, context);
    const { truncated: _, ...rest } = await runScript(username, script, context);
    const { stdout_omitted_bytes: out = 0, stderr_omitted_bytes: err = 0, ...result } = rest;
    return { ...snapshot, username, ...result, omitted_bytes: unlessEmpty(out + err) };
  } catch (error) {
    return { ...snapshot, ...failed(thrownRow(username, error, context)) };
  }
}

/** Takes the snapshot that the policy may want before a command as root. */
export async function beforeRoot(
  username: string,
  isAsRoot: boolean,
  context: ToolContext,
): Promise<SnapshotBefore> {
  return isAsRoot ? await snapshotBefore("run_command as_root", username, context) : {};
}

function failed({ username, code, why, container_text: text, next }: Row): CommandRow {
  return { username, code, why, container_text: text, next };
}

/** Whether a row without an exit code is of a script that may have run. */
function isUnknown({ code }: CommandRow): boolean {
  return code === "ambiguous" || code === "cancelled";
}

function how(row: CommandRow): string {
  const { exit_code: code, duration_ms: ms, timed_out: timedOut, why, ...rest } = row;
  if (code === undefined || ms === undefined) {
    return `${withoutExit(row)}: ${why ?? "no reason given"}`;
  }
  return renderExit({ ...rest, exit_code: code, duration_ms: ms, timed_out: timedOut });
}

function withoutExit(row: CommandRow): string {
  return isUnknown(row) ? "result unknown" : "not run";
}

/** Returns the totals, each row with its outputs, and each next step once. */
export function renderRows(rows: readonly CommandRow[]): string {
  const all = rows.length === 1 ? "1 container" : `${rows.length} containers`;
  const byEnd = Map.groupBy(
    rows,
    (row) => row.exit_code === undefined ? withoutExit(row) : `exit ${row.exit_code}`,
  );
  const sums = [...byEnd].map(([end, { length }]) => `${length} ${end}`).join(", ");
  const byStep = Map.groupBy(rows.filter(({ next }) => next !== undefined), ({ next }) => next);
  return [
    rows.length === 0
      ? "No containers match.\nNext: list_containers shows which containers there are"
      : `${all}: ${sums}`,
    ...rows.flatMap((one) => [
      `${containerName(one.username)}: ${how(one)}`,
      ...[one.stdout, one.stderr, one.container_text].filter((output) => output !== undefined),
      ...renderSnapshot(one),
    ]),
    ...[...byStep].map(([next, rows]) =>
      `Next for ${rows.map(({ username }) => username).join(", ")}: ${next}`
    ),
  ].join("\n");
}
