/** The audit log: a line for each call, read through a handler of its own. @module */

import { authenticate, isReply } from "./auth.ts";
import { type Container, isoSeconds } from "./container.ts";
import { goTimeProblem } from "./go_text.ts";
import type { IncomingRequest } from "./http.ts";
import { jsonReply, middlewareError, plainReply, type Reply } from "./reply.ts";
import type { BareHandler } from "./route.ts";
import type { AuditSeed } from "./types.ts";
import type { World } from "./world.ts";

/** The handler: any method, and the token may be in the query. */
export const auditLog: BareHandler = {
  takes: (_method, path) => path === "/v1/audit/logs",
  answer,
};

/** One line, as it is written. */
interface AuditLine extends Required<AuditSeed> {
  readonly id: number;
}

/** All lines. */
export class AuditLog {
  readonly #lines: AuditLine[] = [];

  constructor({ services }: World) {
    for (const seed of services.auditLog) this.add(seed);
  }

  /** The newest first. */
  list(): readonly AuditLine[] {
    return this.#lines.toReversed();
  }

  /** Adds one. */
  add(seed: AuditSeed): void {
    this.#lines.push({
      id: this.#lines.length + 1,
      timestamp: seed.timestamp ?? isoSeconds(Date.now()),
      username: seed.username ?? "",
      action: seed.action,
      resourceType: seed.resourceType ?? "api",
      resourceId: seed.resourceId ?? "",
      detail: seed.detail ?? "",
      sourceIp: seed.sourceIp ?? "",
      statusCode: seed.statusCode ?? 0,
    });
  }

  /** Adds one for what became of a container. */
  addContainer(what: "CREATED" | "STARTED" | "STOPPED" | "DELETED", container: Container): void {
    const { image, state, username } = container;
    this.add({
      action: `EVENT_TYPE_CONTAINER_${what}`,
      resourceType: "container",
      resourceId: `${username}-container`,
      detail: what === "DELETED" ? "" : `image=${image} state=${state}`,
    });
  }

  /** Adds one for a call. */
  addCall(
    { method, peerAddress }: IncomingRequest,
    path: string,
    username: string,
    requestId: string,
    statusCode: number,
  ): void {
    this.add({
      username,
      action: `api_${method.toLowerCase()}`,
      resourceId: `${method} ${path}`,
      detail: `request_id=${requestId} duration=1.5ms`,
      sourceIp: peerAddress,
      statusCode,
    });
  }
}

function answer(request: IncomingRequest, _path: string, world: World): Reply {
  const query = new URLSearchParams(request.path.split(/\?(.*)/s)[1] ?? "");
  const token = query.get("token");
  const caller = authenticate(
    token === null
      ? request
      : { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } },
    world,
    {
      missing: "unauthorized: Bearer token required in Authorization header",
      invalid: "unauthorized: invalid token",
    },
  );
  if (isReply(caller)) return caller;
  if (!caller.admin && !caller.scopes?.some((one) => one === "audit:read" || one === "*")) {
    return middlewareError(403, "forbidden: requires admin role or audit:read scope");
  }
  return select(query, world);
}

function select(query: URLSearchParams, world: World): Reply {
  for (const name of ["from", "to"]) {
    const problem = query.has(name) ? goTimeProblem(query.get(name) ?? "") : undefined;
    // The quotes in it are not escaped.
    if (problem !== undefined) {
      return plainReply(400, `{"error": "invalid ${name} date: ${problem}"}`);
    }
  }
  const offset = numberIn(query, "offset") ?? 0;
  if (offset < 0) {
    return plainReply(
      500,
      '{"error": "failed to query audit logs: error iterating audit rows: ERROR: OFFSET must not be negative (SQLSTATE 2201X)"}',
    );
  }
  const limit = numberIn(query, "limit") ?? 0;
  const is = (name: string, value: string) => (query.get(name) || value) === value;
  const lines = world.area(AuditLog).list().filter((line) =>
    is("username", line.username) && is("action", line.action) &&
    is("resource_type", line.resourceType) &&
    line.timestamp >= (query.get("from") ?? "") && line.timestamp <= (query.get("to") ?? "9999")
  );
  const logs = lines.slice(offset, offset + (limit > 0 ? limit : 50));
  return jsonReply(200, { logs, totalCount: lines.length });
}

function numberIn(query: URLSearchParams, name: string): number | undefined {
  const written = query.get(name) ?? "";
  return /^-?\d+$/.test(written) ? Number(written) : undefined;
}
