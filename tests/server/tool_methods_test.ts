/** What `tools/call` says of a tool that is not there, and what it sends beside the answer. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { ContainariumClient } from "../../client/mod.ts";
import { silent } from "../../client/internal.ts";
import { serve } from "../../server/server.ts";
import { entryOf } from "../../tools/entry.ts";
import { converse } from "./converse.ts";
import { makeTool, secret, serveTools } from "./fixture.ts";

Deno.test("tools/call says what to use in place of a tool that other servers have", async () => {
  const client = new ContainariumClient({ serverUrl: "http://127.0.0.1:1", token: secret });
  const tools = {
    on: [entryOf(makeTool(), "tests")],
    off: new Map([
      ["validate_gpu", "not wanted"],
      ["run_command", "a test"],
      ["set_secret", "not wanted"],
      ["call_api", "a test"],
    ]),
    readOnly: false,
  };
  await using server = converse(async (input, output) => {
    const writer = output.getWriter();
    await serve({ client, log: silent, tools, input, write: (bytes) => writer.write(bytes) });
    writer.releaseLock();
    client[Symbol.dispose]();
  });
  await server.initialize();
  const rows: Readonly<Record<string, string>> = {
    "say_wrod": "Unknown tool: say_wrod; did you mean say_word?",
    "nothing_like_it": "Unknown tool: nothing_like_it",
    "debug_container": "Unknown tool: debug_container; use get_container, with diagnose=true",
    "refresh_secrets": "Unknown tool: refresh_secrets; use set_secret or call_api, " +
      "set_secret refreshes by itself; call_api with operation RefreshSecrets does only that " +
      "(set_secret is off: not wanted) (call_api is off: a test)",
    "sync_ssh_config":
      "Unknown tool: sync_ssh_config; this server does not offer an SSH configuration file yet; " +
      "get_container shows the address to connect to, and add_ssh_key lets a key log in",
    "backend_validate_gpu": "Unknown tool: backend_validate_gpu; use validate_gpu, with backend " +
      "(validate_gpu is off: not wanted)",
    [secret]: "Unknown tool: [token]",
    ["x".repeat(101)]: `Unknown tool: ${"x".repeat(100)}…`,
    ["x".repeat(100)]: `Unknown tool: ${"x".repeat(100)}`,
  };
  for (const [name, message] of Object.entries(rows)) {
    const { error } = await server.request("tools/call", { name });
    assertEquals([error?.code, error?.message, error?.data], [-32602, message, undefined]);
  }
  const off = await server.request("tools/call", { name: "run_command" });
  assertEquals<unknown>(off.result, {
    content: [{
      type: "text",
      text: "run_command is off: a test.\nNext: do without it, or ask the user; only they can " +
        "change that, and then this server has to be restarted.",
    }],
    isError: true,
  });
  const prefixed = await server.request("tools/call", { name: "containarium:say_word" });
  assertEquals(prefixed.result?.isError, undefined, JSON.stringify(prefixed));
});

Deno.test("tools/call reports progress with the token of the call, and none without a token", async () => {
  const tool = makeTool({
    run: (_args, { progress }) => {
      progress(1, 2, "one\nline");
      return Promise.resolve({ word: "hello", items: [] });
    },
  });
  await using server = serveTools([tool]);
  await server.initialize();
  const reports = () =>
    server.messages.filter(({ method }) => method === "notifications/progress")
      .map(({ params }) => params);
  await server.request("tools/call", { name: "say_word" });
  assertEquals(reports(), []);
  for (const progressToken of ["t", 0, 7]) {
    await server.request("tools/call", { name: "say_word", _meta: { progressToken } });
    assertEquals<unknown>(reports().at(-1), {
      progressToken,
      progress: 1,
      total: 2,
      message: "one\\u{a}line",
    });
  }
  assertEquals(reports().length, 3);
});

Deno.test("tools/list refuses a cursor that is no text", async () => {
  await using server = serveTools([makeTool()]);
  await server.initialize();
  const { error } = await server.request("tools/list", { cursor: 7 });
  assertEquals([error?.code, error?.message], [
    -32602,
    "tools/list: expected params {cursor?: string}",
  ]);
  assertStringIncludes(JSON.stringify(await server.request("tools/list", {})), '"say_word"');
});
