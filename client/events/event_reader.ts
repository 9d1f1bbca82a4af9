import { Utf8Decoder } from "../text/utf8_decoder.ts";

/** One event of a `text/event-stream`. */
export interface ServerEvent {
  /** Its type; `message` if it names none. */
  readonly name: string;
  /** Its data, with its lines joined by line feeds. */
  readonly data: string;
}

/** An event or a line exceeds the maximum length. */
export class EventTooLong extends Error {
  /** Distinguishes it from other errors. */
  override readonly name = "EventTooLong";
}

/**
 * Reads a `text/event-stream` as it comes. Comments, ids and `retry` are ignored: the daemon replays nothing.
 */
export class EventReader {
  readonly #decoder = new Utf8Decoder();
  readonly #maxChars: number;
  #rest = "";
  #name = "";
  #data: string[] = [];
  #chars = 0;

  /** @param maxChars Maximum length of an event */
  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  /**
   * Takes the next bytes.
   *
   * @returns Events that they complete
   * @throws {EventTooLong} If one is longer than allowed
   */
  push(bytes: Uint8Array): readonly ServerEvent[] {
    // A CR at the end of the text may be the first half of a line end.
    const text = this.#rest + this.#decoder.push(bytes);
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    this.#bound(this.#rest);
    return lines.flatMap((line) => this.#take(line) ?? []);
  }

  #take(line: string): ServerEvent | undefined {
    if (line === "") return this.#end();
    this.#bound(line);
    const [, field = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === "event") this.#name = value;
    if (field === "data") {
      this.#data.push(value);
      this.#chars += value.length + 1;
    }
    return undefined;
  }

  #end(): ServerEvent | undefined {
    const event = { name: this.#name === "" ? "message" : this.#name, data: this.#data.join("\n") };
    const isEmpty = this.#data.length === 0;
    this.#name = "";
    this.#data = [];
    this.#chars = 0;
    return isEmpty ? undefined : event;
  }

  #bound(line: string): void {
    if (this.#chars + line.length <= this.#maxChars) return;
    throw new EventTooLong(`An event is longer than ${this.#maxChars} characters`);
  }
}
