/** The table of routes, and what the proxy makes of it. @module */

import { containerAt } from "./listening.ts";
import { goError } from "./reply.ts";
import type { World } from "./world.ts";

/** The protocols of routes and passthrough rules, by number. */
export const routeProtocols = [
  "ROUTE_PROTOCOL_UNSPECIFIED",
  "ROUTE_PROTOCOL_HTTP",
  "ROUTE_PROTOCOL_GRPC",
  "ROUTE_PROTOCOL_TCP",
  "ROUTE_PROTOCOL_UDP",
  "ROUTE_PROTOCOL_TLS_PASSTHROUGH",
];

/** Where a route leads. */
export interface Target {
  readonly targetIp: string;
  readonly targetPort: number;
  readonly containerName: string;
  readonly protocol: string;
}

/** One row of the table. */
export interface DomainRoute extends Target {
  readonly subdomain: string;
  readonly fullDomain: string;
  readonly active: boolean;
}

/** Which domain leads where. */
export class RouteTable {
  readonly #world: World;
  readonly #routes = new Map<string, DomainRoute>();
  /** What the proxy has: it follows the table a while later. */
  #proxied: readonly DomainRoute[] = [];
  /** Domains that only the proxy knows. */
  readonly #unknown = new Set<string>();
  /** What the base domain leads to; the daemon's own UI at first, and in no list. */
  #base: DomainRoute | "the daemon's" | undefined = "the daemon's";

  constructor(world: World) {
    this.#world = world;
    for (const { domain, containerName = "", protocol = "", ...target } of world.services.routes) {
      this.put(domain, { ...target, containerName, protocol });
    }
    this.#proxied = this.list();
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
    this.#followed();
    return route;
  }

  /** Switches a route; false when there is none. */
  setActive(domain: string, active: boolean): boolean {
    const route = this.#routes.get(this.fullDomain(domain));
    if (route === undefined) return false;
    this.#routes.set(route.fullDomain, { ...route, active });
    this.#followed();
    return true;
  }

  /** Removes a route, if there is one. */
  remove(domain: string): void {
    const fullDomain = this.fullDomain(domain);
    if (fullDomain === this.#world.services.baseDomain) this.#base = undefined;
    this.#routes.delete(fullDomain);
    this.#followed();
  }

  /** Removes the routes of a container that is deleted. */
  forget(containerName: string): void {
    for (const route of this.list()) {
      if (route.containerName === containerName) this.#routes.delete(route.fullDomain);
    }
    this.#followed();
  }

  #followed(): void {
    const { store, pace, delays } = this.#world;
    const follow = () => void (this.#proxied = this.list());
    if (delays.routeSyncMs === 0) follow();
    else store.inBackground(pace.sleep(delays.routeSyncMs).then(follow));
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
    const inTable = this.#proxied
      .filter(({ active, protocol }) => active && protocol !== "ROUTE_PROTOCOL_TLS_PASSTHROUGH")
      .map(({ fullDomain }) => fullDomain);
    const domains = [...inTable, ...this.#unknown];
    return baseDomain === null || this.#base === undefined ? domains : [baseDomain, ...domains];
  }

  /** Where a request for that host is to go. */
  targetOf(host: string): { readonly ipAddress: string; readonly port: number } | undefined {
    const asked = host.toLowerCase();
    const star = asked.replace(/^[^.]*/, "*");
    const active = this.#proxied.filter((route) => route.active);
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
