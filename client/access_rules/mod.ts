/**
 * Access rules of containers.
 *
 * @module
 */
export type { AccessPreset } from "../containers/firewall.ts";
export type { AccessRules } from "./access_rules.ts";
