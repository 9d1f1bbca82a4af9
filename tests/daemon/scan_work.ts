/** The scans that run in the background, and the gates of those that ask for them. @module */

import { requireAdmin } from "./auth.ts";
import type { Caller } from "./jwt.ts";
import { GrpcError } from "./reply.ts";
import type { World } from "./world.ts";

/** All scans that run or wait. */
export class ScanWork {
  readonly #world: World;
  readonly #running = new Set<Promise<void>>();
  readonly #queues = new Map<string, Promise<void>>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Begins one that runs beside others. */
  begin(work: () => Promise<void>): void {
    const running = work().finally(() => this.#running.delete(running));
    // A caller that waits for all of them sees no failure: the daemon closes.
    running.catch(() => {});
    this.#running.add(running);
    this.#world.store.inBackground(running);
  }

  /** Begins one after those of its kind. */
  queue(kind: string, work: () => Promise<void>): void {
    const before = this.#queues.get(kind) ?? Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#queues.set(kind, promise);
    this.begin(async () => {
      await before;
      await work().finally(resolve);
    });
  }

  /** Resolves when none is left. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}

/** Refuses all but admins and the owner of the container, which is named in full; without a name, all but admins. */
export function requireOwner(caller: Caller, containerName: string): void {
  if (caller.admin) return;
  if (containerName === "") return requireAdmin(caller);
  const username = ownerOf(containerName);
  if (username === undefined) {
    throw new GrpcError(
      "PermissionDenied",
      `not authorized: container "${containerName}" is not owned by a tenant`,
    );
  }
  if (username === caller.username) return;
  throw new GrpcError(
    "PermissionDenied",
    `not authorized: container "${containerName}" belongs to a different tenant`,
  );
}

/** Whose a container of that full name is. */
export function ownerOf(containerName: string): string | undefined {
  return /^(.+)-container$/.exec(containerName)?.[1];
}

/** Looks like a fingerprint, and is the same for the same text. */
export function fingerprintOf(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const digest = new Uint8Array(32);
  bytes.forEach((byte, index) => {
    const at = index % 32;
    digest[at] = ((digest[at] ?? 0) * 31 + byte) & 0xff;
  });
  return digest.toHex();
}
