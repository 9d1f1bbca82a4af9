/** Who may do what: the bearer middleware with its limiter, and the gates inside handlers. @module */

import { type Caller, verify } from "./jwt.ts";
import { GrpcError, middlewareError, type Reply } from "./reply.ts";
import type { IncomingRequest } from "./http.ts";
import { RevocationStore } from "./revocations.ts";
import type { World } from "./world.ts";

/** A token bucket for each address; only failed validations spend. */
export class AuthLimiter {
  static readonly #burst = 10;
  static readonly #refillPerMs = 6 / 60_000;
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();

  /** Whether the address may fail once more; if so that is taken down. */
  spend(address: string): boolean {
    const nowMs = performance.now();
    const bucket = this.#buckets.get(address) ?? { tokens: AuthLimiter.#burst, atMs: nowMs };
    const refilled = bucket.tokens + (nowMs - bucket.atMs) * AuthLimiter.#refillPerMs;
    const tokens = Math.min(AuthLimiter.#burst, refilled);
    const allowed = tokens >= 1;
    this.#buckets.set(address, { tokens: allowed ? tokens - 1 : tokens, atMs: nowMs });
    return allowed;
  }
}

/** The texts of a layer that checks tokens by itself. */
export interface AuthTexts {
  readonly missing: string;
  readonly invalid: string;
}

const gatewayTexts: AuthTexts = {
  missing: "missing authorization header",
  invalid: "invalid token",
};

/** The caller, or the answer that refuses it. */
export function authenticate(
  request: IncomingRequest,
  world: World,
  texts: AuthTexts = gatewayTexts,
): Caller | Reply {
  const header = request.headers["authorization"];
  const cookie = /(?:^|;\s*)containarium_session=([^;]*)/.exec(request.headers["cookie"] ?? "");
  if (header === undefined && cookie === null) return middlewareError(401, texts.missing);
  const bearer = /^bearer (.+)$/i.exec(header ?? `Bearer ${cookie?.[1] ?? ""}`);
  if (bearer === null) {
    return middlewareError(
      401,
      "invalid authorization header format, expected 'Bearer <token>'",
    );
  }
  const verdict = verify(bearer[1] ?? "", world.jwtSecret, world.version);
  const revoked = verdict.ok && world.area(RevocationStore).has(verdict.caller.jti);
  if (verdict.ok && !revoked) return verdict.caller;
  // Before 0.18 the library's own words went out, and nobody was limited.
  if (world.version !== "0.67.0") {
    const reason = verdict.ok ? "" : verdict.reason;
    return middlewareError(401, `invalid token: failed to parse token: ${reason}`);
  }
  return world.limiter.spend(addressOf(request))
    ? middlewareError(401, texts.invalid)
    : middlewareError(429, "too many failed authentication attempts; try again later");
}

/** Whether `authenticate` refused. */
export function isReply(value: Caller | Reply): value is Reply {
  return "status" in value;
}

/** Refuses a token that has scopes, but not this one. */
export function requireScope(caller: Caller, scope: string): void {
  const { scopes } = caller;
  if (scopes === undefined || scopes.includes(scope) || scopes.includes("*")) return;
  throw new GrpcError("PermissionDenied", `scope required: ${scope}`);
}

/** Refuses all but admins and the user themself. */
export function requireTenant(caller: Caller, username: string): void {
  if (caller.admin || caller.username === username) return;
  throw new GrpcError("PermissionDenied", "not authorized for this tenant");
}

/** Refuses all but admins. */
export function requireAdmin(caller: Caller): void {
  if (!caller.admin) throw new GrpcError("PermissionDenied", "role required: admin");
}

/** Refuses all but admins and tokens that name this scope: one without scopes is not enough. */
export function requireAdminOr(caller: Caller, scope: string): void {
  if (caller.admin || caller.scopes?.some((one) => one === scope || one === "*")) return;
  throw new GrpcError("PermissionDenied", `requires role "admin" or scope "${scope}"`);
}

function addressOf(request: IncomingRequest): string {
  const forwarded = request.headers["x-forwarded-for"]?.split(",", 1)[0]?.trim();
  return forwarded === undefined || forwarded === "" ? request.peerAddress : forwarded;
}
