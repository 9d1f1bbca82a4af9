/**
 * A call as its entries have it together.
 *
 * @module
 */
import type { RecordEntry } from "../../server/record/record_entry.ts";

/** One call. */
export interface RecordedCall extends Omit<RecordEntry, "time" | "event" | "outcome"> {
  /** When its first entry was written. */
  readonly since: string;
  /** When it ended. Absent: it did not, or nobody wrote it down. */
  readonly until?: string | undefined;
  /** Whether it was carried out, at least in part. */
  readonly isBegun: boolean;
  /** How it ended; `unfinished` without an end. */
  readonly outcome: string;
}

/** Joins the entries of calls. */
export class CallsInRecord {
  readonly #open = new Map<string, RecordedCall>();

  /** Takes an entry; returns the call that it ends, if it ends one. */
  take(entry: RecordEntry): RecordedCall | undefined {
    const { time, event, outcome, ...facts } = entry;
    const before = this.#open.get(entry.call);
    const call: RecordedCall = {
      ...before,
      ...facts,
      since: before?.since ?? time,
      until: event === "ended" ? time : undefined,
      isBegun: before?.isBegun === true || event === "begun",
      outcome: outcome ?? (event === "ended" ? "unknown" : "unfinished"),
    };
    if (event !== "ended") {
      this.#open.set(entry.call, call);
      return undefined;
    }
    this.#open.delete(entry.call);
    return call;
  }

  /** Calls without an end, in the order in which they began. */
  get unfinished(): readonly RecordedCall[] {
    return [...this.#open.values()];
  }
}

/** Returns whose containers a call is about. */
export function usernamesOf({ arguments: args, results = {} }: RecordedCall): readonly string[] {
  const named = typeof args === "object" && !Array.isArray(args) ? Object.entries(args) : [];
  const names = named.flatMap(([key, value]) => {
    if (!/^(?:usernames?|owner)$/.test(key)) return [];
    return (Array.isArray(value) ? value : [value]).filter((name) => typeof name === "string");
  });
  return [...new Set([...names, ...Object.keys(results)])];
}
