import { formatBytes } from "../../tools/text/format.ts";
import { tableOf } from "../table.ts";
import type { UsageRow } from "./recent_usage.ts";

/** What rows can be sorted by, by the key that is pressed. */
export const sortKeys = {
  c: "cpu",
  m: "memory",
  d: "disk",
  n: "network",
  u: "username",
} as const;

/** What rows are sorted by. */
export type TopSort = typeof sortKeys[keyof typeof sortKeys];

const headings = ["username", "cpu", "", "memory", "", "disk", "", "network/s", ""];

/** Returns rows in order: the most first, names from A. */
export function sortRows(rows: readonly UsageRow[], by: TopSort): readonly UsageRow[] {
  const amount = (row: UsageRow): number => {
    switch (by) {
      case "cpu":
        return row.cpu.at(-1) ?? 0;
      case "memory":
        return row.memoryBytes;
      case "disk":
        return row.diskBytes;
      case "network":
        return row.network.at(-1) ?? 0;
      case "username":
        return 0;
    }
  };
  return rows.toSorted((a, b) => amount(b) - amount(a) || a.username.localeCompare(b.username));
}

/** Returns the table of what containers use, with bars and sparklines. */
export async function topTable(rows: readonly UsageRow[]): Promise<string> {
  return await tableOf(
    headings,
    rows.map(({ username, isRunning, cpu, network, ...row }) => [
      username,
      isRunning ? cpu.length === 0 ? "" : `${(cpu.at(-1) ?? 0).toFixed(0)}%` : "stopped",
      sparkline(cpu, 100),
      formatBytes(row.memoryBytes),
      bar(row.memoryPercent),
      formatBytes(row.diskBytes),
      bar(row.diskPercent),
      network.length === 0 ? "" : formatBytes(network.at(-1) ?? 0),
      sparkline(network, 1),
    ]),
    ["left", "right", "left", "right", "left", "right", "left", "right", "left"],
  );
}

const BAR_CHARS = 8;
const levels = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";

/** A bar of how much of a limit is used; nothing if there is none. */
function bar(percent: number | undefined): string {
  if (percent === undefined) return "";
  const full = Math.min(BAR_CHARS, Math.round(percent / 100 * BAR_CHARS));
  return "\u2588".repeat(full) + "\u2591".repeat(BAR_CHARS - full);
}

/** A line of what was used lately, up to the most of it, but at least `least`. */
function sparkline(points: readonly number[], least: number): string {
  const most = Math.max(least, ...points);
  return points.map((point) => levels[Math.floor(point / most * (levels.length - 1))] ?? "").join(
    "",
  );
}
