import { ContainariumError, type TokenClaims } from "../../client/mod.ts";
import { didYouMean, nearest, visible } from "../../client/internal.ts";
import type { ToolContext } from "../tool.ts";
import { gateOf } from "./gates.ts";
import type { Description, Operation } from "./operation.ts";
import { type Rule, ruleOf } from "./rules.ts";

/** What decides whether an operation can be called. */
export interface Caller {
  /** Claims of the token; absent: it is not a JWT. */
  readonly claims: TokenClaims | undefined;
  /** Whether this server changes nothing. */
  readonly readOnly: boolean;
  /** Names of the tools that the client can call. */
  readonly tools: ReadonlySet<string>;
  /** Why the other tools are off, by their names. */
  readonly toolsOff: ReadonlyMap<string, string>;
}

/** Returns who calls: what an operation can be refused for. */
export async function callerOf(
  { client, readOnly, tools, toolsOff }: ToolContext,
): Promise<Caller> {
  return { claims: await client.tokenClaims(), readOnly, tools, toolsOff };
}

/**
 * Returns an operation by its id, also with the name of its service as the description has it
 * (`BackupService_GetBackup`), in another case, or by method and path.
 *
 * @throws {ContainariumError} `invalid_argument` if there is none
 */
export function findOperation(name: string, { operations }: Description): Operation {
  const wanted = name.trim().replace(/\s+/g, " ").toLowerCase();
  const bare = wanted.replace(/^[a-z]+service_/, "");
  for (const operation of operations.values()) {
    const { id, method, path } = operation;
    if (id.toLowerCase() === bare) return operation;
    if (`${method} /v1/${path}`.toLowerCase() === wanted) return operation;
  }
  const shown = visible(name.slice(0, MAX_SHOWN_CHARS));
  const meant = nearest(name, [...operations.keys()]);
  throw new ContainariumError(
    "invalid_argument",
    `The API has no operation ${shown}; ` +
      (meant === undefined ? "call search_api to find one" : didYouMean(name, [meant])),
  );
}

const MAX_SHOWN_CHARS = 100;

/** Returns why an operation cannot be called here, or nothing. */
export function refusalOf(operation: Operation, caller: Caller): ContainariumError | undefined {
  const { id, method } = operation;
  const { refused, guardedBy } = ruleOf(id);
  if (refused !== undefined) {
    return notCalled(`${id} is not called through this server: ${refused}`);
  }
  if (guardedBy !== undefined) return notCalled(guardedWords(id, guardedBy, caller));
  if (caller.readOnly && method !== "GET") {
    return notCalled(
      `${id} is off: this server was started with --read-only, so nothing can be changed through it`,
    );
  }
  return gateRefusal(id, caller.claims);
}

function guardedWords(
  id: string,
  tool: string,
  { tools, toolsOff }: Pick<Caller, "tools" | "toolsOff">,
): string {
  const words =
    `${id} is not called this way: ${tool} does it, and checks what a bare call does not`;
  if (tools.has(tool)) return `${words}. Call ${tool} instead`;
  const reason = toolsOff.get(tool) ?? "this server does not have it";
  return `${words}. Ask the user: ${tool} is off, since ${reason}`;
}

function notCalled(message: string): ContainariumError {
  return new ContainariumError("failed_precondition", message);
}

/** Says before anything is sent what the daemon would refuse the token for. */
function gateRefusal(id: string, claims: TokenClaims | undefined): ContainariumError | undefined {
  if (claims === undefined) return undefined;
  const { scope, admin, adminOr } = gateOf(id);
  const isAdmin = claims.roles.includes("admin");
  const { scopes } = claims;
  if (scope !== undefined && scopes !== undefined && !holds(scopes, scope)) {
    return new ContainariumError("permission_denied", `${id}: the token lacks the scope ${scope}`, {
      reason: "scope_missing",
      details: { scope },
    });
  }
  if (admin && !isAdmin) {
    return new ContainariumError(
      "permission_denied",
      `${id}: only a token with the admin role may do this`,
      { reason: "admin_required" },
    );
  }
  if (adminOr === undefined || isAdmin || holds(scopes ?? [], adminOr)) return undefined;
  return new ContainariumError(
    "permission_denied",
    `${id}: only a token with the admin role or the scope ${adminOr} may do this`,
    { reason: "scope_missing", details: { scope: adminOr } },
  );
}

function holds(scopes: readonly string[], scope: string): boolean {
  return scopes.includes(scope) || scopes.includes("*");
}

/** Returns what a call loses or gives away; nothing if it does neither. */
export function lossOf({ id, method }: Operation): string | undefined {
  const { loses, gives }: Rule = ruleOf(id);
  return loses ?? gives ?? (method === "DELETE" ? "This cannot be undone." : undefined);
}
