/** HS256 tokens as Containarium mints and reads them. @module */

import { createHmac, timingSafeEqual } from "node:crypto";
import type { TokenClaims, Version } from "./types.ts";

/** Who a valid token speaks for. */
export interface Caller {
  readonly username: string;
  readonly admin: boolean;
  /** Undefined: unrestricted. */
  readonly scopes: readonly string[] | undefined;
  /** What its token is revoked by; empty when it has none. */
  readonly jti: string;
}

const issuer = "containarium";
const audience = "containarium-api";

/** Mints a token, with the claims that the given version mints. */
export function sign(claims: TokenClaims, secret: string, version: Version): string {
  const now = Math.floor(Date.now() / 1000);
  const username = claims.username ?? "admin";
  const roles = claims.roles === undefined
    ? [username === "admin" ? "admin" : "user"]
    : claims.roles;
  const lifetime = claims.expiresInSeconds ?? 3600;
  const payload = {
    username,
    roles,
    ...(claims.scopes === undefined ? {} : { scopes: claims.scopes }),
    ...(version === "0.67.0"
      ? { tt: claims.type ?? "access", aud: [audience], jti: claims.jti ?? crypto.randomUUID() }
      : {}),
    iss: issuer,
    exp: now + lifetime,
    nbf: Math.min(now, now + lifetime) - 1,
    iat: now,
  };
  const body = `${encodeText(JSON.stringify({ alg: "HS256", typ: "JWT" }))}.${
    encodeText(JSON.stringify(payload))
  }`;
  return `${body}.${encodeBytes(macOf(body, secret))}`;
}

/** What a token was found to be: somebody's, or wrong in the words of Go's JWT library. */
export type Verdict =
  | { readonly ok: true; readonly caller: Caller }
  | { readonly ok: false; readonly reason: string };

/** Reads and checks a token as the given version does. */
export function verify(
  token: string,
  secret: string,
  version: Version,
  type: "access" | "refresh" = "access",
): Verdict {
  const parts = token.split(".");
  const [head = "", body = "", signature = ""] = parts;
  if (parts.length !== 3) {
    return wrong("token is malformed: token contains an invalid number of segments");
  }
  const header = decodeObject(head);
  const payload = decodeObject(body);
  const mac = decodeBytes(signature);
  if (header === undefined) return wrong("token is malformed: could not JSON decode header");
  if (payload === undefined) return wrong("token is malformed: could not JSON decode claim");
  const expected = macOf(`${head}.${body}`, secret);
  const genuine = header["alg"] === "HS256" && mac?.length === expected.length &&
    timingSafeEqual(mac, expected);
  if (!genuine) return wrong("token signature is invalid: signature is invalid");

  const nowSeconds = Date.now() / 1000;
  const { exp, nbf, iss, aud, tt } = payload;
  if (typeof exp === "number" && nowSeconds >= exp) return claims("token is expired");
  if (typeof nbf === "number" && nowSeconds < nbf) return claims("token is not valid yet");
  if (iss !== issuer) return claims("token has invalid issuer");
  // Audience, token type and the roles' meaning came with 0.18.
  if (version === "0.67.0") {
    if (!(Array.isArray(aud) ? aud : [aud]).includes(audience)) {
      return claims("token has invalid audience");
    }
    if ((tt ?? "access") !== type) return wrong(`not an ${type} token`);
  }
  return { ok: true, caller: callerOf(payload, version) };
}

function callerOf(payload: Readonly<Record<string, unknown>>, version: Version): Caller {
  const scopes = stringsOf(payload["scopes"]);
  const modern = version === "0.67.0";
  return {
    username: typeof payload["username"] === "string" ? payload["username"] : "",
    admin: !modern || stringsOf(payload["roles"]).includes("admin"),
    jti: typeof payload["jti"] === "string" ? payload["jti"] : "",
    scopes: modern && scopes.length > 0 ? scopes : undefined,
  };
}

function wrong(reason: string): Verdict {
  return { ok: false, reason };
}

function claims(reason: string): Verdict {
  return wrong(`token has invalid claims: ${reason}`);
}

function stringsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

// Every request is checked: for that, the asynchronous one of the web costs too much.
function macOf(text: string, secret: string): Uint8Array {
  return createHmac("sha256", secret).update(text).digest();
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function encodeText(text: string): string {
  return encodeBytes(bytesOf(text));
}

function encodeBytes(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

function decodeBytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.fromBase64(text, { alphabet: "base64url" });
  } catch {
    return undefined;
  }
}

function decodeObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const bytes = decodeBytes(text);
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
