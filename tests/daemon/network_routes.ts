/** Routes from domains to containers, and the DNS records that follow from them. @module */

import { requireAdmin, requireScope, requireTenant } from "./auth.ts";
import { EventStreams } from "./event_streams.ts";
import { choice, flag, integer, optional, text } from "./protojson.ts";
import { queryFlag } from "./parameters.ts";
import { goError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import { type DomainRoute, routeProtocols, RouteTable, type Target } from "./route_table.ts";

/** Routes and DNS records. */
export const networkRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/network/routes", handle: listRoutes },
  { method: "POST", pattern: "/v1/network/routes", handle: addRoute },
  { method: "PUT", pattern: "/v1/network/routes/{domain}", handle: updateRoute },
  { method: "DELETE", pattern: "/v1/network/routes/{domain}", handle: deleteRoute },
  { method: "GET", pattern: "/v1/network/dns-records", handle: listDnsRecords },
].map((route) => ({ ...route, since: "0.67.0" }));

const targetFields = {
  domain: text,
  targetIp: text,
  targetPort: integer("int32"),
  containerName: text,
  description: text,
  protocol: choice(routeProtocols),
};
const updateFields = { ...targetFields, active: optional(flag) };

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
