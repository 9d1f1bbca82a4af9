import { type JsonObject, readObject, readText, readUnixSeconds, unlessEmpty } from "../wire.ts";

/** A scope of the daemon's tokens; a token without scopes may do everything its roles allow. */
export type Scope =
  | "agents:call"
  | "agents:read"
  | "agents:run"
  | "alerts:read"
  | "alerts:write"
  | "audit:read"
  | "backups:read"
  | "backups:write"
  | "containers:read"
  | "containers:write"
  | "crews:read"
  | "crews:run"
  | "kms:admin"
  | "routes:read"
  | "routes:write"
  | "secrets:read"
  | "secrets:write"
  | "security:read"
  | "security:write"
  | "ssh:write"
  | "tokens:write";

/**
 * Claims of a JWT. They serve to explain and to warn and are never trusted: the daemon verifies
 * them.
 */
export interface TokenClaims {
  /** Its id, by which it can be revoked (`jti`); absent in tokens of old daemons. */
  readonly id?: string | undefined;
  /** Subject: the username. */
  readonly username?: string | undefined;
  /** Roles; only `admin` has a meaning. */
  readonly roles: readonly string[];
  /** Scopes; absent if unlimited. `*` stands for all. */
  readonly scopes?: readonly string[] | undefined;
  /** When it expires; absent for never. */
  readonly expiresAt?: Date | undefined;
  /** When it becomes valid; absent for always. */
  readonly validFrom?: Date | undefined;
  /** True: it can only be exchanged for another token; absent: it is for calls. */
  readonly isRefresh?: true | undefined;
}

/** Returns a JWT's claims, or `undefined` if it is not a JWT, such as a hosted `ctnr_…` token. */
export function readClaims(token: string): TokenClaims | undefined {
  const payload = /^[\w-]+\.([\w-]+)\.[\w-]*$/.exec(token)?.[1];
  if (payload === undefined) return undefined;
  try {
    const base64 = payload.replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return claimsOf(readObject(JSON.parse(new TextDecoder().decode(bytes)), "claims"));
  } catch {
    return undefined;
  }
}

function claimsOf(claims: JsonObject): TokenClaims {
  return {
    id: readText(claims.jti),
    roles: texts(claims.roles),
    username: readText(claims.username),
    scopes: unlessEmpty(texts(claims.scopes)),
    expiresAt: readUnixSeconds(claims.exp),
    validFrom: readUnixSeconds(claims.nbf),
    isRefresh: claims.tt === "refresh" ? true : undefined,
  };
}

/** A malformed claim does not affect the others. */
function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
}
