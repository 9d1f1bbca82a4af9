/** Network policies of tenants, and the signatures that traffic is looked at for. @module */

import { requireAdmin, requireAdminOr } from "./auth.ts";
import { goTimeProblem } from "./go_text.ts";
import { readPrefix, readPrefixOrAddress } from "./ip_prefix.ts";
import {
  choice,
  type Decoded,
  flag,
  integer,
  message,
  messages,
  text,
  texts,
} from "./protojson.ts";
import { GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";

/** Policies. */
export const networkPolicyRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/network-policies", handle: list },
  { method: "POST", pattern: "/v1/network-policies", handle: set },
  { method: "GET", pattern: "/v1/network-policies/{tenant}", handle: get },
  { method: "DELETE", pattern: "/v1/network-policies/{tenant}", handle: remove },
  { method: "POST", pattern: "/v1/network-policies/deny-rules", handle: patchDenyRules },
].map((route) => ({ ...route, since: "0.67.0" }));

const modes = [
  "NETWORK_POLICY_MODE_UNSPECIFIED",
  "NETWORK_POLICY_MODE_LOG_ONLY",
  "NETWORK_POLICY_MODE_ENFORCE",
];
const denyFields = {
  cidr: text,
  port: integer("int32"),
  proto: text,
  note: text,
  expiresAt: text,
};
const policyFields = {
  tenant: text,
  allowIntraTenant: flag,
  egressCidrs: texts,
  egressDomains: texts,
  mode: choice(modes),
  allowMetadata: flag,
  source: text,
  denyRules: messages(denyFields),
};
const patchFields = { tenant: text, add: messages(denyFields), removeCidrs: texts };

type DenyRule = Decoded<typeof denyFields>;
type Policy = Decoded<typeof policyFields>;

/** The policies by tenant: whether there is a container of that name does not matter. */
export class PolicyStore {
  /** By tenant. */
  readonly policies = new Map<string, Policy>();
}

/** What may read them without being an admin. */
export function requirePolicyReader({ caller }: Call): void {
  requireAdminOr(caller, "network-policy:read");
}

/** What is wrong with a request. */
export function invalid(problem: string): GrpcError {
  return new GrpcError("InvalidArgument", problem);
}

function list(call: Call): unknown {
  requirePolicyReader(call);
  const policies = [...call.world.area(PolicyStore).policies.values()];
  return { policies: policies.sort((a, b) => a.tenant < b.tenant ? -1 : 1) };
}

function get(call: Call): unknown {
  requirePolicyReader(call);
  const policy = call.world.area(PolicyStore).policies.get(call.param("tenant"));
  if (policy !== undefined) return { policy };
  throw new GrpcError("NotFound", `no network policy for tenant "${call.param("tenant")}"`);
}

function set({ world, caller, body }: Call): unknown {
  const { policy: sent } = body({ policy: message(policyFields) });
  requireAdmin(caller);
  if (sent === undefined) throw invalid("network policy is nil");
  const { tenant } = sent;
  if (tenant === "") throw invalid("network policy: tenant is required");
  if (!modes.includes(sent.mode)) throw invalid(`network policy: unknown mode ${sent.mode}`);
  const store = world.area(PolicyStore).policies;
  const policy: Policy = {
    ...sent,
    egressCidrs: sent.egressCidrs.map(readCidr),
    egressDomains: [...new Set(sent.egressDomains.map(readDomain))].sort(),
    mode: sent.mode === modes[0] ? "NETWORK_POLICY_MODE_LOG_ONLY" : sent.mode,
    denyRules: sent.denyRules.map(readDenyRule),
  };
  // These are only answered: the stored ones have a way of their own.
  store.set(tenant, { ...policy, denyRules: store.get(tenant)?.denyRules ?? [] });
  return { policy };
}

function readCidr(cidr: string): string {
  const prefix = readPrefix(cidr);
  if (prefix.ok) return prefix.text;
  throw invalid(`network policy: invalid egress CIDR "${cidr}": ${prefix.problem}`);
}

function readDomain(domain: string): string {
  if (!/[:/\s]/.test(domain)) return domain.toLowerCase();
  throw invalid(
    `network policy: egress domain "${domain}" must be a bare hostname (no scheme/port/path)`,
  );
}

function readDenyRule(rule: DenyRule): DenyRule {
  const { cidr, port, proto, expiresAt } = rule;
  const prefix = readPrefixOrAddress(cidr);
  if (!prefix.ok) {
    throw invalid(`network policy: invalid deny address "${cidr}": ${prefix.problem}`);
  }
  if (!["tcp", "udp", ""].includes(proto)) {
    throw invalid(`network policy: unknown deny proto "${proto}" (want tcp, udp, or empty)`);
  }
  if (port < 0 || port > 65_535) {
    throw invalid(`network policy: deny rule port ${port} out of range (0-65535)`);
  }
  const problem = expiresAt === "" ? undefined : goTimeProblem(expiresAt);
  if (problem !== undefined) {
    throw invalid(
      `network policy: invalid deny expires_at "${expiresAt}" (want RFC3339): ${problem}`,
    );
  }
  return { ...rule, cidr: prefix.text };
}

function remove({ world, caller, param }: Call): unknown {
  requireAdmin(caller);
  world.area(PolicyStore).policies.delete(param("tenant"));
  return {};
}

function patchDenyRules({ world, caller, body }: Call): unknown {
  const { tenant, add, removeCidrs } = body(patchFields);
  requireAdmin(caller);
  if (tenant === "") throw invalid("tenant is required");
  if (add.length + removeCidrs.length === 0) {
    throw invalid("patch must add or remove at least one deny rule");
  }
  const added = add.map(readDenyRule);
  const removed = removeCidrs.map((cidr) => {
    const prefix = readPrefixOrAddress(cidr);
    if (!prefix.ok) throw invalid(`remove cidr "${cidr}": ${prefix.problem}`);
    return prefix.text;
  });
  const store = world.area(PolicyStore).policies;
  const policy = store.get(tenant) ?? emptyPolicy(tenant);
  const kept = policy.denyRules.filter(({ cidr }) => !removed.includes(cidr));
  if (added.length === 0 && kept.length === policy.denyRules.length) {
    throw new GrpcError("NotFound", `no matching deny rule to remove for tenant "${tenant}"`);
  }
  const patched = { ...policy, denyRules: [...kept, ...added] };
  store.set(tenant, patched);
  return { policy: patched };
}

function emptyPolicy(tenant: string): Policy {
  return {
    tenant,
    allowIntraTenant: false,
    egressCidrs: [],
    egressDomains: [],
    mode: "NETWORK_POLICY_MODE_UNSPECIFIED",
    allowMetadata: false,
    source: "",
    denyRules: [],
  };
}
