import type { RunResult } from "../../client/mod.ts";
import { decodeBytes } from "../text/decode_bytes.ts";

/** A command and its stdin. */
export interface RootCommand {
  /** Command that the container's shell runs as the user. */
  readonly command: string;
  /** Script that runs as root, followed by its own stdin. */
  readonly stdin: Uint8Array;
}

const MISSING = "sudo: not installed";

/**
 * Makes a command run as root with `sudo -n`. The command is sent on stdin, before its own input: as an
 * argument its length would be limited, and sudo would log it.
 */
export function asRoot(command: string, stdin: string): RootCommand {
  const encoder = new TextEncoder();
  const script = encoder.encode(command);
  const bytes = script.length;
  // Only head of coreutils reliably reads no more bytes than requested.
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

/** Returns why sudo did not run the command, in its own words; `undefined` if it did. */
export function rootRefusal({ exitCode, stdout, stderr }: RunResult): string | undefined {
  if (stdout.length > 0) return undefined;
  const said = decodeBytes(stderr).trim();
  if (exitCode === 127 && said === MISSING) return MISSING;
  if (exitCode !== 1) return undefined;
  return said.split("\n").find((line) => refusals.test(line));
}

const refusals =
  /^sudo: (a password is required|a terminal is required|no tty present)|not in the sudoers file|not allowed to (execute|run)|may not run sudo/;
