import { assert, assertEquals } from "@std/assert";
import { isQuotable, nameIn, namingArguments } from "../../server/harmless_arguments.ts";
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
