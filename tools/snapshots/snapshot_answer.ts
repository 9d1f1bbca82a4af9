/**
 * Schemas that the four tools share.
 *
 * @module
 */
import { z } from "zod";
import type { Snapshot } from "../../client/mod.ts";
import { formatTime, snapshotNameProblem, visible } from "../../client/internal.ts";
import { time } from "../schemas.ts";

/** A snapshot's name. */
export const snapshotName = z.string()
  .refine((name) => snapshotNameProblem(name) === undefined, {
    error: ({ input }) => snapshotNameProblem(String(input)),
  })
  .describe("Its name");

/** A snapshot in a result. */
export const snapshot = z.strictObject({
  name: z.string().describe("Its name"),
  taken_at: time.optional().describe("When it was taken, UTC; absent: its name does not say"),
  used_bytes: z.number().describe("Freed if only it is deleted"),
  referenced_bytes: z.number().describe("What it holds, most of it shared with the disk"),
});

/** A snapshot in a result. */
export type SnapshotAnswer = z.infer<typeof snapshot>;

/** Returns a snapshot as a result has it; its name is text from outside. */
export function snapshotAnswer(from: Snapshot): SnapshotAnswer {
  return {
    name: visible(from.name),
    taken_at: formatTime(from.takenAt),
    used_bytes: from.usedBytes,
    referenced_bytes: from.referencedBytes,
  };
}

const units = [["d", 86_400], ["h", 3_600], ["min", 60]] as const;

/** Returns how long ago something was, in the largest unit: `3 h ago`; empty if unknown. */
export function age(takenAt: Date | undefined, now: Date = new Date()): string {
  if (takenAt === undefined) return "";
  const seconds = (now.getTime() - takenAt.getTime()) / 1_000;
  // The time may be in the future: the host's clock may be ahead, and names are chosen freely.
  if (seconds < 0) return "in the future";
  const [unit, length] = units.find(([, length]) => seconds >= length) ?? ["s", 1];
  return `${Math.floor(seconds / length)} ${unit} ago`;
}
