/**
 * The process that the program runs in: its own, or one of a worker with fewer permissions.
 *
 * @module
 */

/** Returns whether this process is a binary that may read any file: one built for others. */
export function isUnconfined(): boolean {
  return Deno.build.standalone &&
    Deno.permissions.querySync({ name: "read" }).state === "granted";
}

/** Returns whether this process is a binary built for others, confined or not yet. */
export function isReleased(): boolean {
  return Deno.build.standalone && (isInWorker() || isUnconfined());
}

function isInWorker(): boolean {
  return typeof Reflect.get(globalThis, "postMessage") === "function";
}

/** Ends this process; in a worker, the one that started it. */
export function exit(code: number): void {
  const post: unknown = Reflect.get(globalThis, "postMessage");
  if (typeof post === "function") post(code);
  else Deno.exit(code);
}
