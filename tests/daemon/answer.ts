/** From a request to its answer: the traps in front of the gateway, the middleware, the routes. @module */

import { AuditLog, auditLog } from "./audit_log.ts";
import { authenticate, isReply } from "./auth.ts";
import { clamavExport } from "./clamav.ts";
import { coreServices } from "./core_services.ts";
import { answerEvents, isEventsPath } from "./event_streams.ts";
import type { Admitter, Answerer, IncomingRequest } from "./http.ts";
import type { Caller } from "./jwt.ts";
import { gatewayRoutes } from "./gateway_routes.ts";
import { labels } from "./labels.ts";
import {
  gatewayError,
  gatewayReply,
  goError,
  GrpcError,
  type Reply,
  streamError,
  streamReply,
  withHeaders,
} from "./reply.ts";
import { type BareHandler, createCall, type GuardedHandler, type Route } from "./route.ts";
import { latestRelease } from "./releases.ts";
import { peerInfo } from "./system.ts";
import { admitTerminal, answerTerminal, isTerminalPath, upgradeProblem } from "./terminal.ts";
import { isSince, type World } from "./world.ts";

/** The handlers in front of the gateway. */
const bareHandlers: readonly BareHandler[] = [labels, latestRelease, auditLog, clamavExport];
/** The handlers beside the gateway. */
const guardedHandlers: readonly GuardedHandler[] = [peerInfo, coreServices];

/** Who calls what needs no token. */
const nobody: Caller = { username: "", admin: false, scopes: [], jti: "" };

/** What Go's server says before it asks any handler. */
const badRequest: Reply = {
  status: 400,
  headers: { "Content-Type": "text/plain; charset=utf-8", Connection: "close" },
  body: "400 Bad Request",
};
const maxMessageBytes = 4 * 1024 * 1024;

/** What answers the requests of one daemon. */
export function createAnswerer(world: World): Answerer {
  const known = gatewayRoutes.filter(({ since }) => since === undefined || isSince(world, since));
  return (request) => answer(request, known, world);
}

/** What decides on the upgrade requests of one daemon. */
export function createAdmitter(
  world: World,
  answerOther: Answerer,
  allowedOrigins: readonly string[] | undefined,
): Admitter {
  return async (request) => {
    const path = decodePath(request.path.split("?", 1)[0] ?? "");
    if (path === undefined || !isTerminalPath(path)) return await answerOther(request);
    const admitted = await admitTerminal(request, path, world);
    const refused = typeof admitted === "string"
      ? upgradeProblem(request, allowedOrigins)
      : admitted;
    return refused === undefined ? admitted : withHeaders(refused, { Vary: "Origin" });
  };
}

async function answer(
  request: IncomingRequest,
  known: readonly Route[],
  world: World,
): Promise<Reply> {
  const [rawPath = "", rawQuery = ""] = request.path.split(/\?(.*)/s);
  const path = decodePath(rawPath);
  if (path === undefined) return badRequest;
  if (path === "/health") {
    const headers = { "Content-Type": "application/json" };
    return { status: 200, headers, body: '{"status":"healthy"}' };
  }
  const clean = cleanPath(rawPath.replace(/%2F(%2F)+/gi, "//"));
  if (clean !== rawPath) {
    const location = rawQuery === "" ? clean : `${clean}?${rawQuery}`;
    return { status: 301, headers: { Location: location }, body: "" };
  }
  const bare = bareHandlers.find((handler) => handler.takes(request.method, path));
  // Labels came with 0.5.
  if (bare !== undefined && isSince(world, bare === labels ? "0.6.0" : "0.67.0")) {
    return await bare.answer(request, path, world);
  }
  if (isTerminalPath(path)) {
    return withHeaders(await answerTerminal(request, path, world), { Vary: "Origin" });
  }
  if (isEventsPath(path, world)) {
    const events = answerEvents(request, new URLSearchParams(rawQuery), world);
    return withHeaders(events, { Vary: "Origin" });
  }
  const open = path === "/v1/tokens/refresh" && isSince(world, "0.67.0");
  const caller = open ? nobody : authenticate(request, world);
  const varied = path.startsWith("/v1/") ? { Vary: "Origin" } : undefined;
  if (isReply(caller)) return withHeaders(caller, varied ?? {});
  const guarded = guardedHandlers.find((handler) => handler.takes(path));
  if (guarded !== undefined && isSince(world, guarded === peerInfo ? "0.3.0" : "0.67.0")) {
    return await guarded.answer(request, path, caller, world);
  }
  const reply = await answerGateway(
    request,
    path,
    new URLSearchParams(rawQuery),
    caller,
    known,
    world,
  );
  const audited = auditHeader(request, path);
  const requestId = audited["X-Request-Id"];
  if (requestId !== undefined) {
    world.area(AuditLog).addCall(request, path, caller.username, requestId, reply.status);
  }
  return withHeaders(reply, { ...varied, ...audited });
}

async function answerGateway(
  request: IncomingRequest,
  path: string,
  query: URLSearchParams,
  caller: Caller,
  known: readonly Route[],
  world: World,
): Promise<Reply> {
  try {
    const { route, params } = findRoute(known, request.method, path);
    if (request.bodyBytes > maxMessageBytes) {
      throw new GrpcError(
        "ResourceExhausted",
        `grpc: received message larger than max (${request.bodyBytes} vs. ${maxMessageBytes})`,
      );
    }
    if (route.implementedSince !== undefined && !isSince(world, route.implementedSince)) {
      throw goError("not implemented yet");
    }
    try {
      const message = await route.handle(createCall(world, caller, params, query, request));
      return route.stream === true ? streamReply(message) : gatewayReply(message);
    } catch (error) {
      if (error instanceof GrpcError && route.stream === true) return streamError(error);
      throw error;
    }
  } catch (error) {
    if (error instanceof GrpcError) return gatewayError(error);
    throw error;
  }
}

/** The segments of each route's pattern. */
const partsOf: ReadonlyMap<Route, readonly string[]> = new Map(
  gatewayRoutes.map((route) => [route, route.pattern.split("/")]),
);

interface Found {
  readonly route: Route;
  readonly params: ReadonlyMap<string, string>;
}

function findRoute(known: readonly Route[], method: string, path: string): Found {
  const segments = path.split("/");
  const found = known.flatMap((route) => {
    const params = matchPattern(partsOf.get(route) ?? [], segments);
    return params === undefined ? [] : [{ route, params }];
  });
  const match = found.find(({ route }) => route.method === method);
  if (match !== undefined) return match;
  throw found.length > 0
    ? new GrpcError("Unimplemented", "Method Not Allowed")
    : new GrpcError("NotFound", "Not Found");
}

function matchPattern(
  parts: readonly string[],
  segments: readonly string[],
): ReadonlyMap<string, string> | undefined {
  if (parts.length !== segments.length) return undefined;
  const params = new Map<string, string>();
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? "";
    if (part.startsWith("{")) params.set(part.slice(1, -1), segment);
    else if (part !== segment) return undefined;
  }
  return params;
}

/** The path decoded before anything is looked up, so that `%2F` divides segments; undefined for a bad escape. */
function decodePath(rawPath: string): string | undefined {
  try {
    return decodeURIComponent(rawPath);
  } catch {
    return undefined;
  }
}

/** Go's mux redirects `//`, `.` and `..`; of encoded ones, only slashes one after the other. */
function cleanPath(rawPath: string): string {
  const kept: string[] = [];
  const segments = rawPath.split("/").slice(1);
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === "..") kept.pop();
    if (segment !== ".." && segment !== "." && (segment !== "" || last)) kept.push(segment);
    else if (last) kept.push("");
  }
  return `/${kept.join("/")}`;
}

/** What the audit middleware adds, except to the reads that it skips. */
function auditHeader(request: IncomingRequest, path: string): Record<string, string> {
  const skipped =
    /^\/v1\/(containers|metrics|apps|network|system\/(info|monitoring|core-services)|security\/(clamav-summary|clamav-reports|scan-status))(\/|$)/
      .test(path);
  if (request.method === "GET" && skipped) return {};
  const given = request.headers["x-request-id"] ?? "";
  const id = /^[\w-]{1,128}$/.test(given) ? given : crypto.randomUUID().replaceAll("-", "");
  return { "X-Request-Id": id };
}
