import { formatTime } from "../text/time.ts";

/** What a container says of its own deletion while it can still be recovered. */
export interface DeletionRecord {
  /** When it was deleted, by the clock of whoever did. */
  readonly deletedAt: Date;
  /** Whether it ran before. */
  readonly wasRunning: boolean;
  /** When its own time to live would have ended. Absent: it had none. */
  readonly ttlBefore?: Date | undefined;
  /** What it was deleted with, in one word: `delete_container`. */
  readonly why?: string | undefined;
  /** Whose token it was deleted with. */
  readonly by?: string | undefined;
}

/** The label that holds the record. The daemon has no other place for it. */
export const deletionLabel = "mcp-deleted";

const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`;
const word = String.raw`[\w.@-]{1,64}`;
const pattern = new RegExp(
  `^at=(${time}) was=(running|stopped) ttl=(never|${time})(?: why=(${word}))?(?: by=(${word}))?$`,
);

/** Returns a record as the label has it: `at=2026-11-26T10:00:00Z was=running ttl=never`. */
export function writeDeletionRecord(record: DeletionRecord): string {
  const { deletedAt, wasRunning, ttlBefore, why, by } = record;
  const optional = Object.entries({ why, by })
    .filter(([, text]) => text !== undefined && new RegExp(`^${word}$`).test(text))
    .map(([key, text]) => ` ${key}=${text}`);
  return `at=${formatTime(deletedAt)} was=${wasRunning ? "running" : "stopped"} ` +
    `ttl=${formatTime(ttlBefore) ?? "never"}${optional.join("")}`;
}

/**
 * Reads the label's value. Released daemons let anyone who reaches them change labels, so whatever is not
 * exactly of that form is no record.
 */
export function readDeletionRecord(value: string | undefined): DeletionRecord | undefined {
  const found = pattern.exec(value ?? "");
  if (found === null) return undefined;
  const [, at = "", was, ttl = "", why, by] = found;
  const deletedAt = new Date(at);
  const ttlBefore = ttl === "never" ? undefined : new Date(ttl);
  const isTime = [deletedAt, ttlBefore].every((time) =>
    time === undefined || !Number.isNaN(time.getTime())
  );
  return isTime ? { deletedAt, wasRunning: was === "running", ttlBefore, why, by } : undefined;
}
