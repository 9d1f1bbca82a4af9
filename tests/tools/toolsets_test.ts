import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { activeTools, type ToolSelection, toolsetWords } from "../../tools/mod.ts";
import type { Tool } from "../../tools/tool.ts";
import { defaultToolsets, optInToolsets, registry, toolsets } from "../../tools/toolsets.ts";

function namesOn(
  selection: ToolSelection,
  scopes?: readonly string[],
  roles: readonly string[] = ["admin"],
): readonly string[] {
  return activeTools(selection, { roles, scopes }).on.map(({ name }) => name);
}

const everything: ToolSelection = { toolsets: ["all"] };
const standard: readonly Tool[] = Object.values(defaultToolsets).flat();
const optIn: readonly Tool[] = Object.values<readonly Tool[]>(optInToolsets).flat();
const named = (tools: readonly Tool[]) => tools.map(({ name }) => name);

const all = named(registry);
/** Tools that need no scopes but these. */
const within = (...scopes: readonly string[]) =>
  named(registry.filter((tool) => tool.scopes.every((scope) => scopes.includes(scope))));

Deno.test("activeTools() turns the default toolsets on unless others are chosen", () => {
  assertEquals(namesOn({}), named(standard));
  assertEquals(
    activeTools({}, undefined).on.map(({ name }) => name),
    named(standard),
    "a token that is not a JWT",
  );
  assertEquals(namesOn({ toolsets: ["default"], readOnly: false }), named(standard));
});

Deno.test("activeTools() reads default and all as several toolsets, beside names", () => {
  assertEquals(namesOn(everything), all);
  assertEquals(namesOn({ toolsets: toolsetWords }), all);
  for (const [toolset, tools] of Object.entries<readonly Tool[]>(optInToolsets)) {
    assertEquals(namesOn({ toolsets: [toolset] }), named(tools));
    const added = [...named(standard), ...named(tools)];
    assertEquals(namesOn({ toolsets: [toolset, "default"] }).toSorted(), added.toSorted());
  }
});

Deno.test("activeTools() says how to turn a tool on that is off unless chosen", () => {
  const { off } = activeTools({}, undefined);
  assertEquals([...off.keys()], named(optIn));
  for (const [toolset, tools] of Object.entries<readonly Tool[]>(optInToolsets)) {
    for (const { name } of tools) {
      assertStringIncludes(off.get(name) ?? "", `--toolsets default,${toolset}`);
    }
  }
});

Deno.test("activeTools() goes by the token's scopes; none and * mean all", () => {
  assertEquals(namesOn(everything, ["*"]), all);
  const scopes = [...new Set(registry.flatMap(({ scopes }) => scopes))];
  assertEquals(namesOn(everything, scopes), all);
  const owner = namesOn(everything, ["containers:read", "containers:write"]);
  assertEquals(owner, within("containers:read", "containers:write"));
  assertEquals([owner.includes("run_command"), owner.includes("add_ssh_key")], [true, false]);
  assertEquals(namesOn({}, ["containers:read"]), [
    "list_containers",
    "get_container",
    "get_metrics",
    "get_system_info",
    "list_snapshots",
    "list_templates",
    "get_quotas",
    "list_backends",
    "search_api",
    "call_api",
  ]);
  assertEquals(namesOn({}, ["secrets:read"]), [
    "get_metrics",
    "get_system_info",
    "search_api",
    "call_api",
  ]);
});

Deno.test("activeTools() goes by the token's roles", () => {
  const open = registry.filter(({ role }) => role === undefined).map(({ name }) => name);
  assertEquals(namesOn(everything, undefined, ["user"]), open);
  const named = registry.filter(({ role, insteadOfRole }) => !role || insteadOfRole !== undefined)
    .map(({ name }) => name);
  assertEquals(
    namesOn(everything, ["*"], []),
    named,
    "a scope is no role, unless the daemon says so",
  );
  assertEquals(namesOn(everything, undefined, ["user", "admin"]), all);
  const { off } = activeTools({}, { roles: ["user", "\u001b"], scopes: [] });
  assertEquals(
    off.get("move_container"),
    "the daemon allows it only to a token with the admin role (roles of this token: user, \\u{1b})",
  );
});

Deno.test("activeTools() takes a scope that the token names for the role, where the daemon does", () => {
  const roles = ["user"];
  assertEquals(namesOn({ tools: ["get_audit_log"] }, ["audit:read"], roles), ["get_audit_log"]);
  assertEquals(namesOn({ tools: ["get_audit_log"] }, ["containers:read"], roles), []);
  assertEquals(namesOn({ tools: ["get_audit_log"] }, ["containers:read"], ["admin"]), [
    "get_audit_log",
  ]);
  const { off } = activeTools({ tools: ["get_audit_log"] }, { roles, scopes: undefined });
  assertEquals(
    off.get("get_audit_log"),
    "the daemon allows it only to a token with the admin role or the scope audit:read (roles of " +
      "this token: user)",
  );
});

Deno.test("activeTools() selects by toolset and by name, and says why the others are off", () => {
  assertEquals(namesOn({ tools: ["get_container"] }), ["get_container"]);
  assertEquals(namesOn({ toolsets: [] }), []);
  const beside = namesOn({ toolsets: ["containers"], tools: ["get_container", "run_command"] });
  assertEquals(beside, [...toolsets.containers.map(({ name }) => name), "run_command"]);
  assertEquals(namesOn({ tools: ["delete_container"], readOnly: true }), []);
  const { on, off } = activeTools({ readOnly: true }, { roles: [], scopes: ["containers:read"] });
  assertEquals([...on.map(({ name }) => name), ...off.keys()].sort(), all.toSorted());
  assertStringIncludes(off.get("delete_container") ?? "", "--read-only");
});

Deno.test("activeTools() describes every tool but get_secret as a reading one with --read-only", () => {
  const hints = activeTools({ ...everything, readOnly: true }, undefined).on.map((
    { name, description },
  ) => [
    name,
    description.annotations.readOnlyHint && !description.annotations.destructiveHint,
  ]);
  // Clients let reading ones pass without asking.
  assertEquals(hints.filter(([, isReader]) => !isReader), [["get_secret", false]]);
  assertEquals(hints.map(([name]) => name).includes("call_api"), true);
});

Deno.test("activeTools() escapes the token's scopes, and shows a limited number", () => {
  const hostile = "\u001b[2J\u{e0041}" + "x".repeat(1_000);
  const scopes = [hostile, ...Array.from({ length: 1_000 }, (_, n) => `s${n}`)];
  const reason = activeTools({}, { roles: ["admin"], scopes }).off.get("list_containers") ?? "";
  assert(reason.includes("\\u{1b}[2J\\u{e0041}xxx"), reason);
  assert(reason.includes("971 more") && reason.length < 700, reason);
});
