/**
 * SSH keys of containers.
 *
 * @module
 */
export { daemonKeyProblem, type PublicKeyRules } from "./public_key.ts";
export type {
  KeyChange,
  KeyList,
  KeyOutlook,
  KeyPlace,
  KeyRemovalPlan,
  KeyReport,
  SshKey,
} from "./report.ts";
export { type KeyChoice, readChoice } from "./key_choice.ts";
export type { RemoveKeyOptions } from "./removal.ts";
export type { AddKeyOptions, SshKeys } from "./ssh_keys.ts";
