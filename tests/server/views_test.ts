/** MCP Apps on the wire: who learns of a view, and who does not. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connect, connectProcess } from "../connect.ts";
import { startDaemon } from "../daemon/mod.ts";
import type { Session } from "../session.ts";
import { modern } from "./modern_envelope.ts";

const extensions = (mimeTypes: unknown) => ({
  extensions: { "io.modelcontextprotocol/ui": { mimeTypes } },
});
const apps = extensions(["text/html;profile=mcp-app"]);
const viewed = ["list_containers", "get_metrics"];
const uri = "ui://containarium/fleet";

/** The `_meta` of each tool that has one, by its name. */
async function metaOfTools(server: Session, params = {}): Promise<Record<string, unknown>> {
  const { tools } = await server.request("tools/list", params);
  assert(Array.isArray(tools));
  return Object.fromEntries(
    tools.flatMap(({ name, _meta: meta }) => meta === undefined ? [] : [[name, meta]]),
  );
}

const withView = Object.fromEntries(viewed.map((name) => [name, { ui: { resourceUri: uri } }]));

Deno.test("tools/list names the view to a client with MCP Apps, and to no other", async (t) => {
  await using daemon = await startDaemon();
  const declared: readonly (readonly [string, Readonly<Record<string, unknown>>, unknown])[] = [
    ["views of our kind", apps, withView],
    ["several kinds", extensions(["text/plain", "text/html;profile=mcp-app"]), withView],
    ["nothing", {}, {}],
    ["other kinds", extensions(["text/html"]), {}],
    ["no kinds", extensions(undefined), {}],
    ["another extension", { extensions: { "io.modelcontextprotocol/tasks": {} } }, {}],
  ];
  for (const [what, capabilities, expected] of declared) {
    await t.step(`2025-11-25, declaring ${what}`, async () => {
      await using server = await connect(daemon, { capabilities });
      assertEquals(await metaOfTools(server), expected);
    });
    await t.step(`2026-07-28, declaring ${what}`, async () => {
      await using server = await connect(daemon, { initialize: false });
      const more = { "io.modelcontextprotocol/clientCapabilities": capabilities };
      assertEquals(await metaOfTools(server, modern({}, more)), expected);
    });
  }
  await t.step("the one revision does not decide for the other", async () => {
    await using server = await connect(daemon, { capabilities: apps });
    assertEquals(await metaOfTools(server, modern()), {});
    assertEquals(await metaOfTools(server), withView);
  });
});

Deno.test("tools/list names no view that is off", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon, {
    args: ["--tools", "get_metrics"],
    capabilities: apps,
  });
  assertEquals(await metaOfTools(server), {});
});

Deno.test("resources/read returns the view, which no list names", async () => {
  await using daemon = await startDaemon();
  await using server = await connectProcess(daemon);
  for (const method of ["resources/list", "resources/templates/list"]) {
    assert(!JSON.stringify(await server.request(method)).includes("ui://"), method);
  }
  const { contents } = await server.request("resources/read", { uri });
  assert(Array.isArray(contents) && contents.length === 1);
  const [{ text, ...content }] = contents;
  assertEquals(content, {
    uri,
    mimeType: "text/html;profile=mcp-app",
    _meta: { ui: { prefersBorder: true } },
  });
  assert(text.startsWith("<!DOCTYPE html>"));
  assertEquals(daemon.requests.map(({ path }) => path), [], "it is the same for every fleet");
});

Deno.test("the view knows the tools that are on, and is off with list_containers", async () => {
  await using daemon = await startDaemon();
  const toolsIn = async (args: readonly string[]) => {
    await using server = await connect(daemon, { args });
    const { contents } = await server.request("resources/read", { uri });
    const [{ text }] = Array.isArray(contents) ? contents : [];
    return / data-tools="([^"]*)"/.exec(text)?.[1]?.split(" ") ?? [];
  };
  const all = await toolsIn([]);
  assert(all.includes("stop_container") && all.includes("get_logs"));
  const readOnly = await toolsIn(["--read-only"]);
  assert(!readOnly.includes("stop_container") && readOnly.includes("get_logs"));
  await using server = await connect(daemon, { args: ["--toolsets", "logs"] });
  const refusal: unknown = await server.request("resources/read", { uri }).catch((error) => error);
  assertStringIncludes(String(refusal), `${uri} is off`);
});
