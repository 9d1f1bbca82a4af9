import { assertEquals } from "@std/assert";
import type { Daemon } from "../../daemon/mod.ts";

/** An agent in a container ends commands without a heartbeat within 30 s. */
const DEADLINE_MS = 40_000;
const LOOK_EVERY_MS = 250;

const clean = { processes: [], files: [], terminals: 0 };

/**
 * Resolves when no process or connection of this server is left in a container; fails with what is
 * left when that takes too long.
 */
export async function assertClean(daemon: Daemon, username: string): Promise<void> {
  const until = performance.now() + DEADLINE_MS;
  for (;;) {
    const { processes, files } = await daemon.leftovers(username);
    const left = { processes, files, terminals: daemon.terminals(username) };
    if (processes.length + files.length + left.terminals === 0) return;
    if (performance.now() > until) assertEquals<unknown>(left, clean);
    // There is no event for the end of another process.
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
