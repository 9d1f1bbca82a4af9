/**
 * What tenants' containers may reach.
 *
 * @module
 */
export type { DenyRule, NetworkPolicy } from "./network_policy.ts";
export type {
  NetworkPolicies,
  RemovePolicyOptions,
  RemovePolicyResult,
} from "./network_policies.ts";
