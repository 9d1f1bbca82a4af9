import { visible } from "../../client/internal.ts";

/** Severities, most severe first; the journal's numbers are the indices. */
export const priorities = [
  "emerg",
  "alert",
  "crit",
  "err",
  "warning",
  "notice",
  "info",
  "debug",
] as const;

/** Severity. */
export type Priority = typeof priorities[number];

/** One entry of a log, as it was read. */
export interface LogEntry {
  /** When it was written, if the log has it. */
  readonly time?: Date | undefined;
  /** systemd unit. */
  readonly unit?: string | undefined;
  /** Name of the program or file that it comes from. */
  readonly identifier?: string | undefined;
  /** Severity. */
  readonly priority?: Priority | undefined;
  /** ID of the process that wrote it. */
  readonly pid?: number | undefined;
  /** Message; a byte that is not UTF-8 is the surrogate U+DC00 + byte. */
  readonly message: string;
}

/** One entry as a model reads it. */
export interface ShownEntry {
  /** RFC 3339, UTC. */
  readonly time?: string | undefined;
  /** systemd unit. */
  readonly unit?: string | undefined;
  /** Name of the program or file. */
  readonly identifier?: string | undefined;
  /** Severity. */
  readonly priority?: Priority | undefined;
  /** Message, with nothing invisible in it. */
  readonly message: string;
}

const MAX_MESSAGE_CHARS = 4_000;
const MAX_NAME_CHARS = 200;

/** Makes an entry's text visible, and shortens a very long one. */
export function showEntry(
  { time, unit, identifier, priority, message }: LogEntry,
): { readonly entry: ShownEntry; readonly isCut: boolean } {
  const shown = showText(message, MAX_MESSAGE_CHARS);
  const left = message.length - shown.taken;
  return {
    entry: {
      time: time?.toISOString(),
      unit: unit === undefined ? undefined : showName(unit),
      identifier: identifier === undefined ? undefined : showName(identifier),
      priority,
      message: left === 0 ? shown.text : `${shown.text}… [${left} characters left out]`,
    },
    isCut: left > 0,
  };
}

/**
 * Returns `2026-11-21T06:11:30Z nginx.service err message`; unknown parts are left out. Further lines
 * of a message are indented, so that they cannot pass for entries.
 */
export function entryLine({ time, unit, identifier, priority, message }: ShownEntry): string {
  const columns = unit === undefined && identifier === undefined && priority === undefined
    ? []
    : [column(unit ?? identifier ?? "-"), priority ?? "-"];
  // Most units run one program, which they are named after.
  const isOther = unit !== undefined && identifier !== undefined &&
    unit !== `${identifier}.service`;
  return [
    ...(time === undefined ? [] : [time.replace(/\.\d+Z$/, "Z")]),
    ...columns,
    ...(isOther ? [`${column(identifier)}:`] : []),
    message.replaceAll("\n", "\n  "),
  ].join(" ");
}

/** Quotes a name that could pass for several columns. */
function column(name: string): string {
  return /[\s"]/.test(name) ? JSON.stringify(name) : name;
}

function showName(name: string): string {
  const { text, taken } = showText(name, MAX_NAME_CHARS);
  return taken === name.length ? text : `${text}…`;
}

/** Returns up to `max` characters as they are shown; line ends and tabs stay. */
function showText(text: string, max: number): { readonly text: string; readonly taken: number } {
  const start = text.slice(0, max);
  const all = showAll(start);
  if (start.length === text.length && all.length <= max) return { text: all, taken: text.length };
  let shown = "";
  let taken = 0;
  for (const character of start) {
    const next = showAll(character);
    if (shown.length + next.length > max) break;
    shown += next;
    taken += character.length;
  }
  return { text: shown, taken };
}

function showAll(text: string): string {
  return text.split(/([\n\t])/).map((part, at) => at % 2 === 1 ? part : visible(part)).join("");
}
