/**
 * The policy file: templates and quotas, reloaded when the file changes.
 *
 * @module
 */
export { keepPolicy, type PolicyText, withoutPolicy } from "./live_policy.ts";
export {
  noPolicy,
  parsePolicy,
  type Policy,
  PolicyError,
  type PolicySource,
  type Quotas,
} from "./policy.ts";
export type { QuotaLimits, TemplateFields } from "./schema.ts";
export { noTemplate, recipeFields, type Template } from "./templates.ts";
