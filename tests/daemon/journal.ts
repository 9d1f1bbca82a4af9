/** A container's journal as the fake `journalctl` reads it: an entry a line, ready to be shown. @module */

import type { JournalEntry } from "./shell_types.ts";

/** journald shows longer fields as null, unless it is told to show all. */
const longFieldBytes = 4096;

const identifierOf = ({ identifier = "unknown", pid = 1 }: JournalEntry) => `${identifier}[${pid}]`;

/** The line of an entry, with its newline; the columns are told in `bin/journalctl.sh`. */
export function journalLine(entry: JournalEntry): string {
  const { message, time = new Date(), unit, identifier, priority = 6, pid = 1, own } = entry;
  const stamp = time.toISOString();
  const fields = [
    field("MESSAGE", message),
    field("PRIORITY", String(priority)),
    ...(identifier === undefined ? [] : [field("SYSLOG_IDENTIFIER", identifier)]),
    ...(unit === undefined ? [] : [field("_SYSTEMD_UNIT", unit)]),
    field("_PID", String(pid)),
    field("_UID", own === true ? "1000" : "0"),
    field("_HOSTNAME", "box"),
    field("_TRANSPORT", "syslog"),
  ];
  return [
    String(time.getTime() * 1000),
    unit ?? "",
    String(priority),
    own === true ? "1" : "0",
    oneLine(shown(message)),
    shortTime(time),
    `${stamp.slice(0, 19)}+0000`,
    identifierOf(entry),
    ...fields,
  ].join("\t") + "\n";
}

function field(name: string, value: JournalEntry["message"]): string {
  const bytes = bytesOf(value);
  const size = bytes.length;
  const json = typeof value === "string" && isText(value) ? value : value === null ? null : [
    ...bytes,
  ];
  return `${size > longFieldBytes ? "L" : "S"}${JSON.stringify(name)}:${JSON.stringify(json)}`;
}

/** Text with control characters is written as its bytes. */
function isText(value: string): boolean {
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  return !/[\x00-\x08\x0b-\x1f\x7f-\x9f]/.test(value);
}

function bytesOf(value: JournalEntry["message"]): Uint8Array {
  if (value === null) return new Uint8Array();
  return typeof value === "string" ? new TextEncoder().encode(value) : Uint8Array.from(value);
}

function shown(message: JournalEntry["message"]): string {
  if (message === null) return "";
  return typeof message === "string" && isText(message)
    ? message
    : `[${bytesOf(message).length}B blob data]`;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\t\n]/g, " ");
}

/** As in `Nov 21 08:00:00`. */
function shortTime(time: Date): string {
  const [, day, month, , clock] = time.toUTCString().split(" ");
  return `${month} ${day} ${clock}`;
}
