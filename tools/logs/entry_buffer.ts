import { entryLine, type LogEntry, showEntry, type ShownEntry } from "./log_entry.ts";

/** The most characters of log that a model is given at once. */
export const MAX_LOG_CHARACTERS = 20_000;

/** And the most entries: an empty one is hardly a character. */
export const MAX_ENTRIES = 2_000;

/** Keeps the newest entries that a model can be given, and counts the others. */
export class Newest {
  #kept: { readonly entry: ShownEntry; readonly length: number; readonly isCut: boolean }[] = [];
  /** Where the oldest that is kept stands; what is before it goes when it is as much again. */
  #oldest = 0;
  #length = 0;
  #leftOut = 0;

  /** Takes the next entry, newer than all before, and gives it as it is shown. */
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

  /** Notes that there are so many entries more, all of them older. */
  leaveOut(count: number): void {
    this.#leftOut += count;
  }

  /** What is kept, oldest first. */
  get entries(): readonly ShownEntry[] {
    return this.#kept.slice(this.#oldest).map(({ entry }) => entry);
  }

  /** How many entries are not. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Whether anything is left out of what is kept. */
  get isCut(): boolean {
    return this.#kept.slice(this.#oldest).some(({ isCut }) => isCut);
  }
}

/** More of one new entry is not reported. */
const MAX_LINE_CHARS = 500;

/** Reports the newest entry of a log that is followed. How often it reaches the client is not decided here. */
export class Teller {
  readonly #tell: (count: number, line: string) => void;
  #count = 0;

  /** @param tell Takes how many entries there were so far, and the newest in one line */
  constructor(tell: (count: number, line: string) => void) {
    this.#tell = tell;
  }

  /** Takes a new entry. */
  take(entry: ShownEntry): void {
    this.#count++;
    // A message of several lines must not pass for several of them.
    const line = entryLine(entry).replaceAll(/[\n\t]+ */g, " ");
    const shown = line.length <= MAX_LINE_CHARS ? line : `${line.slice(0, MAX_LINE_CHARS)}…`;
    this.#tell(this.#count, shown);
  }
}
