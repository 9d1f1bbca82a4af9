/** Passthrough rules: ports of the host that lead to ports of containers, by protocol. @module */

import { requireAdmin } from "./auth.ts";
import { containerAt } from "./listening.ts";
import { routeProtocols } from "./route_table.ts";
import { choice, flag, integer, optional, text } from "./protojson.ts";
import { pathInteger, queryChoice } from "./parameters.ts";
import { goError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import type { World } from "./world.ts";

/** Passthrough rules. */
export const passthroughRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/network/passthrough", handle: listRules },
  { method: "POST", pattern: "/v1/network/passthrough", handle: addRule },
  { method: "PUT", pattern: "/v1/network/passthrough/{externalPort}", handle: updateRule },
  { method: "DELETE", pattern: "/v1/network/passthrough/{externalPort}", handle: deleteRule },
].map((route) => ({ ...route, since: "0.67.0" }));

const ruleFields = {
  externalPort: integer("int32"),
  targetIp: text,
  targetPort: integer("int32"),
  protocol: choice(routeProtocols),
  containerName: text,
  description: text,
};
const updateFields = { ...ruleFields, active: optional(flag) };

/** One rule; its protocol is TCP or UDP. */
interface Rule {
  readonly externalPort: number;
  readonly targetIp: string;
  readonly targetPort: number;
  readonly protocol: string;
  readonly active: boolean;
  readonly containerName: string;
  readonly description: string;
}

/** Which port leads where. */
export class PassthroughTable {
  readonly #world: World;
  readonly #rules = new Map<string, Rule>();
  #changed: () => void = () => {};

  constructor(world: World) {
    this.#world = world;
  }

  /** Calls that at every change from now on. */
  onChange(look: () => void): void {
    this.#changed = look;
  }

  /** All of them by port, of one port the one that was not changed for longer. */
  list(): readonly Rule[] {
    return [...this.#rules.values()].sort((a, b) => a.externalPort - b.externalPort);
  }

  /** Adds a rule, or takes the port from whoever has it. */
  put(rule: Omit<Rule, "active">): void {
    const container = containerAt(this.#world, rule.targetIp);
    this.#store({
      ...rule,
      protocol: keptProtocol(rule.protocol),
      containerName: rule.containerName === "" && container !== undefined
        ? `${container.username}-container`
        : rule.containerName,
      active: true,
    });
  }

  /** Switches a rule; false when there is none. */
  setActive(externalPort: number, protocol: string, active: boolean): boolean {
    const rule = this.#rules.get(keyOf(externalPort, protocol));
    if (rule === undefined) return false;
    this.#store({ ...rule, active });
    return true;
  }

  /** A changed row goes to the end, as Postgres has it. */
  #store(rule: Rule): void {
    const key = keyOf(rule.externalPort, rule.protocol);
    this.#rules.delete(key);
    this.#rules.set(key, rule);
    this.#changed();
  }

  /** Removes a rule, if there is one. */
  remove(externalPort: number, protocol: string): void {
    this.#rules.delete(keyOf(externalPort, protocol));
    this.#changed();
  }
}

function keptProtocol(protocol: string): string {
  return protocol === "ROUTE_PROTOCOL_UDP" ? protocol : "ROUTE_PROTOCOL_TCP";
}

/** How messages name it, as in `udp:15353`. */
function keyOf(externalPort: number, protocol: string): string {
  return `${protocol === "ROUTE_PROTOCOL_UDP" ? "udp" : "tcp"}:${externalPort}`;
}

function listRules({ world, caller }: Call): unknown {
  requireAdmin(caller);
  const routes = world.area(PassthroughTable).list().map(writeRule);
  return { routes, totalCount: routes.length };
}

function writeRule(rule: Rule): Record<string, unknown> {
  const { externalPort, targetIp, targetPort, protocol, active, containerName, description } = rule;
  return { externalPort, targetIp, targetPort, protocol, active, containerName, description };
}

function addRule({ world, caller, body }: Call): unknown {
  const rule = body(ruleFields);
  requireAdmin(caller);
  checkPort("external_port", rule.externalPort);
  checkTarget(rule);
  world.area(PassthroughTable).put(rule);
  return { route: writeRule({ ...rule, active: true }), message: changed("added", rule) };
}

function updateRule({ world, caller, param, body }: Call): unknown {
  const { active, ...sent } = body(updateFields);
  const externalPort = pathInteger("externalPort", param("externalPort"));
  requireAdmin(caller);
  checkPort("external_port", externalPort);
  const rule = { ...sent, externalPort, protocol: keptProtocol(sent.protocol) };
  const table = world.area(PassthroughTable);
  if (active === undefined || rule.targetIp !== "" || rule.targetPort !== 0) {
    checkTarget(rule);
    table.put(rule);
    return { route: writeRule({ ...rule, active: true }), message: changed("updated", rule) };
  }
  if (!table.setActive(externalPort, rule.protocol, active)) {
    const verb = active ? "enable" : "disable";
    throw goError(`failed to ${verb} passthrough route: passthrough route not found`);
  }
  const key = keyOf(externalPort, rule.protocol);
  return {
    route: writeRule({ ...rule, active }),
    message: `Passthrough route ${active ? "enabled" : "disabled"}: ${key} (will sync to iptables)`,
  };
}

function deleteRule({ world, caller, param, query }: Call): unknown {
  const externalPort = pathInteger("externalPort", param("externalPort"));
  const protocol = queryChoice(query, "protocol", routeProtocols);
  requireAdmin(caller);
  checkPort("external_port", externalPort);
  world.area(PassthroughTable).remove(externalPort, protocol);
  const key = keyOf(externalPort, protocol);
  return { message: `Passthrough route removed: ${key} (will sync to iptables)` };
}

function checkTarget({ targetIp, targetPort }: Pick<Rule, "targetIp" | "targetPort">): void {
  if (targetIp === "") throw goError("target_ip is required");
  checkPort("target_port", targetPort);
}

function checkPort(name: string, port: number): void {
  if (port < 1 || port > 65_535) throw goError(`${name} must be between 1 and 65535`);
}

function changed(how: string, rule: Omit<Rule, "active">): string {
  const key = keyOf(rule.externalPort, rule.protocol);
  return `Passthrough route ${how}: ${key} -> ${rule.targetIp}:${rule.targetPort} (will sync to iptables)`;
}
