import { assert, assertEquals } from "@std/assert";
import {
  harmless,
  isPlainName,
  isQuotable,
  nameIn,
  namingArguments,
} from "../../server/harmless_arguments.ts";
import { registry } from "../../tools/toolsets.ts";

Deno.test("arguments that are written out by name exist, each in its tool", () => {
  for (const { name, input } of registry) {
    for (const key of namingArguments.get(name) ?? []) {
      assert(Object.hasOwn(input.shape, key), `${name} has no ${key}`);
    }
  }
});

Deno.test("nameIn() takes only what can be a name, of a tool that has one", () => {
  assertEquals(nameIn("create_snapshot", "name", "before-1.2"), "before-1.2");
  assertEquals(nameIn("create_snapshot", "note", "before"), undefined);
  assertEquals(nameIn("run_command", "name", "before"), undefined);
  for (const value of ["two words", "line\n", "x".repeat(129), "ctnr_0123456789", 7, undefined]) {
    assertEquals(nameIn("create_snapshot", "name", value), undefined, String(value));
  }
});

Deno.test("no question of a tool that reaches a shell, or that quotes labels or keys, is recorded", () => {
  for (const { name, reach } of registry) {
    if (reach === "shell" || /ssh_key|update_|api/.test(name)) assert(!isQuotable(name), name);
  }
});

Deno.test("the questions of these tools stand in the record, and of no other", () => {
  assertEquals(registry.map(({ name }) => name).filter(isQuotable).toSorted(), [
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
    "run_agent",
    "set_metrics_export",
    "set_secret",
    "stop_container",
    "stop_containers",
    "verify_backup",
  ]);
});

Deno.test("harmless() takes what says nothing secret, by its schema or its name", () => {
  const text = { type: "string" };
  const rows: readonly (readonly [key: string, value: unknown, schema: unknown, is: boolean])[] = [
    ["x", true, { type: "boolean" }, true],
    ["x", false, { type: "boolean" }, true],
    ["x", true, text, false],
    ["x", 1, { type: "integer" }, true],
    ["x", 1.5, { type: "number" }, true],
    ["x", 1, text, false],
    ["x", 1, undefined, false],
    ["x", "fast", { enum: ["fast", "slow"] }, true],
    ["x", "medium", { enum: ["fast", "slow"] }, false],
    ["x", "fast", { enum: "fast" }, false],
    ["x", "alice", text, false],
    ["username", "alice", text, true],
    ["usernames", "alice", text, true],
    ["username", "two words", text, false],
    ["cpu", "2", text, true],
    ["cpu", "0.125", text, true],
    ["cpu", "1234.5", text, true],
    ["cpu", "12345", text, false],
    ["cpu", "0.1234", text, false],
    ["cpu", "2 cores", text, false],
    ["memory", "512MB", text, true],
    ["memory", "512 MiB", text, true],
    ["memory", "1.5g", text, true],
    ["disk", "10", text, true],
    ["disk", "10XB", text, false],
    ["disk", "1234567890123", text, false],
    ["ttl", "1h30m", text, true],
    ["ttl", "1w1d1h1m", text, true],
    ["ttl", "1w1d1h1m1s", text, false],
    ["ttl", "1y", text, false],
    ["ttl", "", text, false],
    ["username", null, text, false],
    ["usernames", ["alice"], text, false],
    ["x", undefined, text, false],
  ];
  for (const [key, value, schema, is] of rows) {
    assertEquals(harmless(key, value, schema), is ? value : undefined, `${key} ${value}`);
  }
});

Deno.test("isPlainName() takes up to 48 plain characters", () => {
  for (const name of ["claude-code", "My Client 1.0", "x".repeat(48)]) assert(isPlainName(name));
  for (const name of ["", "x".repeat(49), "a\n", "a/b", 7, undefined]) assert(!isPlainName(name));
});
