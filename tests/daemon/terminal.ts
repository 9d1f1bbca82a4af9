/** What the terminal handler looks at before it becomes a WebSocket. @module */

import { authenticate, isReply } from "./auth.ts";
import type { IncomingRequest } from "./http.ts";
import { healthyPeers, peerRows } from "./peers.ts";
import { plainReply, type Reply, withHeaders } from "./reply.ts";
import { notFoundText } from "./store.ts";
import { isSince, type World } from "./world.ts";

/** The subprotocol that says that the next one is the token. */
export const bearerProtocol = "containarium.bearer";

const defaultOrigins = ["http://localhost:3000", "http://localhost:8080", "http://localhost"];

/** Whether the path belongs to the terminal: it takes whatever ends in `/terminal`. */
export function isTerminalPath(path: string): boolean {
  return path.startsWith("/v1/containers/") && path.endsWith("/terminal");
}

/** Answers a terminal path that does not ask for a WebSocket, or would be refused one. */
export async function answerTerminal(
  request: IncomingRequest,
  path: string,
  world: World,
): Promise<Reply> {
  const username = await admitTerminal(request, path, world);
  return typeof username === "string" ? refusedUpgrade(400, "Bad Request") : username;
}

/** Whose terminal is to be opened, or why none; any valid token may open any container's. */
export async function admitTerminal(
  request: IncomingRequest,
  path: string,
  world: World,
): Promise<string | Reply> {
  const caller = authenticate(withBearer(request, world), world, {
    missing: "unauthorized: token required for terminal access",
    invalid: "unauthorized: invalid token",
  });
  if (isReply(caller)) return caller;
  const username = path.slice("/v1/containers/".length).split("/", 1)[0] ?? "";
  if (await isOnPeer(withBearer(request, world), username, world)) {
    // The peer refuses it: the daemon sends it no Origin.
    return plainReply(502, "Failed to connect to peer terminal: websocket: bad handshake");
  }
  const container = world.store.find(username);
  if (container === undefined) {
    return plainReply(404, `Container not found: ${notFoundText(username)}`);
  }
  if (container.state !== "CONTAINER_STATE_RUNNING") {
    const word = container.state === "CONTAINER_STATE_FROZEN" ? "Frozen" : "Stopped";
    return plainReply(400, `Container is not running (status: ${word})`);
  }
  // A stop on its way has taken the first process.
  if (container.busy === "stop") return plainReply(404, "Container not found: Invalid PID");
  return username;
}

/** Peers are asked first, whether or not the container is here. */
async function isOnPeer(
  { headers }: IncomingRequest,
  username: string,
  world: World,
): Promise<boolean> {
  if (healthyPeers(world).length === 0) return false;
  const rows = await peerRows({ world, authorization: headers["authorization"] ?? "" });
  return rows.some(({ row }) => row.username === username);
}

/** Why the request does not become a WebSocket, in the order of the library there; undefined when it does. */
export function upgradeProblem(
  { method, headers }: IncomingRequest,
  allowedOrigins: readonly string[] = defaultOrigins,
): Reply | undefined {
  if (headers["upgrade"]?.toLowerCase() !== "websocket") return refusedUpgrade(400, "Bad Request");
  if (method !== "GET") return refusedUpgrade(405, "Method Not Allowed");
  if (headers["sec-websocket-version"] !== "13") return refusedUpgrade(400, "Bad Request");
  if (!allowedOrigins.includes(headers["origin"] ?? "")) return refusedUpgrade(403, "Forbidden");
  const key = headers["sec-websocket-key"] ?? "";
  return /^[A-Za-z0-9+/]{22}==$/.test(key) ? undefined : refusedUpgrade(400, "Bad Request");
}

function refusedUpgrade(status: number, text: string): Reply {
  return withHeaders(plainReply(status, text), { "Sec-Websocket-Version": "13" });
}

/** The token may also come as a subprotocol, which browsers can send, or in the query. */
function withBearer(request: IncomingRequest, world: World): IncomingRequest {
  const { headers, path } = request;
  if (headers["authorization"] !== undefined) return request;
  const [first, second] = (headers["sec-websocket-protocol"] ?? "").split(/\s*,\s*/);
  const offered = isSince(world, "0.67.0") && first === bearerProtocol ? second : undefined;
  const token = offered ?? new URLSearchParams(path.split(/\?(.*)/s)[1] ?? "").get("token");
  if (token === null || token === "") return request;
  return { ...request, headers: { ...headers, authorization: `Bearer ${token}` } };
}
