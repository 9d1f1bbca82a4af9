/**
 * Result for a key on the host, whose daemon reports a change even if there was none.
 *
 * @module
 */
import { isGivenUp } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError } from "../errors.ts";
import { segmentProblem } from "../transport/api_path.ts";
import type { HostKeys } from "./host_keys.ts";
import type { KeyLine } from "./key_line.ts";
import { placeholderProblem } from "./public_key.ts";
import type { KeyReport } from "./report.ts";

/** Adds a key on the host. */
export async function addToHost(
  host: HostKeys,
  username: string,
  key: KeyLine,
  options: CallOptions,
): Promise<KeyReport> {
  const placeholder = placeholderProblem(key.text);
  if (placeholder !== undefined) return cannot(placeholder);
  return await attempt(username, options, async () => {
    const { before, after } = await host.add(username, key.text, options);
    return {
      place: "host",
      outcome: after > before ? "added" : "already there",
      keys: after,
      why: key.text.includes("/")
        ? 'its line contains a "/", so only an operator can remove it there'
        : undefined,
    };
  });
}

/**
 * Maximum number of lines to try per key. Each is a request, and the container's owner writes the
 * file.
 */
const MAX_LINES = 20;

/** Options of a removal from the host. */
export interface RemoveFromHostOptions extends CallOptions {
  /** Whether to keep the last line. */
  readonly spareLast: boolean;
}

/**
 * Removes the known lines of a key from the host. The daemon compares whole lines and shows none,
 * so the key is certainly gone only if no line is left.
 */
export async function removeFromHost(
  host: HostKeys,
  username: string,
  known: readonly KeyLine[],
  options: RemoveFromHostOptions,
): Promise<KeyReport> {
  const [key] = known;
  if (key === undefined) {
    return cannot(
      "keys there are addressed by the whole line, which only the container could show: pass the line",
    );
  }
  const bare = `${key.type} ${key.base64}`;
  const lines = [...new Set([key.text, bare, ...known.map(({ text }) => text)])];
  const reachable = lines.filter((line) => segmentProblem(line, "line") === undefined);
  const tried = reachable.slice(0, MAX_LINES);
  return await attempt(username, options, async () => {
    const { before, after, isSpared } = await host.remove(username, tried, options);
    const left = { place: "host", keys: after } as const;
    if (after === 0) return { ...left, outcome: before === 0 ? "absent" : "removed" };
    const removed = before - after;
    if (isSpared && removed === 0) {
      const why =
        "only 1 line is left there, and the user did not agree to its removal: call again";
      return { ...left, outcome: "cannot", why };
    }
    const untried = reachable.length - tried.length;
    if (removed === 0 && untried === 0 && reachable.length < lines.length) {
      const why = 'its text holds a "/" or is too long, which the daemon\'s API cannot address. ' +
        `If it is ${stillThere(username, key, after)}`;
      return { ...left, outcome: "cannot", why };
    }
    const done = removed === 0
      ? "no such line was found"
      : `${removed} ${removed === 1 ? "line" : "lines"} of it removed`;
    const rest = untried === 0 ? "" : `, and ${untried} more that the container has were not tried`;
    const why = `${done}${rest}. If it is under another comment ` +
      stillThere(username, key, after);
    return { ...left, outcome: "unknown", why };
  });
}

/** Explains what the remaining lines may mean: the daemon does not show them. */
function stillThere(username: string, key: KeyLine, lines: number): string {
  return `among the ${lines} ${lines === 1 ? "line" : "lines"} there, it still logs in through a ` +
    `sentinel, until an operator removes it on the host: ${operatorsCommand(username, key)}`;
}

async function attempt(
  username: string,
  { signal }: CallOptions,
  change: () => Promise<KeyReport>,
): Promise<KeyReport> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof ContainariumError) || isGivenUp(error, signal)) throw error;
    const why = reasonOf(error, username);
    // A write whose response was lost may have changed the file.
    return error.code === "ambiguous" ? { place: "host", outcome: "unknown", why } : cannot(why);
  }
}

function cannot(why: string): KeyReport {
  return { place: "host", outcome: "cannot", why };
}

function reasonOf({ code, reason, message }: ContainariumError, username: string): string {
  if (reason === "no_host_account") {
    return `the host has no account ${username} (the daemon makes it when a container is created ` +
      "with SSH keys): nobody can log in through a sentinel; without one, the container's file applies";
  }
  return code === "unsupported" ? `this daemon is too old for it: ${message}` : message;
}

/** Returns a command that deletes the lines with exactly this type and base64. */
function operatorsCommand(username: string, { type, base64 }: KeyLine): string {
  const blank = "[[:blank:]]";
  const line = `^${type.replaceAll(".", "[.]")}${blank}${blank}*${base64}\\(${blank}.*\\)*$`;
  return `sudo sed -i '\\%${line}%d' /home/${username}/.ssh/authorized_keys`;
}
