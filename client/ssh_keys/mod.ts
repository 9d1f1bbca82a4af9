/**
 * Who may log in to a container by SSH.
 *
 * @module
 */
export { daemonKeyProblem, type PublicKeyRules } from "./public_key.ts";
export type { KeyChange, KeyList, KeyPlace, KeyReport, SshKey } from "./report.ts";
export { type KeyChoice, readChoice } from "./key_choice.ts";
export type { AddKeyOptions, RemoveKeyOptions, SshKeys } from "./ssh_keys.ts";
