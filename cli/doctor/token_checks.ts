import {
  type ContainariumClient,
  ContainariumError,
  type Container,
  type TokenClaims,
} from "../../client/mod.ts";
import { formatTime, type Token } from "../../client/internal.ts";
import { activeTools, listedWith, type PolicyPart, type ToolSelection } from "../../tools/mod.ts";
import { type Check, failed, ok, warning } from "./check.ts";
import { wordsOf } from "./network_checks.ts";

const NAME = "token";
const SOON_MS = 3_600_000;
/** How to replace a token. */
export const MINT = "on the host: containarium token generate; put the new one in place of the old";

/** Whether the daemon accepts the token, and what it lists. */
export interface Accepted {
  /** What was found. */
  readonly check: Check;
  /** What the token can see; absent: it was not accepted, or may not list containers. */
  readonly containers?: readonly Container[] | undefined;
}

/** Asks the daemon for containers with the token. */
export async function tokenCheck(
  client: ContainariumClient,
  { claims }: Token,
  skewMs: number,
): Promise<Accepted> {
  try {
    const containers = await client.containers.list();
    return { check: acceptedCheck(claims), containers };
  } catch (error) {
    if (!(error instanceof ContainariumError)) throw error;
    switch (error.code) {
      case "permission_denied":
        return { check: acceptedCheck(claims) };
      case "unauthenticated":
        return { check: failed(NAME, `rejected: ${whyRejected(claims, skewMs)}`, MINT) };
      default:
        return { check: failed(NAME, wordsOf(error), howToPass(error)) };
    }
  }
}

function acceptedCheck(claims: TokenClaims | undefined): Check {
  const left = (claims?.expiresAt?.getTime() ?? Infinity) - Date.now();
  return left < SOON_MS
    ? warning(NAME, `accepted, but expires in ${Math.max(0, Math.round(left / 60_000))} min`, MINT)
    : ok(NAME, "accepted");
}

function howToPass({ reason }: ContainariumError): string {
  return reason === "too_many_auth_failures"
    ? "wait a minute: this address sent too many invalid tokens. A valid one is never limited"
    : "look into the daemon's log; if something else answers there, correct CONTAINARIUM_SERVER_URL";
}

/** The daemon gives no reason, but the token's own claims may. */
function whyRejected(claims: TokenClaims | undefined, skewMs: number): string {
  if (claims === undefined) return "it is not a JWT, or was cut off when it was copied";
  const { isRefresh, expiresAt, validFrom } = claims;
  const now = Date.now() + skewMs;
  if (isRefresh === true) {
    return "it is a refresh token, which is only good for getting another one";
  }
  if (expiresAt !== undefined && expiresAt.getTime() <= now) {
    return `it expired at ${formatTime(expiresAt)}${
      expiresAt.getTime() > Date.now() ? " by the daemon's clock, which is ahead" : ""
    }`;
  }
  if (validFrom !== undefined && validFrom.getTime() > now) {
    return `it is not valid before ${formatTime(validFrom)}${
      validFrom.getTime() <= Date.now() ? ", and the daemon's clock is behind" : ""
    }`;
  }
  return "it was signed with another secret, revoked, or made by a daemon before 0.18";
}

const MAX_OFF = 5;

/**
 * Returns the token's role and scopes, and which tools they give.
 *
 * @param parts What the policy has, without which some are not listed
 */
export function toolsCheck(
  selection: ToolSelection,
  claims: TokenClaims | undefined,
  parts: readonly PolicyPart[],
): Check {
  const listed = (claims: TokenClaims | undefined) =>
    listedWith(activeTools(selection, claims).on, parts);
  const on = listed(claims);
  // Those that another token would give.
  const denied = listed(undefined).map(({ name }) => name)
    .filter((name) => on.every((entry) => entry.name !== name));
  const more = denied.length > MAX_OFF ? ` and ${denied.length - MAX_OFF} more` : "";
  const found = `${powersOf(claims)}: ${on.length} tools` +
    (denied.length === 0 ? "" : `; not ${denied.slice(0, MAX_OFF).join(", ")}${more}`);
  return on.length === 0
    ? failed(
      "tools",
      found,
      "ask for a token with the scope containers:read, or choose other tools",
    )
    : ok("tools", found);
}

function powersOf(claims: TokenClaims | undefined): string {
  if (claims === undefined) return "role and scopes unknown, as it is not a JWT";
  const { roles, scopes } = claims;
  return [
    roles.length === 0 ? "no role" : `role ${roles.join(", ")}`,
    scopes === undefined ? "all scopes" : `scopes ${scopes.join(", ")}`,
  ].join(", ");
}
