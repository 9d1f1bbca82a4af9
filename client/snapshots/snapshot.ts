import { readNumber, readObject, readText } from "../wire.ts";
import { timeInName } from "./name.ts";

/** A container's disk at one moment. */
export interface Snapshot {
  /** Its name. Other clients may use names that this one cannot address. */
  readonly name: string;
  /** Bytes freed if only it is deleted. */
  readonly usedBytes: number;
  /** Bytes that it refers to, mostly shared with the current disk. */
  readonly referencedBytes: number;
  /** When it was taken, read from its name; the daemon does not report it. */
  readonly takenAt?: Date | undefined;
}

/**
 * Returns whether two readings are of the same snapshot, as far as the daemon shows: a snapshot
 * never changes, so another size means another snapshot. Two of the same size look alike.
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
