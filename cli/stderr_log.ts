import type { Logger } from "../client/mod.ts";
import { within } from "../client/internal.ts";
import { visible } from "../tools/mod.ts";

/** Where log lines go and which. */
export interface LineLogOptions {
  /** Whether debug lines are written too. */
  readonly debug: boolean;
  /** Takes secrets out of a line. */
  readonly redact: (text: string) => string;
  /** Takes a line, with its line end. */
  readonly write: (line: string) => void;
}

/** What waits for a client that does not read its server's stderr; more is dropped. */
const MAX_WAITING_BYTES = 1024 * 1024;
const LAST_LINES_MS = 200;

const encoder = new TextEncoder();

/** A logger that writes one line each: time, level, message. */
export function lineLogger({ debug, redact, write }: LineLogOptions): Logger {
  return (level, message) => {
    if (level === "debug" && !debug) return;
    const text = redact(message).split("\n").map(visible).join("\n    ");
    write(`${new Date().toISOString()} ${level} ${text}\n`);
  };
}

/** Writes lines to stderr, in order, and makes nothing wait for a client that does not read them. */
export class StderrLog {
  #waitingBytes = 0;
  #dropped = 0;
  #written: Promise<void> = Promise.resolve();

  /** Writes a line; drops it while too much waits to be read. */
  write(line: string): void {
    if (this.#waitingBytes > MAX_WAITING_BYTES) {
      this.#dropped++;
      return;
    }
    const note = this.#dropped === 0
      ? ""
      : `(${this.#dropped} lines were dropped: nobody read them)\n`;
    this.#dropped = 0;
    const bytes = encoder.encode(note + line);
    this.#waitingBytes += bytes.length;
    this.#written = this.#written.then(() => this.#put(bytes));
  }

  /** Waits until the last lines are out, 0.2 s at most: they are the ones that matter. */
  async flush(): Promise<void> {
    await within(this.#written, LAST_LINES_MS);
  }

  async #put(bytes: Uint8Array): Promise<void> {
    try {
      for (let rest = bytes; rest.length > 0;) {
        rest = rest.subarray(await Deno.stderr.write(rest));
      }
    } catch {
      // A client that closed our stderr does not want to know.
    } finally {
      this.#waitingBytes -= bytes.length;
    }
  }
}
