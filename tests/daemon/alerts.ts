/** Alert rules: the daemon's own, and those that admins add. @module */

import alertDefaults from "./alert_defaults.json" with { type: "json" };
import { requireAdmin, requireScope } from "./auth.ts";
import { coreAddress } from "./core_services.ts";
import { flag, optional, text, textMap } from "./protojson.ts";
import { GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import type { World } from "./world.ts";

/** Alert rules. */
export const alertRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/alerts", handle: list },
  { method: "POST", pattern: "/v1/alerts", handle: create },
  { method: "GET", pattern: "/v1/alerts/defaults", handle: () => ({ rules: alertDefaults }) },
  { method: "GET", pattern: "/v1/alerts/{id}", handle: get },
  { method: "PUT", pattern: "/v1/alerts/{id}", handle: update },
  { method: "DELETE", pattern: "/v1/alerts/{id}", handle: remove },
].map((route) => ({ ...route, since: "0.67.0" }));

/** How many of its own rules the daemon counts: not all that it lists. */
export const defaultRuleCount = 9;

const ruleFields = {
  id: text,
  name: text,
  expr: text,
  duration: text,
  severity: text,
  description: text,
  labels: textMap,
  annotations: textMap,
  enabled: optional(flag),
};
const severities = ["critical", "warning", "info"];

/** One rule, as it is written. */
interface AlertRule {
  readonly id: string;
  readonly name: string;
  readonly expr: string;
  readonly duration: string;
  readonly severity: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly enabled: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The rules that admins added, by id, oldest first. */
export class AlertStore {
  /** By id. */
  readonly rules = new Map<string, AlertRule>();
}

/** Whether there is something to alert with. */
export function isAlerting(world: World): boolean {
  return world.services.postgres && coreAddress(world, "victoriametrics") !== undefined;
}

/** Refuses without it. */
export function demandAlerting(world: World): void {
  if (!isAlerting(world)) throw new GrpcError("Unavailable", "alerting is not configured");
}

/** Refuses all but admins who may do that with alerts. */
export function requireAlertAdmin({ caller }: Call, verb: "read" | "write"): void {
  requireAdmin(caller);
  requireScope(caller, `alerts:${verb}`);
}

function list(call: Call): unknown {
  requireAlertAdmin(call, "read");
  return { rules: [...call.world.area(AlertStore).rules.values()].reverse() };
}

function create(call: Call): unknown {
  const sent = call.body(ruleFields);
  requireAlertAdmin(call, "write");
  demandAlerting(call.world);
  if (sent.name === "") throw invalid("name is required");
  if (sent.expr === "") throw invalid("expr is required");
  checkSeverity(sent.severity);
  const now = nowSeconds();
  const rule: AlertRule = {
    ...sent,
    id: crypto.randomUUID(),
    duration: sent.duration || "5m",
    severity: sent.severity || "warning",
    enabled: sent.enabled ?? false,
    createdAt: now,
    updatedAt: now,
  };
  // Neither the expression nor the duration is looked at.
  call.world.area(AlertStore).rules.set(rule.id, rule);
  return { rule };
}

function get(call: Call): unknown {
  requireAlertAdmin(call, "read");
  return { rule: demandRule(call, "get") };
}

function update(call: Call): unknown {
  const sent = call.body(ruleFields);
  requireAlertAdmin(call, "write");
  const before = demandRule(call, "get");
  checkSeverity(sent.severity);
  const some = (map: Readonly<Record<string, string>>) => Object.keys(map).length > 0;
  const rule: AlertRule = {
    ...before,
    name: sent.name || before.name,
    expr: sent.expr || before.expr,
    duration: sent.duration || before.duration,
    severity: sent.severity || before.severity,
    description: sent.description || before.description,
    labels: some(sent.labels) ? sent.labels : before.labels,
    annotations: some(sent.annotations) ? sent.annotations : before.annotations,
    enabled: sent.enabled ?? before.enabled,
    updatedAt: nowSeconds(),
  };
  call.world.area(AlertStore).rules.set(rule.id, rule);
  return { rule };
}

function remove(call: Call): unknown {
  requireAlertAdmin(call, "write");
  const { id } = demandRule(call, "delete");
  call.world.area(AlertStore).rules.delete(id);
  return {};
}

function demandRule(call: Call, verb: "get" | "delete"): AlertRule {
  demandAlerting(call.world);
  const id = call.param("id");
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) {
    const failed = `failed to ${verb} alert rule`;
    throw new GrpcError(
      "Internal",
      `${failed}: ${failed}: ERROR: invalid input syntax for type uuid: "${id}" (SQLSTATE 22P02)`,
    );
  }
  const rule = call.world.area(AlertStore).rules.get(id);
  if (rule === undefined) throw new GrpcError("NotFound", `alert rule not found: ${id}`);
  return rule;
}

function checkSeverity(severity: string): void {
  if (severity === "" || severities.includes(severity)) return;
  throw invalid(
    `severity "${severity}" is not one of "critical", "warning", "info" — Alertmanager routes on this label, so an unrecognised value produces a rule that fires and reaches nobody`,
  );
}

function nowSeconds(): string {
  return String(Math.floor(Date.now() / 1000));
}

function invalid(problem: string): GrpcError {
  return new GrpcError("InvalidArgument", problem);
}
