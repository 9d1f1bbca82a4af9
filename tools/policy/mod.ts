/**
 * The policy file: templates, quotas, and what can be undone; reloaded when the file changes.
 *
 * @module
 */
export { expectedGrace, graceSeconds, isGrace } from "./grace.ts";
export { keepPolicy, type PolicyText, withGrace, withoutPolicy } from "./live_policy.ts";
export {
  noPolicy,
  parsePolicy,
  type Policy,
  PolicyError,
  type PolicySource,
  type Quotas,
} from "./policy.ts";
export { type ListedWith, partsOf, type PolicyPart } from "./policy_part.ts";
export type { QuotaLimits, RiskyCall, TemplateFields } from "./schema.ts";
export { noTemplate, recipeFields, type Template } from "./templates.ts";
