import { visible } from "../../client/internal.ts";
import { type RecordedCall, usernamesOf } from "./recorded_call.ts";

const MAX_NAMES = 5;
const widths = [20, 10, 20, 16, 15, 7, 24, 0];

/** The headings of the lines. */
export const callHeading: string = lineOf([
  "began",
  "outcome",
  "tool",
  "username",
  "consent",
  "took",
  "client",
  "why",
]);

/** Returns a call in one line. */
export function renderCall(call: RecordedCall): string {
  const { since, until, outcome, tool, consent, client, code, reason, isBegun } = call;
  const took = until === undefined || !isBegun
    ? ""
    : seconds(Date.parse(until) - Date.parse(since));
  const names = usernamesOf(call);
  const left = names.length - MAX_NAMES;
  return lineOf([
    since.slice(0, 19) + "Z",
    isBegun || outcome === "refused" || outcome === "unfinished"
      ? outcome
      : `${outcome}, not begun`,
    tool,
    [...names.slice(0, MAX_NAMES), ...(left > 0 ? [`${left} more`] : [])].join(","),
    consent?.answer ?? "",
    took,
    client === undefined ? "" : `${client.name} ${client.version}`,
    [code, reason].filter((part) => part !== undefined).join(" "),
  ]);
}

function lineOf(cells: readonly string[]): string {
  const line = cells.map((cell, at) => visible(cell).padEnd(widths[at] ?? 0)).join("  ");
  return `${line.trimEnd()}\n`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** Returns a call as one line of JSON, each hidden character escaped. */
export function jsonOf(call: RecordedCall): string {
  const { isBegun, since, until, ...facts } = call;
  const json = JSON.stringify({ since, until, begun: isBegun, ...facts });
  return `${json.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escaped)}\n`;
}

function escaped(text: string): string {
  return Array.from(
    { length: text.length },
    (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`,
  ).join("");
}
