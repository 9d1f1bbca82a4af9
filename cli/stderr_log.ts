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
let waitingBytes = 0;
let dropped = 0;
let written: Promise<void> = Promise.resolve();

/** A logger that writes one line each: time, level, message. */
export function lineLogger({ debug, redact, write }: LineLogOptions): Logger {
  return (level, message) => {
    if (level === "debug" && !debug) return;
    const text = redact(message).split("\n").map(visible).join("\n    ");
    write(`${new Date().toISOString()} ${level} ${text}\n`);
  };
}

/** Waits until the last lines are out, 0.2 s at most: they are the ones that matter. */
export async function flushStderr(): Promise<void> {
  await within(written, LAST_LINES_MS);
}

/** Writes to stderr, in order, and without making anything wait for a client that does not read it. */
export function writeStderr(line: string): void {
  if (waitingBytes > MAX_WAITING_BYTES) {
    dropped++;
    return;
  }
  const note = dropped === 0 ? "" : `(${dropped} lines were dropped: nobody read them)\n`;
  dropped = 0;
  const bytes = encoder.encode(note + line);
  waitingBytes += bytes.length;
  written = written.then(() => put(bytes));
}

async function put(bytes: Uint8Array): Promise<void> {
  try {
    for (let rest = bytes; rest.length > 0;) {
      rest = rest.subarray(await Deno.stderr.write(rest));
    }
  } catch {
    // A client that closed our stderr does not want to know.
  } finally {
    waitingBytes -= bytes.length;
  }
}
