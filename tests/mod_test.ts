/** The library: the server over any pair of byte streams. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { ContainariumError, createServer } from "../mod.ts";
import { startDaemon } from "./daemon/mod.ts";
import { converse } from "./server/converse.ts";

Deno.test("createServer() serves over any pair of streams until the input ends", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  const server = createServer({ serverUrl: daemon.url, token: await daemon.token() });
  await using conversation = converse((input, output) => server.serve(input, output));
  await conversation.initialize();
  const { result } = await conversation.request("tools/call", {
    name: "get_container",
    arguments: { username: "alice" },
  });
  assertEquals(result?.isError, undefined);
  assert(JSON.stringify(result).includes("alice"));
});

Deno.test("createServer() ends at its signal, with the input still open", async () => {
  const stop = new AbortController();
  const server = createServer({ serverUrl: "http://127.0.0.1:1", token: "ctnr_1234567890123456" });
  await using conversation = converse((input, output) =>
    server.serve(input, output, { signal: stop.signal })
  );
  await conversation.initialize();
  stop.abort();
  await conversation.ended;
});

Deno.test("createServer() takes the same choices as the command line", async () => {
  const server = createServer({
    serverUrl: "http://127.0.0.1:1",
    token: "ctnr_1234567890123456",
    readOnly: true,
    tools: ["get_container", "delete_container"],
  });
  await using conversation = converse((input, output) => server.serve(input, output));
  await conversation.initialize();
  const { result } = await conversation.request("tools/list", {});
  const { tools } = result ?? {};
  assert(Array.isArray(tools));
  assertEquals(tools.map(({ name }) => name), ["get_container"]);
});

Deno.test("createServer() refuses at once what cannot be an address or a token", async () => {
  const make = (serverUrl: string, token: string) =>
    Promise.try(() => createServer({ serverUrl, token }));
  await assertRejects(() => make("localhost", "ctnr_1"), ContainariumError);
  await assertRejects(() => make("http://localhost", ""), ContainariumError, "empty");
  await assertRejects(
    () =>
      Promise.try(() =>
        createServer({ serverUrl: "http://localhost", token: "ctnr_1", tools: ["get_metric"] })
      ),
    ContainariumError,
    "did you mean get_metrics?",
  );
  for (const bulkConcurrency of [0, 11, 2.5, NaN]) {
    const config = { serverUrl: "http://localhost", token: "ctnr_1", bulkConcurrency };
    await assertRejects(
      () => Promise.try(() => createServer(config)),
      ContainariumError,
      "is not 1 to 10",
    );
  }
});
