import type { RunResult } from "../../client/mod.ts";
import { decodeBytes } from "../text/decode_bytes.ts";

/** A command and what it reads. */
export interface RootCommand {
  /** What the container's shell runs as the user. */
  readonly command: string;
  /** The script that runs as root, then what that reads. */
  readonly stdin: Uint8Array;
}

const MISSING = "sudo: not installed";

/**
 * Makes a command run as root by `sudo -n`. It goes through stdin, in front of what it reads itself:
 * as an argument it could not be long, and would stand in the log of sudo.
 */
export function asRoot(command: string, stdin: string): RootCommand {
  const encoder = new TextEncoder();
  const script = encoder.encode(command);
  const bytes = script.length;
  // Only coreutils' head is sure to read no byte more than requested.
  const read = `if head --version >/dev/null 2>&1;then head -c ${bytes};` +
    `else dd bs=1 count=${bytes} 2>/dev/null;fi`;
  const root = `set -- "$(${read};printf x)";eval "set --;\${1%x}"`;
  const lines = [
    "if command -v bash >/dev/null 2>&1;then set -- bash;else set -- sh;fi",
    `command -v sudo >/dev/null 2>&1||{ echo '${MISSING}' >&2;exit 127;}`,
    `exec sudo -n "$1" -c '${root}'`,
  ];
  const both = new Uint8Array([...script, ...encoder.encode(stdin)]);
  return { command: lines.join("\n"), stdin: both };
}

/** Why nothing was run as root, in sudo's words; nothing when something was. */
export function rootRefusal({ exitCode, stdout, stderr }: RunResult): string | undefined {
  if (stdout.length > 0) return undefined;
  const said = decodeBytes(stderr).trim();
  if (exitCode === 127 && said === MISSING) return MISSING;
  if (exitCode !== 1) return undefined;
  return said.split("\n").find((line) => refusals.test(line));
}

const refusals =
  /^sudo: (a password is required|a terminal is required|no tty present)|not in the sudoers file|not allowed to (execute|run)|may not run sudo/;
