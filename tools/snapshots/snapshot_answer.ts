/**
 * The shapes that the four tools share.
 *
 * @module
 */
import { z } from "zod";
import type { Snapshot } from "../../client/mod.ts";
import { formatTime, snapshotNameProblem } from "../../client/internal.ts";
import { time } from "../schemas.ts";
import { visible } from "../text/visible.ts";

/** A snapshot's name. */
export const snapshotName = z.string()
  .refine((name) => snapshotNameProblem(name) === undefined, {
    error: ({ input }) => snapshotNameProblem(String(input)),
  })
  .describe("Its name");

/** A snapshot as tools answer it. */
export const snapshot = z.strictObject({
  name: z.string().describe("Its name"),
  taken_at: time.optional().describe("When it was taken, UTC; absent: its name does not say"),
  used_bytes: z.number().describe("Freed if only it is deleted"),
  referenced_bytes: z.number().describe("What it holds, most of it shared with the disk"),
});

/** A snapshot's answer. */
export type SnapshotAnswer = z.infer<typeof snapshot>;

/** Turns a snapshot into an answer; others than we may have named it. */
export function snapshotAnswer(from: Snapshot): SnapshotAnswer {
  return {
    name: visible(from.name),
    taken_at: formatTime(from.takenAt),
    used_bytes: from.usedBytes,
    referenced_bytes: from.referencedBytes,
  };
}

const units = [["d", 86_400], ["h", 3_600], ["min", 60]] as const;

/** How long ago something was, in its largest unit: `3 h ago`; empty for what is not known. */
export function age(takenAt: Date | undefined, now: Date = new Date()): string {
  if (takenAt === undefined) return "";
  const seconds = (now.getTime() - takenAt.getTime()) / 1_000;
  // The host's clock, or whoever chose the name, may be ahead.
  if (seconds < 0) return "in the future";
  const [unit, length] = units.find(([, length]) => seconds >= length) ?? ["s", 1];
  return `${Math.floor(seconds / length)} ${unit} ago`;
}
