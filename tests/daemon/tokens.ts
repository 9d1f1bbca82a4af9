/** Refreshing tokens and revoking them. @module */

import { requireAdmin, requireAdminOr, requireScope } from "./auth.ts";
import { isoSeconds } from "./container.ts";
import { goTimeProblem } from "./go_text.ts";
import { sign, verify } from "./jwt.ts";
import { text } from "./protojson.ts";
import { queryFlag } from "./parameters.ts";
import { GrpcError } from "./reply.ts";
import { RevocationStore } from "./revocations.ts";
import type { Call, Route } from "./route.ts";

/** Tokens. */
export const tokenRoutes: readonly Route[] = [
  { method: "POST", pattern: "/v1/tokens/refresh", handle: refresh },
  { method: "POST", pattern: "/v1/tokens/revoke", handle: revoke },
  { method: "GET", pattern: "/v1/tokens/revoked", handle: listRevoked },
].map((route) => ({ ...route, since: "0.67.0" }));

const accessSeconds = 900;
const refreshSeconds = 30 * 24 * 3600;

function refresh({ world, body }: Call): unknown {
  const { refreshToken } = body({ refreshToken: text });
  if (refreshToken === "") throw invalid("refresh_token is required");
  const verdict = verify(refreshToken, world.jwtSecret, world.version, "refresh");
  const revocations = world.area(RevocationStore);
  if (!verdict.ok || revocations.has(verdict.caller.jti)) {
    throw new GrpcError("Unauthenticated", "invalid refresh token");
  }
  const { username, admin, scopes, jti } = verdict.caller;
  revocations.add(jti, "refresh_rotation", isoSeconds(Date.now() + refreshSeconds * 1000));
  const claims = { username, roles: [admin ? "admin" : "user"], scopes };
  const mint = (type: "access" | "refresh", expiresInSeconds: number) =>
    sign({ ...claims, type, expiresInSeconds }, world.jwtSecret, world.version);
  const nowSeconds = Math.floor(Date.now() / 1000);
  return {
    accessToken: mint("access", accessSeconds),
    refreshToken: mint("refresh", refreshSeconds),
    accessTokenExpiresAt: String(nowSeconds + accessSeconds),
    refreshTokenExpiresAt: String(nowSeconds + refreshSeconds),
  };
}

function revoke({ world, caller, body }: Call): unknown {
  const { jti, reason, expiresAt } = body({ jti: text, reason: text, expiresAt: text });
  requireAdmin(caller);
  requireScope(caller, "tokens:write");
  if (jti === "") throw invalid("jti is required");
  const problem = expiresAt === "" ? undefined : goTimeProblem(expiresAt);
  if (problem !== undefined) throw invalid(`expires_at must be RFC3339: ${problem}`);
  world.area(RevocationStore).add(
    jti,
    reason || "operator_revoke",
    expiresAt || isoSeconds(Date.now() + refreshSeconds * 1000),
  );
  // Whether or not there is such a token, or it was revoked before.
  return {
    newlyRevoked: true,
    message: "jti added to revocation list; token will be rejected on next use",
  };
}

function listRevoked({ world, caller, query }: Call): unknown {
  const includeExpired = queryFlag(query, "includeExpired");
  requireAdminOr(caller, "tokens:read");
  const limit = Number(query.get("limit") ?? "0");
  const revocations = world.area(RevocationStore).list()
    .filter(({ expiresAt }) => includeExpired || Date.parse(expiresAt) > Date.now())
    .filter(({ jti }) => jti.startsWith(query.get("jtiPrefix") ?? ""));
  return { revocations: revocations.slice(0, limit > 0 ? limit : 100) };
}

function invalid(problem: string): GrpcError {
  return new GrpcError("InvalidArgument", problem);
}
