import { readFlag, readList, readNumber, readObject, readText } from "../wire.ts";

/** Addresses that a policy denies. */
export interface DenyRule {
  /** The addresses: `192.0.2.0/24`. */
  readonly cidr: string;
  /** The port; 0 for all. */
  readonly port: number;
  /** `tcp` or `udp`; absent for both. */
  readonly protocol: string | undefined;
}

/** What a tenant's containers may reach. */
export interface NetworkPolicy {
  /** Whose containers: a username. */
  readonly tenant: string;
  /** Whether traffic is stopped. Otherwise it is only logged. */
  readonly isEnforced: boolean;
  /** Whether the tenant's containers reach each other. */
  readonly allowIntraTenant: boolean;
  /** Addresses that they may reach. */
  readonly egressCidrs: readonly string[];
  /** Domains that they may reach. */
  readonly egressDomains: readonly string[];
  /** Addresses that they may not reach. */
  readonly denyRules: readonly DenyRule[];
}

/** Reads the daemon's NetworkPolicy message. */
export function readNetworkPolicy(value: unknown): NetworkPolicy {
  const wire = readObject(value, "policy");
  return {
    tenant: readText(wire.tenant) ?? "",
    isEnforced: wire.mode === "NETWORK_POLICY_MODE_ENFORCE",
    allowIntraTenant: readFlag(wire.allowIntraTenant),
    egressCidrs: readTexts(wire.egressCidrs, "egressCidrs"),
    egressDomains: readTexts(wire.egressDomains, "egressDomains"),
    denyRules: readList(wire.denyRules, "denyRules").map(readDenyRule),
  };
}

function readTexts(value: unknown, name: string): readonly string[] {
  return readList(value, name).map((one) => readText(one) ?? "");
}

function readDenyRule(value: unknown): DenyRule {
  const { cidr, port, proto } = readObject(value, "rule");
  return { cidr: readText(cidr) ?? "", port: readNumber(port), protocol: readText(proto) };
}

/** Returns whether two readings are of a policy that says the same. */
export function isSamePolicy(one: NetworkPolicy, other: NetworkPolicy): boolean {
  // Both come from the same function, so their keys have the same order.
  return JSON.stringify(one) === JSON.stringify(other);
}
