import { ControlFilter, type Size, type Unit } from "./control_filter.ts";

/** Maximum of pending output, in printed characters; more is dropped. */
const MAX_PENDING_WEIGHT = 4_000_000;
/** Text and small functions are written to the emulator together. */
const MAX_SLICE_CHARS = 1_024;
/** How much is written before the event loop continues. */
const MAX_TURN_CHARS = 16_384;
/** How long a view waits for pending output. */
const SETTLE_MS = 5_000;

/** Queue of output for the emulator: written in small parts, and bounded. */
export class Intake {
  readonly #size: Size;
  #filter: ControlFilter;
  readonly #take: (unit: Unit) => void;
  #waiting: Unit[] = [];
  /** How many of them were written. */
  #at = 0;
  /** Weight of the others. */
  #pending = 0;
  #skipped = 0;
  #isSkipping = false;
  #pushed = 0;
  #taken = 0;
  #isRunning = false;
  #looks: { readonly until: number; readonly resolve: () => void }[] = [];

  /**
   * @param size Size of the screen
   * @param take Writes a part to the emulator
   */
  constructor(size: Size, take: (unit: Unit) => void) {
    this.#size = size;
    this.#filter = new ControlFilter(size);
    this.#take = take;
  }

  /** Adds the next piece. */
  push(text: string): void {
    if (this.#pending > MAX_PENDING_WEIGHT) {
      this.#skipped += text.length;
      this.#isSkipping = true;
      return;
    }
    // An unfinished function may have ended in the dropped part: the next piece must not continue it.
    if (this.#isSkipping) this.#filter = new ControlFilter(this.#size);
    this.#isSkipping = false;
    for (const slice of slicesOf(this.#filter.push(text))) {
      this.#waiting.push(slice);
      this.#pending += slice.weight;
      this.#pushed++;
    }
    this.#run();
  }

  /** Resolves when pending output is on the screen, or after the time that a view waits. */
  async settled(): Promise<void> {
    if (!this.#isRunning) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, SETTLE_MS);
    this.#looks.push({ until: this.#pushed, resolve });
    await promise;
    clearTimeout(timer);
  }

  /** Returns how many characters were dropped since the last call. */
  takeSkipped(): number {
    const skipped = this.#skipped;
    this.#skipped = 0;
    return skipped;
  }

  #run(): void {
    if (this.#isRunning || this.#at === this.#waiting.length) return;
    this.#isRunning = true;
    setTimeout(() => this.#turn());
  }

  #turn(): void {
    for (let room = MAX_TURN_CHARS; room > 0; this.#at++) {
      const unit = this.#waiting[this.#at];
      if (unit === undefined) break;
      room -= unit.weight;
      this.#pending -= unit.weight;
      this.#taken++;
      this.#take(unit);
    }
    if (this.#at * 2 >= this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#at);
      this.#at = 0;
    }
    this.#isRunning = false;
    const isDone = ({ until }: { readonly until: number }) => until <= this.#taken;
    for (const { resolve } of this.#looks.filter(isDone)) resolve();
    this.#looks = this.#looks.filter((look) => !isDone(look));
    this.#run();
  }
}

/** Joins small units. */
function slicesOf(units: readonly Unit[]): readonly Unit[] {
  const slices: Unit[] = [];
  let text = "";
  let weight = 0;
  const end = () => {
    if (text !== "") slices.push({ text, weight });
    text = "";
    weight = 0;
  };
  for (const unit of units) {
    if (unit.isWhole === true || weight + unit.weight > MAX_SLICE_CHARS) end();
    text += unit.text;
    weight += unit.weight;
    if (unit.isWhole === true) end();
  }
  end();
  return slices;
}
