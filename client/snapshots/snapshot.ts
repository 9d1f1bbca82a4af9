import { readNumber, readObject, readText } from "../wire.ts";
import { timeInName } from "./name.ts";

/** What a container's disk was at one moment. */
export interface Snapshot {
  /** Its name; others than this client may have given it one that cannot be addressed here. */
  readonly name: string;
  /** What is freed when it alone is deleted, in bytes. */
  readonly usedBytes: number;
  /** What it holds, in bytes, most of it shared with the disk as it is. */
  readonly referencedBytes: number;
  /** When it was taken, if its name says so; the daemon does not. */
  readonly takenAt?: Date | undefined;
}

/**
 * Whether two readings are of one snapshot, as far as the daemon shows: what a snapshot holds never
 * changes, so that another size means another snapshot. One of the same size is not told apart.
 */
export function isSameSnapshot(one: Snapshot, other: Snapshot): boolean {
  return one.name === other.name && one.referencedBytes === other.referencedBytes;
}

/** Reads the daemon's Snapshot message. */
export function readSnapshot(value: unknown): Snapshot {
  const wire = readObject(value, "snapshot");
  const name = readText(wire.name) ?? "";
  return {
    name,
    usedBytes: readNumber(wire.usedBytes),
    referencedBytes: readNumber(wire.referencedBytes),
    takenAt: timeInName(name),
  };
}
