import type { Logger } from "../client/mod.ts";
import { visible } from "../tools/mod.ts";

/** Where log lines go and which. */
export interface StderrLogOptions {
  /** Whether debug lines are written too. */
  readonly debug: boolean;
  /** Takes secrets out of a line. */
  readonly redact: (text: string) => string;
}

/**
 * A logger that writes to stderr, one line each: time, level, message. Written at once and in
 * order, since the last line before an exit is the one that matters.
 */
export function stderrLogger({ debug, redact }: StderrLogOptions): Logger {
  const encoder = new TextEncoder();
  return (level, message) => {
    if (level === "debug" && !debug) return;
    const text = redact(message).split("\n").map(visible).join("\n    ");
    writeStderr(encoder.encode(`${new Date().toISOString()} ${level} ${text}\n`));
  };
}

function writeStderr(bytes: Uint8Array): void {
  try {
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(Deno.stderr.writeSync(rest));
  } catch {
    // A client that closed our stderr does not want to know.
  }
}
