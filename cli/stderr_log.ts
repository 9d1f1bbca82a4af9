import type { Logger } from "../client/mod.ts";
import { visible, within } from "../client/internal.ts";

/** Options of a logger. */
export interface LineLogOptions {
  /** Whether to write debug lines. */
  readonly debug: boolean;
  /** Removes secrets from a line. */
  readonly redact: (text: string) => string;
  /** Writes a line, including its newline. */
  readonly write: (line: string) => void;
}

/** Maximum backlog for a client that does not read stderr; more is dropped. */
const MAX_WAITING_BYTES = 1024 * 1024;
const LAST_LINES_MS = 200;
/** Nobody waits for the end of a start that failed, and why it did must not be lost on a busy machine. */
const LAST_REASON_MS = 3_000;

const encoder = new TextEncoder();

/** Returns a logger that writes one line per message: time, level, message. */
export function lineLogger({ debug, redact, write }: LineLogOptions): Logger {
  return (level, message) => {
    if (level === "debug" && !debug) return;
    const text = redact(message).split("\n").map(visible).join("\n    ");
    write(`${new Date().toISOString()} ${level} ${text}\n`);
  };
}

/** Writes lines to stderr in order, and never blocks on a client that does not read them. */
export class StderrLog {
  #waitingBytes = 0;
  #dropped = 0;
  #written: Promise<void> = Promise.resolve();
  readonly #stderr: Pick<typeof Deno.stderr, "write">;

  /** @param stderr Where the lines go */
  constructor(stderr: Pick<typeof Deno.stderr, "write"> = Deno.stderr) {
    this.#stderr = stderr;
  }

  /** Writes a line, or drops it while the backlog is full. */
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

  /** Waits for the last lines, 0.2 s at most, or 3 s if they say why the process fails: they matter most. */
  async flush({ failed = false }: { readonly failed?: boolean } = {}): Promise<void> {
    await within(this.#written, failed ? LAST_REASON_MS : LAST_LINES_MS);
  }

  async #put(bytes: Uint8Array): Promise<void> {
    try {
      for (let rest = bytes; rest.length > 0;) {
        rest = rest.subarray(await this.#stderr.write(rest));
      }
    } catch {
      // The client closed stderr: nobody reads the log.
    } finally {
      this.#waitingBytes -= bytes.length;
    }
  }
}
