/**
 * Routes that a token may see. The daemon shows every tenant's domains to any token, and ports to admins only.
 *
 * @module
 */
import {
  type CallOptions,
  type ContainariumClient,
  ContainariumError,
  type Container,
  type NetworkRoute,
} from "../../client/mod.ts";
import { together } from "../../client/internal.ts";
import type { ToolContext } from "../tool.ts";
import { ownerOf } from "./route_answer.ts";
import { readOr } from "../read_or.ts";

/** Routes, the containers that they may lead to, and what is not among them. */
export interface VisibleRoutes {
  /** Containers that the token reaches. */
  readonly containers: readonly Container[];
  /** Domains first. */
  readonly routes: readonly NetworkRoute[];
  /** Whether there may be ports that only admins see. */
  readonly arePortsHidden: boolean;
}

/** Reads the routes that the token may see. */
export async function visibleRoutes(
  client: ContainariumClient,
  options: CallOptions,
): Promise<VisibleRoutes> {
  const claims = await client.tokenClaims();
  const [domains, ports, containers] = await together([
    client.routes.list(options),
    portsOf(client, claims?.roles.includes("admin") ?? true, options),
    client.containers.list(options),
  ]);
  const routes = [...domains, ...ports ?? []];
  const arePortsHidden = ports === undefined;
  if (claims?.roles.includes("admin") === true) return { containers, routes, arePortsHidden };
  // A route may be left of a container that its owner has no longer.
  const owners = new Set([...containers.map(({ username }) => username), claims?.username]);
  return {
    containers,
    routes: routes.filter((route) => {
      const owner = ownerOf(route, containers);
      // A token may name no user, and an unknown owner is not that one.
      return owner !== undefined && owners.has(owner);
    }),
    arePortsHidden,
  };
}

/**
 * Reads routes of one container, beside a read of the container. They are optional: without the proxy, the
 * scope or an answer there are none.
 *
 * @returns Function that picks those of a container, `undefined` if they could not be read
 */
export async function routesBeside(
  { client, tools, signal }: Pick<ToolContext, "client" | "tools" | "signal">,
): Promise<((container: Container) => readonly NetworkRoute[]) | undefined> {
  if (!tools.has("list_routes")) return undefined;
  return await readOr(async () => {
    const claims = await client.tokenClaims();
    const [domains, ports = []] = await together([
      client.routes.list({ signal }),
      portsOf(client, claims?.roles.includes("admin") ?? true, { signal }),
    ]);
    return (container: Container) =>
      [...domains, ...ports].filter((route) => ownerOf(route, [container]) === container.username);
  }, () => undefined);
}

/** Returns `undefined` if the token may not see them. */
async function portsOf(
  client: ContainariumClient,
  mayBeAdmin: boolean,
  options: CallOptions,
): Promise<readonly NetworkRoute[] | undefined> {
  if (!mayBeAdmin) return undefined;
  try {
    return await client.routes.listPorts(options);
  } catch (error) {
    if (error instanceof ContainariumError && error.code === "permission_denied") return undefined;
    throw error;
  }
}
