import type { RecordEntry, RecordEvent } from "../../server/record/record_entry.ts";

const events: readonly RecordEvent[] = ["asked", "begun", "ended"];

/** With what each entry begins. In the middle of one, quotes are escaped. */
const START = '{"time":"';

/**
 * Reads a line of a record. Before an entry there can be a fragment of another, which a full disk left.
 *
 * @returns `undefined` if the line is no entry
 */
export function entryIn(line: string): RecordEntry | undefined {
  const start = line.lastIndexOf(START);
  if (start === -1) return undefined;
  try {
    const value: unknown = JSON.parse(line.slice(start));
    return isEntry(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What all entries have; what some have is read by its type where it is used. */
function isEntry(value: unknown): value is RecordEntry {
  if (typeof value !== "object" || value === null) return false;
  const { time, event, call, conversation, tool }: Partial<Record<string, unknown>> = { ...value };
  return typeof time === "string" && !Number.isNaN(Date.parse(time)) &&
    typeof call === "string" && typeof conversation === "string" && typeof tool === "string" &&
    events.some((known) => known === event);
}
