/**
 * What became of a key on the host, whose daemon calls a change what was none.
 *
 * @module
 */
import type { CallOptions } from "../containers.ts";
import { ContainariumError } from "../errors.ts";
import type { HostKeys } from "./host_keys.ts";
import type { KeyLine } from "./key_line.ts";
import { placeholderProblem } from "./public_key.ts";
import type { KeyReport } from "./report.ts";

/** So much of the end of an RSA key tells it from others; shorter keys are told whole. */
const TELLING_CHARS = 64;
const LONG_CHARS = 256;

/** Adds a key on the host. */
export async function addToHost(
  host: HostKeys,
  username: string,
  key: KeyLine,
  options: CallOptions,
): Promise<KeyReport> {
  const placeholder = placeholderProblem(key.text);
  if (placeholder !== undefined) return cannot(placeholder);
  return await attempt(username, async () => {
    const { before, after } = await host.add(username, key.text, options);
    return { place: "host", outcome: after > before ? "added" : "already there", keys: after };
  });
}

/** Removes a key from the host, whatever lines of it are known. */
export async function removeFromHost(
  host: HostKeys,
  username: string,
  known: readonly KeyLine[],
  options: CallOptions,
): Promise<KeyReport> {
  const [key] = known;
  if (key === undefined) {
    return cannot(
      "a key is addressed there by its whole line, which only the container could have told: give the line",
    );
  }
  const lines = [...new Set([...known.map(({ text }) => text), `${key.type} ${key.base64}`])];
  const reachable = lines.filter((line) => !line.includes("/"));
  return await attempt(username, async () => {
    const { before, after } = await host.remove(username, reachable, options);
    const left = { place: "host", keys: after } as const;
    if (after < before) return { ...left, outcome: "removed" };
    if (before === 0) return { ...left, outcome: "absent" };
    if (reachable.length < lines.length) {
      return { ...left, outcome: "cannot", why: unreachable(username, key, before) };
    }
    return { ...left, outcome: "absent", why: "with another comment there, it would not be found" };
  });
}

async function attempt(username: string, change: () => Promise<KeyReport>): Promise<KeyReport> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof ContainariumError) || error.code === "cancelled") throw error;
    return cannot(reasonOf(error, username));
  }
}

function cannot(why: string): KeyReport {
  return { place: "host", outcome: "cannot", why };
}

function reasonOf({ code, reason, message }: ContainariumError, username: string): string {
  if (reason === "no_host_account") {
    return `the host has no account ${username} (the daemon makes it when a container is created ` +
      "with SSH keys): nobody logs in through a sentinel, and without one the container's file counts";
  }
  return code === "unsupported" ? `this daemon is too old for it: ${message}` : message;
}

/** The daemon's routes end at a slash, so that such a line cannot be addressed. */
function unreachable(username: string, { base64 }: KeyLine, lines: number): string {
  const end = base64.length < LONG_CHARS ? base64 : base64.slice(-TELLING_CHARS);
  return `its text holds a "/", which the daemon's API cannot address. If it is among the ${lines} ` +
    `line${lines === 1 ? "" : "s"} there, it still logs in through a sentinel, until an operator ` +
    `removes it on the host: sudo sed -i '\\|${end}|d' /home/${username}/.ssh/authorized_keys`;
}
