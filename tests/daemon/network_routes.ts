/** Routes from domains to containers, and the DNS records that follow from them. @module */

import { requireAdmin, requireScope, requireTenant } from "./auth.ts";
import { EventStreams } from "./event_streams.ts";
import { containerAt } from "./listening.ts";
import { choice, flag, integer, optional, queryFlag, text } from "./protojson.ts";
import { goError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import type { World } from "./world.ts";

/** Routes and DNS records. */
export const networkRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/network/routes", handle: listRoutes },
  { method: "POST", pattern: "/v1/network/routes", handle: addRoute },
  { method: "PUT", pattern: "/v1/network/routes/{domain}", handle: updateRoute },
  { method: "DELETE", pattern: "/v1/network/routes/{domain}", handle: deleteRoute },
  { method: "GET", pattern: "/v1/network/dns-records", handle: listDnsRecords },
].map((route) => ({ ...route, since: "0.67.0" }));

/** The protocols of routes and passthrough rules, by number. */
export const routeProtocols = [
  "ROUTE_PROTOCOL_UNSPECIFIED",
  "ROUTE_PROTOCOL_HTTP",
  "ROUTE_PROTOCOL_GRPC",
  "ROUTE_PROTOCOL_TCP",
  "ROUTE_PROTOCOL_UDP",
  "ROUTE_PROTOCOL_TLS_PASSTHROUGH",
];

const targetFields = {
  domain: text,
  targetIp: text,
  targetPort: integer("int32"),
  containerName: text,
  description: text,
  protocol: choice(routeProtocols),
};
const updateFields = { ...targetFields, active: optional(flag) };

/** Where a route leads. */
interface Target {
  readonly targetIp: string;
  readonly targetPort: number;
  readonly containerName: string;
  readonly protocol: string;
}

/** One row of the table. */
interface DomainRoute extends Target {
  readonly subdomain: string;
  readonly fullDomain: string;
  readonly active: boolean;
}

/** Which domain leads where. */
export class RouteTable {
  readonly #world: World;
  readonly #routes = new Map<string, DomainRoute>();
  /** Domains that only the proxy knows. */
  readonly #unknown = new Set<string>();
  /** What the base domain leads to; the daemon's own UI at first, and in no list. */
  #base: DomainRoute | "the daemon's" | undefined = "the daemon's";

  constructor(world: World) {
    this.#world = world;
    for (const { domain, containerName = "", protocol = "", ...target } of world.services.routes) {
      this.put(domain, { ...target, containerName, protocol });
    }
  }

  /** Refuses when there is nowhere to keep them. */
  demandPersistence(): void {
    if (this.persistent) return;
    throw goError("route persistence not configured - app hosting must be enabled");
  }

  /** Whether there is somewhere to keep them. */
  get persistent(): boolean {
    return this.#world.services.postgres && this.#world.services.baseDomain !== null;
  }

  /** The newest first; one that was put again keeps its place. */
  list(): readonly DomainRoute[] {
    return [...this.#routes.values()].reverse();
  }

  /** A name without a dot gets the base domain. */
  fullDomain(domain: string): string {
    const { baseDomain } = this.#world.services;
    return domain.includes(".") || baseDomain === null ? domain : `${domain}.${baseDomain}`;
  }

  /** Adds a route, or takes the domain from whoever has it. */
  put(subdomain: string, target: Target): DomainRoute {
    const fullDomain = this.fullDomain(subdomain);
    const found = containerAt(this.#world, target.targetIp);
    const route: DomainRoute = {
      ...target,
      subdomain: this.#routes.get(fullDomain)?.subdomain ?? subdomain,
      fullDomain,
      containerName: target.containerName === "" && found !== undefined
        ? `${found.username}-container`
        : target.containerName,
      protocol: keptProtocol(target.protocol),
      active: true,
    };
    if (fullDomain === this.#world.services.baseDomain) this.#base = route;
    else this.#routes.set(fullDomain, route);
    return route;
  }

  /** Switches a route; false when there is none. */
  setActive(domain: string, active: boolean): boolean {
    const route = this.#routes.get(this.fullDomain(domain));
    if (route === undefined) return false;
    this.#routes.set(route.fullDomain, { ...route, active });
    return true;
  }

  /** Removes a route, if there is one. */
  remove(domain: string): void {
    const fullDomain = this.fullDomain(domain);
    if (fullDomain === this.#world.services.baseDomain) this.#base = undefined;
    this.#routes.delete(fullDomain);
  }

  /** Removes the routes of a container that is deleted. */
  forget(containerName: string): void {
    for (const route of this.list()) {
      if (route.containerName === containerName) this.#routes.delete(route.fullDomain);
    }
  }

  /** Lets the proxy take a domain that is in no table, which the next sync ends. */
  serveUntilSync(subdomain: string, username: string): void {
    const { store, pace, delays } = this.#world;
    const domain = this.fullDomain(subdomain);
    this.#unknown.add(domain);
    store.inBackground(
      pace.through("route-sync", username, delays.routeSyncMs)
        .then(() => void this.#unknown.delete(domain)),
    );
  }

  /** The domains that the proxy takes HTTP for. */
  served(): readonly string[] {
    const { baseDomain } = this.#world.services;
    const inTable = this.list()
      .filter(({ active, protocol }) => active && protocol !== "ROUTE_PROTOCOL_TLS_PASSTHROUGH")
      .map(({ fullDomain }) => fullDomain);
    const domains = [...inTable, ...this.#unknown];
    return baseDomain === null || this.#base === undefined ? domains : [baseDomain, ...domains];
  }

  /** Where a request for that host is to go. */
  targetOf(host: string): { readonly ipAddress: string; readonly port: number } | undefined {
    const asked = host.toLowerCase();
    const star = asked.replace(/^[^.]*/, "*");
    const active = this.list().filter((route) => route.active);
    const route = active.find(({ fullDomain }) => fullDomain.toLowerCase() === asked) ??
      active.find(({ fullDomain }) => fullDomain.toLowerCase() === star) ??
      (asked === this.#world.services.baseDomain && typeof this.#base === "object"
        ? this.#base
        : undefined);
    return route === undefined ? undefined : { ipAddress: route.targetIp, port: route.targetPort };
  }
}

/** TCP and UDP become HTTP without a word, as does what was left out. */
function keptProtocol(protocol: string): string {
  return protocol === "ROUTE_PROTOCOL_GRPC" || protocol === "ROUTE_PROTOCOL_TLS_PASSTHROUGH"
    ? protocol
    : "ROUTE_PROTOCOL_HTTP";
}

function listRoutes({ world, caller, query }: Call): unknown {
  queryFlag(query, "activeOnly");
  requireScope(caller, "routes:read");
  const username = query.get("username") ?? "";
  if (username !== "") requireTenant(caller, username);
  // All tenants' routes, whatever was asked for.
  const routes = world.area(RouteTable).list().map((route) => ({
    ...writeRoute(route),
    appName: route.containerName,
  }));
  return { routes, totalCount: routes.length };
}

function writeRoute(route: DomainRoute): Record<string, unknown> {
  const { subdomain, fullDomain, targetIp, targetPort, active, protocol, containerName } = route;
  return {
    ...{ subdomain, fullDomain, containerIp: targetIp, port: targetPort, active },
    ...{ appId: "", appName: "", username: "", protocol, containerName },
  };
}

function addRoute(call: Call): unknown {
  const { domain, ...target } = call.body(targetFields);
  const table = changeable(call);
  if (domain === "") throw goError("domain is required");
  checkTarget(target);
  table.demandPersistence();
  const route = table.put(domain, target);
  const { subdomain, fullDomain, targetIp, targetPort, active, containerName } = route;
  call.world.area(EventStreams).tellRoute("added", fullDomain, {
    ...{ subdomain, fullDomain, containerIp: targetIp, port: targetPort, active },
    ...{ appId: "", appName: containerName },
  });
  return {
    route: {
      ...writeRoute({ ...route, subdomain: domain }),
      appName: containerName,
      protocol: target.protocol,
      containerName: "",
    },
    message: `Route added: ${leadsTo(route)} (will sync to Caddy)`,
  };
}

function updateRoute(call: Call): unknown {
  const { active, ...target } = call.body(updateFields);
  const domain = call.param("domain");
  const table = changeable(call);
  if (active !== undefined && target.targetIp === "" && target.targetPort === 0) {
    return switchRoute(table, domain, active);
  }
  checkTarget(target);
  table.demandPersistence();
  const route = table.put(domain, target);
  return {
    route: {
      ...writeRoute({ ...route, subdomain: domain }),
      protocol: target.protocol,
      containerName: "",
    },
    message: `Route updated: ${leadsTo(route)} (will sync to Caddy)`,
  };
}

/** Without persistence anything can be switched. */
function switchRoute(table: RouteTable, domain: string, active: boolean): unknown {
  if (table.persistent && !table.setActive(domain, active)) {
    throw goError(`failed to ${active ? "enable" : "disable"} route: route not found`);
  }
  const route: DomainRoute = {
    ...{ subdomain: domain, fullDomain: table.fullDomain(domain), targetIp: "", targetPort: 0 },
    ...{ active, containerName: "", protocol: "ROUTE_PROTOCOL_UNSPECIFIED" },
  };
  return {
    route: writeRoute(route),
    message: `Route ${active ? "enabled" : "disabled"}: ${domain} (will sync to Caddy)`,
  };
}

function deleteRoute(call: Call): unknown {
  const domain = call.param("domain");
  const table = changeable(call);
  if (domain === "") throw goError("domain is required");
  table.demandPersistence();
  table.remove(domain);
  call.world.area(EventStreams).tellRoute("deleted", domain);
  return { message: `Route deleted: ${domain} (will sync to Caddy)` };
}

/** The table, if the caller may change it. */
function changeable({ world, caller }: Call): RouteTable {
  requireAdmin(caller);
  requireScope(caller, "routes:write");
  return world.area(RouteTable);
}

function checkTarget({ targetIp, targetPort }: Pick<Target, "targetIp" | "targetPort">): void {
  if (targetIp === "") throw goError("target_ip is required");
  if (targetPort <= 0) throw goError("target_port must be positive");
}

function leadsTo({ fullDomain, targetIp, targetPort }: DomainRoute): string {
  return `${fullDomain} -> ${targetIp}:${targetPort}`;
}

function listDnsRecords({ world, caller }: Call): unknown {
  requireAdmin(caller);
  const table = world.area(RouteTable);
  const baseDomain = table.persistent ? world.services.baseDomain ?? "" : "";
  const records = (table.persistent ? table.served() : []).map((domain) => ({
    type: "A",
    name: domain === baseDomain ? "" : withoutBase(domain, baseDomain),
    data: domain,
    ttl: 600,
  }));
  return { records, baseDomain, totalCount: records.length };
}

function withoutBase(domain: string, baseDomain: string): string {
  return domain.endsWith(`.${baseDomain}`) ? domain.slice(0, -baseDomain.length - 1) : domain;
}
