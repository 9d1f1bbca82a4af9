/**
 * Which arguments of a call may be written down as they are: the one source for the debug log and for the
 * record of changes. Whatever is not listed here may be typed text or a secret.
 *
 * @module
 */
import { usernamePattern, withoutSecrets } from "../client/internal.ts";
import { isObject } from "./json.ts";

/** An argument that says nothing secret. */
export type Harmless = string | number | boolean;

const size = /^\d{1,12}(?:\.\d{1,3})? ?(?:[KMGTP]i?)?B?$/i;

/** By the name of the argument, in any tool. */
const shapes: ReadonlyMap<string, RegExp> = new Map([
  ["username", usernamePattern],
  ["usernames", usernamePattern],
  ["cpu", /^\d{1,4}(?:\.\d{1,3})?$/],
  ["memory", size],
  ["disk", size],
  ["ttl", /^(?:\d{1,6}[smhdw]){1,4}$/],
]);

/**
 * Returns an argument if it may stand in a log: a switch, a number, one of the words of its schema, a
 * username, a size.
 *
 * @param schema The argument's own JSON Schema
 */
export function harmless(key: string, value: unknown, schema: unknown): Harmless | undefined {
  const { type, enum: words } = isObject(schema) ? schema : {};
  switch (typeof value) {
    case "boolean":
      return type === "boolean" ? value : undefined;
    case "number":
      // A number where text is expected may be a code that somebody types.
      return type === "number" || type === "integer" ? value : undefined;
    case "string": {
      const isWord = Array.isArray(words) && words.includes(value);
      return isWord || shapes.get(key)?.test(value) === true ? value : undefined;
    }
    default:
      return undefined;
  }
}

/** By tool, the arguments that name what the call is about. The record has them, the log does not. */
export const namingArguments: ReadonlyMap<string, readonly string[]> = new Map(Object.entries({
  create_container: ["image", "template", "backend", "pool"],
  create_containers: ["image", "template", "backend", "pool"],
  create_from_recipe: ["recipe", "gpu"],
  install_stack: ["stack"],
  move_container: ["backend"],
  create_snapshot: ["name"],
  restore_snapshot: ["name"],
  delete_snapshot: ["name"],
  send_to_terminal: ["terminal_id"],
  close_terminal: ["terminal_id"],
  expose_port: ["domain"],
  remove_route: ["domain"],
  get_secret: ["name"],
  set_secret: ["name"],
  delete_secret: ["name"],
  create_backup: ["database", "password_secret", "bucket"],
  restore_backup: ["id", "database", "password_secret"],
  verify_backup: ["id", "target", "password_secret"],
  delete_backup: ["id"],
  resolve_finding: ["id"],
  call_api: ["operation"],
  revoke_token: ["jti"],
  add_collaborator: ["collaborator"],
  remove_collaborator: ["collaborator"],
  set_alert: ["alert"],
  delete_alert: ["alert"],
  run_agent: ["agent", "crew"],
  call_agent: ["agent"],
  validate_gpu: ["backend"],
  provision_runners: ["repo", "prefix", "template"],
}));

const namePattern = /^[\w.:/@+*-]{1,128}$/;

/** Returns an argument that names what a call is about, for the record of changes, if it can be a name. */
export function nameIn(tool: string, key: string, value: unknown): string | undefined {
  if (namingArguments.get(tool)?.includes(key) !== true || typeof value !== "string") {
    return undefined;
  }
  return namePattern.test(value) && withoutSecrets(value) === value ? value : undefined;
}

/** Tools whose questions to the user are made of names and sizes, and quote nothing that was typed. */
const quotable: ReadonlySet<string> = new Set([
  "add_collaborator",
  "cleanup_disk",
  "create_backup",
  "delete_backup",
  "delete_container",
  "delete_containers",
  "delete_secret",
  "delete_snapshot",
  "expose_port",
  "get_secret",
  "migrate_secrets",
  "move_container",
  "remove_collaborator",
  "remove_route",
  "remove_runner",
  "resize_container",
  "restart_container",
  "restore_backup",
  "restore_snapshot",
  "revoke_token",
  "set_metrics_export",
  "run_agent",
  "set_secret",
  "stop_container",
  "stop_containers",
  "verify_backup",
]);

/** Whether the question of a tool may stand in the record. */
export function isQuotable(tool: string): boolean {
  return quotable.has(tool);
}

/** What a client calls itself or its version: short, and of plain characters. */
export function isPlainName(value: unknown): value is string {
  return typeof value === "string" && /^[\w. -]{1,48}$/.test(value);
}
