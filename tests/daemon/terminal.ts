/** What the terminal handler says before it would become a WebSocket; the terminal itself is not simulated. @module */

import { authenticate, isReply } from "./auth.ts";
import type { IncomingRequest } from "./http.ts";
import { plainReply, type Reply, withHeaders } from "./reply.ts";
import { notFoundText } from "./store.ts";
import type { World } from "./world.ts";

/** Whether the path belongs to the terminal: it takes whatever ends in `/terminal`. */
export function isTerminalPath(path: string): boolean {
  return path.startsWith("/v1/containers/") && path.endsWith("/terminal");
}

/** Answers a terminal path; any valid token may look at any container here. */
export async function answerTerminal(
  request: IncomingRequest,
  path: string,
  world: World,
): Promise<Reply> {
  const caller = await authenticate(request, world, {
    missing: "unauthorized: token required for terminal access",
    invalid: "unauthorized: invalid token",
  });
  if (isReply(caller)) return caller;
  const username = path.slice("/v1/containers/".length).split("/", 1)[0] ?? "";
  const container = world.store.find(username);
  if (container === undefined) {
    return plainReply(404, `Container not found: ${notFoundText(username)}`);
  }
  if (container.state !== "CONTAINER_STATE_RUNNING") {
    const word = container.state === "CONTAINER_STATE_FROZEN" ? "Frozen" : "Stopped";
    return plainReply(400, `Container is not running (status: ${word})`);
  }
  return withHeaders(plainReply(400, "Bad Request"), { "Sec-Websocket-Version": "13" });
}
