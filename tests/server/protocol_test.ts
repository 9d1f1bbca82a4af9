/** The protocol as a client sees it. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { tools, version } from "../../mod.ts";
import { serverInfo } from "../../server/info.ts";
import { connect, connectProcess, RpcFailure } from "../connect.ts";
import { startDaemon } from "../daemon/mod.ts";

async function assertRpcError(call: Promise<unknown>, code: number, words: string): Promise<void> {
  const error = await assertRejects(() => call, RpcFailure, words);
  assertEquals(error.code, code, error.message);
}

Deno.test("initialize returns the client's version if it is known, else the newest", async (t) => {
  await using daemon = await startDaemon();
  const cases: readonly (readonly [string, string])[] = [
    ["2025-11-25", "2025-11-25"],
    ["2025-06-18", "2025-06-18"],
    ["2025-03-26", "2025-03-26"],
    ["2024-11-05", "2024-11-05"],
    ["2026-07-28", "2025-11-25"],
    ["1999-01-01", "2025-11-25"],
  ];
  for (const [asked, answered] of cases) {
    await t.step(asked, async () => {
      await using server = await connect(daemon, { initialize: false });
      const result = await server.initialize({}, asked);
      assertEquals(result.protocolVersion, answered);
      assertEquals<unknown>(result.serverInfo, serverInfo);
      assertEquals([serverInfo.name, serverInfo.version], ["containarium", version]);
      assertEquals(result.capabilities, {
        tools: {},
        resources: { subscribe: true },
        prompts: {},
        completions: {},
        extensions: { "io.modelcontextprotocol/skills": {} },
        logging: {},
      });
      const { instructions } = result;
      assert(
        typeof instructions === "string" && new TextEncoder().encode(instructions).length < 2048,
      );
    });
  }
});

Deno.test("the manual test of the vendor's page works: empty params, then Ctrl-D", async () => {
  await using daemon = await startDaemon();
  await using server = await connectProcess(daemon, { initialize: false });
  await server.send('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}');
  await server.closeStdin();
  const { result } = await server.next(({ id }) => id === 1);
  assertEquals(result?.protocolVersion, "2025-11-25");
  assertEquals((await server.exited).code, 0);
});

Deno.test("requests before, during and after the handshake are answered correctly", async (t) => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon, {
    args: ["--toolsets", "all", "--delete-grace", "24h"],
  });

  await t.step("ping", async () => assertEquals(await server.request("ping"), {}));
  await t.step("tools/list is the registry, in its order", async () => {
    const { tools: listed } = await server.request("tools/list");
    assertEquals(listed, JSON.parse(JSON.stringify(tools)));
  });
  await t.step("ids may be 0, text, and large", async () => {
    for (const id of [0, "zero", "", Number.MAX_SAFE_INTEGER]) {
      await server.request("ping", {}, { id });
    }
  });
  await t.step(
    "a method that is not served is -32601",
    () => assertRpcError(server.request("made/up"), -32601, "Method not found"),
  );
  await t.step(
    "a tool that does not exist is -32602",
    () =>
      assertRpcError(server.request("tools/call", { name: "fly" }), -32602, "Unknown tool: fly"),
  );
  await t.step("a malformed call is -32602", async () => {
    for (const params of [{}, { name: 7 }, { name: "get_container", arguments: [] }]) {
      await assertRpcError(server.request("tools/call", params), -32602, "tools/call: expected");
    }
    for (const params of ["[]", '"x"', "7", '{"_meta":7}']) {
      const id = `params ${params}`;
      const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":"tools/call"`;
      await server.send(`${head},"params":${params}}\n`);
      const { error } = await server.next((message) => message.id === id);
      assertEquals(error?.code, -32602, id);
      assertStringIncludes(error?.message ?? "", "expected params to be an object");
    }
  });
  await t.step(
    "a cursor that was never given is -32602",
    () => assertRpcError(server.request("tools/list", { cursor: "x" }), -32602, "cursor"),
  );
  await t.step("notifications are not answered", async () => {
    const before = server.messages.length;
    await server.notify("notifications/initialized");
    await server.notify("notifications/unheard-of", { a: 1 });
    await server.request("ping");
    assertEquals(server.messages.length, before + 1);
  });
});

Deno.test("a line that is not a request is refused, and the next one is answered", async (t) => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const cases: readonly (readonly [string, string, number, string | number | null])[] = [
    ["no JSON", "{bad", -32700, null],
    ["a batch", '[{"jsonrpc":"2.0","id":7,"method":"ping"}]', -32600, null],
    ["no JSON-RPC", '{"id":8,"method":"ping"}', -32600, 8],
    ["an id of null", '{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600, null],
    ["a number", "42", -32600, null],
    [
      "a malformed initialize",
      '{"jsonrpc":"2.0","id":9,"method":"initialize","params":{"protocolVersion":7}}',
      -32602,
      9,
    ],
  ];
  for (const [name, line, code, id] of cases) {
    await t.step(name, async () => {
      const before = server.messages.length;
      await server.send(`${line}\n`);
      await server.next((message) => server.messages.indexOf(message) >= before);
      const answer = server.messages[before];
      assertEquals(answer?.error?.code, code);
      assertEquals(answer?.id, id);
      assertEquals(await server.request("ping"), {});
    });
  }
  await t.step("blank lines and CRLF are nothing", async () => {
    const before = server.messages.length;
    await server.send('\n \r\n{"jsonrpc":"2.0","id":"crlf","method":"ping"}\r\n');
    await server.next(({ id }) => id === "crlf");
    assertEquals(server.messages.length, before + 1);
  });
});

Deno.test("ping and tools/list are answered while a create is held open", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const hold = daemon.hold("POST", "/v1/containers");
  const create = server.call("create_container", { username: "alice" });
  await hold.reached;
  assertEquals(await server.request("ping"), {});
  await server.request("tools/list");
  assertEquals(daemon.state("alice"), undefined);
  hold.release();
  assertEquals((await create).isError, false);
});

Deno.test("forty calls at once keep sixty-four requests in flight", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon);
  daemon.inject({ kind: "latency", ms: 20, times: 200 });
  const calls = Array.from(
    { length: 40 },
    () => server.call("get_container", { username: "alice" }),
  );
  for (const { isError } of await Promise.all(calls)) assertEquals(isError, false);
  assertEquals(daemon.maxInFlight, 64);
});

Deno.test("the end of stdin ends pending work and the process within a second", async () => {
  await using daemon = await startDaemon();
  await using server = await connectProcess(daemon);
  const hold = daemon.hold("POST", "/v1/containers");
  server.call("create_container", { username: "alice" }).catch(() => {});
  await hold.reached;
  const closedAt = performance.now();
  await server.closeStdin();
  await server.whenStderr("stdin has ended; requests in progress are canceled: 1");
  assertEquals((await server.exited).code, 0);
  const milliseconds = performance.now() - closedAt;
  // A limit of the specification, not a measurement: it normally takes 10 ms.
  assert(milliseconds < 1_000, `${milliseconds} ms`);
  await daemon.idle();
  assertEquals(daemon.state("alice"), undefined, "the held create was not carried out");
});

Deno.test("a cancelled call is aborted and gets no response", async (t) => {
  for (const id of [0, 5, "five"]) {
    await t.step(`request id ${JSON.stringify(id)}`, async () => {
      await using daemon = await startDaemon();
      await using server = await connect(daemon);
      const hold = daemon.hold("POST", "/v1/containers");
      const call = server.call("create_container", { username: "alice" }, { id });
      call.catch(() => {});
      await hold.reached;
      await server.notify("notifications/cancelled", { requestId: id, reason: "enough" });
      await daemon.idle();
      assertEquals(daemon.state("alice"), undefined, "the request was not given up");
      await server.request("ping");
      assertEquals(server.messages.filter((message) => message.id === id), []);
    });
  }
  await t.step("an id that is unknown or done is ignored", async () => {
    await using daemon = await startDaemon();
    await using server = await connect(daemon);
    await server.notify("notifications/cancelled", { requestId: 99 });
    await server.notify("notifications/cancelled", {});
    assertEquals(await server.request("ping"), {});
  });
});

Deno.test("create_container reports each state as progress, if requested", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const creating = daemon.holdPhase("creating");
  const provisioning = daemon.holdPhase("provisioning");
  const create = server.call("create_container", { username: "alice" }, { progressToken: "p" });
  const reported = (word: string) =>
    server.next(({ method, params }) =>
      method === "notifications/progress" && String(params?.message).includes(word)
    );
  const first = await reported("creating");
  assertEquals(first.params, {
    progressToken: "p",
    progress: 1,
    total: 3,
    message: "alice-container: creating",
  });
  creating.release();
  await reported("provisioning");
  provisioning.release();
  await create;
  const values = server.notifications.map(({ params }) => Number(params?.progress));
  assertEquals(values, [1, 2, 3]);

  const before = server.notifications.length;
  await server.call("create_container", { username: "bob" });
  assertEquals(server.notifications.length, before, "nobody asked");
});

Deno.test("a message with unknown members is answered all the same", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  await server.send('{"jsonrpc":"2.0","id":"x","method":"ping","trace":{"a":1}}\n');
  const { result } = await server.next(({ id }) => id === "x");
  assertEquals(result, {});
});

Deno.test("requests through a pipe that ends at once are answered", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon);
  const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "list_containers" } };
  await server.send(JSON.stringify(call));
  await server.closeStdin();
  const { result } = await server.next(({ id, result }) => id === 1 && result !== undefined);
  assertEquals(result?.isError, undefined);
});
