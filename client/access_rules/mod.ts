/**
 * Access rules of containers.
 *
 * @module
 */
export type { AccessPreset, AccessRules } from "./access_rules.ts";
