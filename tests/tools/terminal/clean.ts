import { assertEquals } from "@std/assert";
import type { Daemon } from "../../daemon/mod.ts";

/** What an agent in a container does not hear of any more it ends within 30 s. */
const DEADLINE_MS = 40_000;
const LOOK_EVERY_MS = 250;

const clean = { processes: [], files: [], terminals: 0 };

/**
 * Resolves when nothing of ours is left in a container, nor a connection to it; fails with what is
 * left when that takes too long.
 */
export async function assertClean(daemon: Daemon, username: string): Promise<void> {
  const until = performance.now() + DEADLINE_MS;
  for (;;) {
    const { processes, files } = await daemon.leftovers(username);
    const left = { processes, files, terminals: daemon.terminals(username) };
    if (processes.length + files.length + left.terminals === 0) return;
    if (performance.now() > until) assertEquals<unknown>(left, clean);
    // Nothing tells when a process has gone that is not ours.
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
