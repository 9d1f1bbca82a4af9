/**
 * Filters terminal output before the emulator sees it. The emulator repeats a control function as often as
 * requested, in one go: `\x1b[2000000000S` would keep this process busy indefinitely.
 *
 * @module
 */

/** Unit of input for the emulator: text, or one complete control function. */
export interface Unit {
  /** Characters. */
  readonly text: string;
  /** Cost for the emulator, in printed characters. */
  readonly weight: number;
  /** Whether it must be written by itself. */
  readonly isWhole?: boolean | undefined;
}

/** A screen's size. */
export interface Size {
  /** Columns. */
  readonly cols: number;
  /** Rows. */
  readonly rows: number;
}

/** State between two pieces of output. */
type State =
  | { readonly kind: "text" }
  | { readonly kind: "escape"; readonly held: string }
  | { readonly kind: "control"; readonly held: string }
  /** A string for the terminal, which is not shown. */
  | { readonly kind: "device"; readonly held: string }
  | { readonly kind: "ignored"; readonly endsWithBell: boolean };

/** Larger than any screen and any mode number. */
const MAX_PARAMETER = 9_999;
/** The emulator accepts 32 parameters. */
const MAX_SEQUENCE_CHARS = 256;
const MAX_QUERY_CHARS = 16;
/** Maximum length of text in one unit. */
const MAX_TEXT_CHARS = 512;
const LIGHT = 4;
/** Changes a whole screen. */
const HEAVY = 100;

const text: State = { kind: "text" };
// deno-lint-ignore no-control-regex -- these start a control function within text
const introducers = /[\x1b\x80-\x9f]/g;
// deno-lint-ignore no-control-regex -- these end a string for the terminal
const terminators = /[\x07\x18\x1a\x1b\x80-\x9f]/g;
// deno-lint-ignore no-control-regex -- these end an unfinished function
const breakers = /[\x18\x1a\x1b\x80-\x9f]/;
const controlSequence = /^([<=>?]?)([\d:;]*)([ -/]{0,2})([@-~])$/;

/** Passes on what changes a screen: complete functions only, with counts no larger than the screen. */
export class ControlFilter {
  readonly #size: Size;
  #state: State = text;

  /** @param size Size of the screen */
  constructor(size: Size) {
    this.#size = size;
  }

  /** Filters the next piece, wherever it is split, and returns units for the emulator. */
  push(piece: string): readonly Unit[] {
    const units: Unit[] = [];
    for (let at = 0; at < piece.length;) at = this.#step(piece, at, units);
    return units;
  }

  #step(piece: string, at: number, units: Unit[]): number {
    switch (this.#state.kind) {
      case "text": {
        const end = find(introducers, piece, at);
        cut(piece.slice(at, end), units);
        return end < piece.length ? this.#begin(piece.charAt(end), units, end) : end;
      }
      case "ignored": {
        const end = find(terminators, piece, at);
        if (end === piece.length) return end;
        const character = piece.charAt(end);
        if (character === "\x07" && !this.#state.endsWithBell) return end + 1;
        if (this.#state.endsWithBell) units.push(nothing);
        return this.#begin(character, units, end);
      }
      default:
        return this.#continue(this.#state, piece.charAt(at), units, at);
    }
  }

  /** Handles a character that starts something new in any state. */
  #begin(character: string, units: Unit[], at: number): number {
    this.#state = text;
    switch (character) {
      case "\x1b":
        this.#state = { kind: "escape", held: "" };
        break;
      case "\x9b":
        this.#state = { kind: "control", held: "" };
        break;
      case "\x90":
        this.#state = { kind: "device", held: "" };
        break;
      case "\x9d":
        this.#state = { kind: "ignored", endsWithBell: true };
        break;
      case "\x98":
      case "\x9e":
      case "\x9f":
        this.#state = { kind: "ignored", endsWithBell: false };
        break;
      // These only end a string or an unfinished function.
      case "\x07":
      case "\x18":
      case "\x1a":
      case "\x9c":
        break;
      default:
        units.push({ text: character, weight: LIGHT });
    }
    return at + 1;
  }

  #continue(
    state: Extract<State, { readonly held: string }>,
    character: string,
    units: Unit[],
    at: number,
  ): number {
    if (state.kind === "device") return this.#device(state.held, character, units, at);
    if (breakers.test(character)) return this.#begin(character, units, at);
    // Other control characters are executed within it.
    if (character < " ") units.push({ text: character, weight: LIGHT });
    else if (character > "~") this.#state = character === "\x7f" ? state : text;
    else if (state.kind === "escape") this.#escape(state.held + character, units);
    else this.#control(state.held + character, units);
    return at + 1;
  }

  #escape(held: string, units: Unit[]): void {
    if (/^[ -/]+$/.test(held)) {
      this.#state = { kind: "escape", held: held.slice(0, 3) };
      return;
    }
    this.#state = text;
    if (held.length > 3) return;
    switch (held) {
      case "[":
        this.#state = { kind: "control", held: "" };
        return;
      case "P":
        this.#state = { kind: "device", held: "" };
        return;
      case "]":
        this.#state = { kind: "ignored", endsWithBell: true };
        return;
      case "X":
      case "^":
      case "_":
        this.#state = { kind: "ignored", endsWithBell: false };
        return;
      default:
        units.push(unitOf(`\x1b${held}`, /^(?:c|#8)$/.test(held) ? HEAVY : LIGHT));
    }
  }

  #control(held: string, units: Unit[]): void {
    if (!/[@-~]$/.test(held)) {
      // If it is too long, it is no control function any more.
      this.#state = { kind: "control", held: held.slice(0, MAX_SEQUENCE_CHARS) };
      return;
    }
    this.#state = text;
    const [, prefix, parameters = "", between, final = ""] = controlSequence.exec(held) ?? [];
    if (prefix === undefined || held.length > MAX_SEQUENCE_CHARS) return;
    const most = prefix === "" && between === "" ? mostOf(final, this.#size) : undefined;
    const clamped = parameters.replaceAll(
      /\d+/g,
      (digits) => String(Math.min(Number(digits), most ?? MAX_PARAMETER)),
    );
    const isLight = most === undefined && /[A-HKP@X`a-gmnqrsu]/.test(final) && between === "";
    const weight = isLight ? LIGHT : HEAVY + (most ?? 0);
    units.push(unitOf(`\x1b[${prefix}${clamped}${between}${final}`, weight));
  }

  /** The emulator answers only strings that query a setting. */
  #device(held: string, character: string, units: Unit[], at: number): number {
    if (!breakers.test(character)) {
      if (held.length > MAX_QUERY_CHARS) this.#state = { kind: "ignored", endsWithBell: false };
      else this.#state = { kind: "device", held: held + character };
      return at + 1;
    }
    if (/^\d{0,4}\$q[ -~]*$/.test(held) && "\x1b\x9c".includes(character)) {
      units.push({ text: `\x1bP${held}\x1b\\`, weight: LIGHT });
    }
    return this.#begin(character, units, at);
  }
}

function unitOf(text: string, weight: number): Unit {
  return weight < HEAVY ? { text, weight } : { text, weight, isWhole: true };
}

/** Replaces a dropped function with one that does nothing: after a function, REP repeats no character. */
const nothing = unitOf("\x1b\\", LIGHT);

/** Returns how many repetitions of a function can change something; `undefined` if it is not repeated. */
function mostOf(final: string, { cols, rows }: Size): number | undefined {
  if (/[LMST]/.test(final)) return rows;
  return /[IZb]/.test(final) ? cols : undefined;
}

function find(pattern: RegExp, piece: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(piece)?.index ?? piece.length;
}

/** Splits text, but never between the surrogates of a character. */
function cut(piece: string, units: Unit[]): void {
  for (let at = 0; at < piece.length;) {
    const end = at + MAX_TEXT_CHARS;
    const isSplit = end < piece.length && /[\uD800-\uDBFF]/.test(piece.charAt(end - 1));
    const part = piece.slice(at, isSplit ? end - 1 : end);
    units.push({ text: part, weight: part.length });
    at += part.length;
  }
}
