import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { activeTools, type ToolSelection, toolsetNames } from "../../tools/mod.ts";
import { registry, toolsets } from "../../tools/toolsets.ts";

function namesOn(
  selection: ToolSelection,
  scopes?: readonly string[],
  roles: readonly string[] = ["admin"],
): readonly string[] {
  return activeTools(selection, { roles, scopes }).on.map(({ name }) => name);
}

const all = registry.map(({ name }) => name);
/** Tools that need no scopes but these. */
const within = (...scopes: readonly string[]) =>
  registry.filter((tool) => tool.scopes.every((scope) => scopes.includes(scope)))
    .map(({ name }) => name);

Deno.test("activeTools() turns every tool on by default", () => {
  assertEquals(namesOn({}), all);
  assertEquals(
    activeTools({}, undefined).on.map(({ name }) => name),
    all,
    "a token that is not a JWT",
  );
  assertEquals(namesOn({ toolsets: toolsetNames, readOnly: false }), all);
});

Deno.test("activeTools() goes by the token's scopes; none and * mean all", () => {
  assertEquals(namesOn({}, ["*"]), all);
  const scopes = [...new Set(registry.flatMap(({ scopes }) => scopes))];
  assertEquals(namesOn({}, scopes), all);
  const owner = namesOn({}, ["containers:read", "containers:write"]);
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
  assertEquals(namesOn({}, undefined, ["user"]), open);
  assertEquals(namesOn({}, ["*"], []), open, "a scope is no role");
  assertEquals(namesOn({}, undefined, ["user", "admin"]), all);
  const { off } = activeTools({}, { roles: ["user", "\u001b"], scopes: [] });
  assertEquals(
    off.get("move_container"),
    "the daemon allows it only to a token with the admin role (roles of this token: user, \\u{1b})",
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
  const hints = activeTools({ readOnly: true }, undefined).on.map(({ name, description }) => [
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
