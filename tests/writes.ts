import type { Daemon } from "./daemon/mod.ts";

/** Returns what a daemon was sent that is no read: `POST /v1/containers`. */
export function writes(daemon: Daemon): readonly string[] {
  return daemon.requests.filter(({ method }) => method !== "GET")
    .map(({ method, path }) => `${method} ${path}`);
}
