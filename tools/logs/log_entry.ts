import { present } from "../../client/internal.ts";
import { visible } from "../text/visible.ts";

/** How bad it is, from the worst; the journal's numbers are the places in this list. */
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

/** How bad it is. */
export type Priority = typeof priorities[number];

/** One entry of a log, as it was read. */
export interface LogEntry {
  /** When it was written, where the log says that. */
  readonly time?: Date | undefined;
  /** The systemd unit that it is of. */
  readonly unit?: string | undefined;
  /** The name under which it was written: a program's, or a file's. */
  readonly identifier?: string | undefined;
  /** How bad it is. */
  readonly priority?: Priority | undefined;
  /** The process that wrote it. */
  readonly pid?: number | undefined;
  /** What it says; a byte that is not UTF-8 is the surrogate U+DC00 + byte. */
  readonly message: string;
}

/** One entry as a model is given it. */
export interface ShownEntry {
  /** RFC 3339, UTC. */
  readonly time?: string | undefined;
  /** The systemd unit. */
  readonly unit?: string | undefined;
  /** The program or file. */
  readonly identifier?: string | undefined;
  /** How bad it is. */
  readonly priority?: Priority | undefined;
  /** What it says, nothing hidden in it. */
  readonly message: string;
}

const MAX_MESSAGE_CHARS = 4_000;
const MAX_NAME_CHARS = 200;

/** Makes an entry's text harmless and, where it is very long, shorter. */
export function showEntry(
  { time, unit, identifier, priority, message }: LogEntry,
): { readonly entry: ShownEntry; readonly isCut: boolean } {
  const shown = showText(message, MAX_MESSAGE_CHARS);
  const left = message.length - shown.taken;
  return {
    entry: {
      ...present({
        time: time?.toISOString(),
        unit: unit === undefined ? undefined : showName(unit),
        identifier: identifier === undefined ? undefined : showName(identifier),
        priority,
      }),
      message: left === 0 ? shown.text : `${shown.text}… [${left} characters left out]`,
    },
    isCut: left > 0,
  };
}

/**
 * `2026-11-21T06:11:30Z nginx.service err message`: what is not known is left out. Further lines of a
 * message are indented, so that they cannot pass for entries.
 */
export function entryLine({ time, unit, identifier, priority, message }: ShownEntry): string {
  const columns = unit === undefined && identifier === undefined && priority === undefined
    ? []
    : [column(unit ?? identifier ?? "-"), priority ?? "-"];
  // Most units run the one program that they are named after.
  const isOther = unit !== undefined && identifier !== undefined &&
    unit !== `${identifier}.service`;
  return [
    ...(time === undefined ? [] : [time.replace(/\.\d+Z$/, "Z")]),
    ...columns,
    ...(isOther ? [`${column(identifier)}:`] : []),
    message.replaceAll("\n", "\n  "),
  ].join(" ");
}

/** A name must not pass for several columns. */
function column(name: string): string {
  return /[\s"]/.test(name) ? JSON.stringify(name) : name;
}

function showName(name: string): string {
  const { text, taken } = showText(name, MAX_NAME_CHARS);
  return taken === name.length ? text : `${text}…`;
}

/** Up to so many characters, as they are shown; line ends and tabs stay. */
function showText(text: string, most: number): { readonly text: string; readonly taken: number } {
  const start = text.slice(0, most);
  const all = showAll(start);
  if (start.length === text.length && all.length <= most) return { text: all, taken: text.length };
  let shown = "";
  let taken = 0;
  for (const character of start) {
    const next = showAll(character);
    if (shown.length + next.length > most) break;
    shown += next;
    taken += character.length;
  }
  return { text: shown, taken };
}

function showAll(text: string): string {
  return text.split(/([\n\t])/).map((part, at) => at % 2 === 1 ? part : visible(part)).join("");
}
