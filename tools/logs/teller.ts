import { entryLine, type ShownEntry } from "./log_entry.ts";

/** More of one new entry is not told. */
const MOST_TOLD = 500;
/** So often one is told at most. */
const INTERVAL_MS = 300;

/** Tells the newest entries of a log while it is followed, a few a second, and how many more there were. */
export class Teller {
  readonly #tell: (count: number, line: string) => void;
  #count = 0;
  #untold: ShownEntry[] = [];
  #more = 0;
  #nextAt = -Infinity;

  /** @param tell Told how many entries there were so far, and the newest in one line */
  constructor(tell: (count: number, line: string) => void) {
    this.#tell = tell;
  }

  /** Takes a new entry. */
  take(entry: ShownEntry): void {
    this.#count++;
    if (this.#untold.length > 0) this.#more++;
    this.#untold = [entry];
    if (performance.now() >= this.#nextAt) this.flush();
  }

  /** Tells what has not been told. */
  flush(): void {
    const [newest] = this.#untold;
    if (newest === undefined) return;
    // A message of several lines must not pass for several of them.
    const line = entryLine(newest).replaceAll(/[\n\t]+ */g, " ");
    const told = line.length <= MOST_TOLD ? line : `${line.slice(0, MOST_TOLD)}…`;
    this.#tell(this.#count, this.#more === 0 ? told : `${told} (and ${this.#more} before it)`);
    this.#untold = [];
    this.#more = 0;
    this.#nextAt = performance.now() + INTERVAL_MS;
  }
}
