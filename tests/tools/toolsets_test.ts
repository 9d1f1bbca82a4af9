import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { activeTools, type ToolSelection, toolsetNames } from "../../tools/mod.ts";
import { registry, toolsets } from "../../tools/toolsets.ts";

function namesOn(selection: ToolSelection, scopes?: readonly string[]): readonly string[] {
  return activeTools(selection, scopes === undefined ? {} : { scopes }).on.map(({ name }) => name);
}

const all = registry.map(({ name }) => name);
/** Those that need no scopes but these. */
const within = (...scopes: readonly string[]) =>
  registry.filter((tool) => tool.scopes.every((scope) => scopes.includes(scope)))
    .map(({ name }) => name);

Deno.test("every tool is on unless something says otherwise", () => {
  assertEquals(namesOn({}), all);
  assertEquals(
    activeTools({}, undefined).on.map(({ name }) => name),
    all,
    "a token that is no JWT",
  );
  assertEquals(namesOn({ toolsets: toolsetNames, readOnly: false }), all);
});

Deno.test("a token's scopes decide: none of them is all, and * is all", () => {
  assertEquals(namesOn({}, ["*"]), all);
  assertEquals(namesOn({}, ["containers:read", "containers:write", "ssh:write"]), all);
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
  ]);
  assertEquals(namesOn({}, ["secrets:read"]), ["get_metrics", "get_system_info"]);
});

Deno.test("tools are chosen by name beside their sets, and what is off says why", () => {
  assertEquals(namesOn({ tools: ["get_container"] }), ["get_container"]);
  assertEquals(namesOn({ toolsets: [] }), []);
  const beside = namesOn({ toolsets: ["containers"], tools: ["get_container", "run_command"] });
  assertEquals(beside, [...toolsets.containers.map(({ name }) => name), "run_command"]);
  assertEquals(namesOn({ tools: ["delete_container"], readOnly: true }), []);
  const { on, off } = activeTools({ readOnly: true }, { scopes: ["containers:read"] });
  assertEquals([...on.map(({ name }) => name), ...off.keys()].sort(), all.toSorted());
  assertStringIncludes(off.get("delete_container") ?? "", "--read-only");
});

Deno.test("activeTools() shows of the token's scopes what can be seen, and not thousands", () => {
  const hostile = "\u001b[2J\u{e0041}" + "x".repeat(1_000);
  const scopes = [hostile, ...Array.from({ length: 1_000 }, (_, n) => `s${n}`)];
  const reason = activeTools({}, { scopes }).off.get("list_containers") ?? "";
  assert(reason.includes("\\u{1b}[2J\\u{e0041}xxx"), reason);
  assert(reason.includes("971 more") && reason.length < 700, reason);
});
