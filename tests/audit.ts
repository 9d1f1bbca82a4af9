/** Reads what Deno's permission audit (`DENO_AUDIT_PERMISSIONS`) wrote of one process. @module */
import { assert } from "@std/assert";

/** What a process was granted. */
export interface Granted {
  /** The variables that it may read. */
  readonly env: readonly string[];
  /** The hosts, with ports, that it may reach. */
  readonly hosts: readonly string[];
  /** The files and folders that it may read. @default {[]} */
  readonly read?: readonly string[];
  /** The files and folders that it may write. @default {[]} */
  readonly write?: readonly string[];
}

/** A permission that a process asked for, whether it got it or not. */
interface Asked {
  readonly permission: string;
  readonly value: string | null;
}

/** Fails when the process asked for more than it was granted, or when nothing was written of it. */
export async function checkAudit(file: string, granted: Granted): Promise<void> {
  const lines = (await Deno.readTextFile(file)).split("\n").filter((line) => line !== "");
  assert(lines.length > 0, "The permission audit is empty");
  for (const line of lines) {
    const asked: Asked = JSON.parse(line);
    assert(isGranted(asked, granted), `The server asked for more than is shipped: ${line}`);
  }
}

function isGranted(
  { permission, value }: Asked,
  { env, hosts, read = [], write = [] }: Granted,
): boolean {
  if (value === null) return false;
  switch (permission) {
    case "env":
      return env.includes(value);
    case "net":
      return hosts.includes(hostOf(value));
    case "read":
      return isBelow(read, value);
    case "write":
      return isBelow(write, value);
    default:
      return false;
  }
}

function isBelow(places: readonly string[], path: string): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`));
}

/** `fetch` asks for a URL, sockets ask for host and port. */
function hostOf(asked: string): string {
  return asked.includes("://") ? new URL(asked).host : asked;
}
