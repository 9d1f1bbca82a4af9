/** The way into a container that the recipe `workspace` made. @module */

import { requireScope, requireTenant } from "./auth.ts";
import { GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import { notFoundText } from "./store.ts";

/** Workspaces. */
export const workspaceRoutes: readonly Route[] = [
  {
    method: "GET",
    pattern: "/v1/recipes/workspace/{name}/access",
    since: "0.67.0",
    handle: getAccess,
  },
];

function getAccess({ world, caller, param }: Call): unknown {
  requireScope(caller, "containers:write");
  const name = param("name");
  requireTenant(caller, name);
  const container = world.store.find(name);
  const token = container?.workspaceToken;
  if (token !== undefined) {
    const host = `${name}-workspace.${world.services.baseDomain ?? ""}`;
    return { token, url: `https://${host}/__ws_login?t=${token}` };
  }
  const reason = container === undefined
    ? `failed to execute command: ${notFoundText(name)}`
    : "command exited with code 1";
  throw new GrpcError(
    "NotFound",
    `no workspace access on ${name}-container (is this a workspace box?): ${reason}`,
  );
}
