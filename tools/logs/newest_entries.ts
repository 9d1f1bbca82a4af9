import { entryLine, type LogEntry, showEntry, type ShownEntry } from "./log_entry.ts";

/** Maximum number of characters of a log that one result holds. */
export const MAX_LOG_CHARACTERS = 20_000;

/** Maximum number of entries: empty ones have hardly any characters. */
export const MAX_ENTRIES = 2_000;

/** Keeps the newest entries that fit in a result, and counts the others. */
export class NewestEntries {
  #kept: { readonly entry: ShownEntry; readonly length: number; readonly isCut: boolean }[] = [];
  /** Index of the oldest kept entry. What is before it is freed once it is as long as what is kept. */
  #oldest = 0;
  #length = 0;
  #leftOut = 0;

  /** Adds the next entry, newer than all before it, and returns it as it is shown. */
  push(from: LogEntry): ShownEntry {
    const { entry, isCut } = showEntry(from);
    const length = entryLine(entry).length + 1;
    this.#kept.push({ entry, length, isCut });
    this.#length += length;
    while (this.#length > MAX_LOG_CHARACTERS || this.#kept.length - this.#oldest > MAX_ENTRIES) {
      this.#length -= this.#kept[this.#oldest++]?.length ?? Infinity;
      this.#leftOut++;
    }
    if (this.#oldest > MAX_ENTRIES) {
      this.#kept = this.#kept.slice(this.#oldest);
      this.#oldest = 0;
    }
    return entry;
  }

  /** Counts entries that were never added, all of them older. */
  leaveOut(count: number): void {
    this.#leftOut += count;
  }

  /** Kept entries, oldest first. */
  get entries(): readonly ShownEntry[] {
    return this.#kept.slice(this.#oldest).map(({ entry }) => entry);
  }

  /** Number of entries that were left out. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Whether the message of a kept entry is shortened. */
  get isCut(): boolean {
    return this.#kept.slice(this.#oldest).some(({ isCut }) => isCut);
  }
}
