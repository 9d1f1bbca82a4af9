import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  activePrompts,
  activeResources,
  activeTools,
  toolNames,
  type ToolSelection,
} from "../../../tools/mod.ts";
import { promptEntries, resourceEntries } from "../../../tools/entries.ts";

function urisOn(selection: ToolSelection, scopes?: readonly string[]): readonly string[] {
  return activeResources(activeTools(selection, { roles: ["admin"], scopes })).on
    .map(({ description }) => description.uri);
}

Deno.test("activeResources() has each resource whose tools are on, and says why the others are off", () => {
  assertEquals(urisOn({}), resourceEntries.map(({ description }) => description.uri));
  assertEquals(urisOn({ toolsets: [] }), []);
  assertEquals(urisOn({ tools: ["get_container"] }), ["containarium://containers/{username}"]);
  assertEquals(urisOn({}, ["ssh:write"]).includes("containarium://containers"), false);
  const { off } = activeResources(activeTools({ tools: ["get_container"] }, undefined));
  const [first] = off;
  assertEquals(first?.entry.description.uri, "containarium://containers");
  assertStringIncludes(first?.reason ?? "", "it needs the tool list_containers, and this server");
});

Deno.test("activePrompts() has each prompt whose tools are on", () => {
  assertEquals(activePrompts(activeTools({}, undefined)).on, promptEntries);
  assertEquals(activePrompts(activeTools({ toolsets: [] }, undefined)).on, []);
});

Deno.test("every resource and prompt names tools that exist, and variables as its URI has them", () => {
  for (const { tools, description } of [...resourceEntries, ...promptEntries]) {
    assertEquals(tools.filter((name) => !toolNames.includes(name)), [], description.name);
    assertEquals(tools.length > 0, true, description.name);
  }
  for (const { variables, description: { uri } } of resourceEntries) {
    assertEquals(
      [...uri.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ""),
      [...variables],
      uri,
    );
  }
});
