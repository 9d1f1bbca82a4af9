/** The JSON-RPC envelope as clients write it: null for absent, large ids, id 0. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { isObject } from "../../server/json.ts";
import { formatMessage, parseMessage } from "../../server/stdio/request_ids.ts";
import { connect, type Session } from "../connect.ts";
import { startDaemon } from "../daemon/mod.ts";

const hello = '"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x"}';

/** Sends a line and returns the answer, found by its id. */
async function answerTo(server: Session, line: string, id: string): Promise<unknown> {
  await server.send(`${line}\n`);
  const { result, error } = await server.next((message) =>
    message.id === id && message.method === undefined
  );
  return error ?? result;
}

Deno.test("initialize succeeds whatever the client leaves out or sets to null", async (t) => {
  await using daemon = await startDaemon();
  const cases: Readonly<Record<string, string>> = {
    "no params": "",
    "params null": ',"params":null',
    "clientInfo without a version": `,"params":{${hello}}`,
    "capabilities null": ',"params":{"protocolVersion":"2025-06-18","capabilities":null}',
    "clientInfo null": ',"params":{"clientInfo":null,"protocolVersion":null,"_meta":null}',
    "members null":
      ',"params":{"capabilities":{"roots":null,"elicitation":{"form":{},"url":null}},' +
      '"clientInfo":{"name":"x","version":null,"title":null,"icons":null}}',
  };
  for (const [name, params] of Object.entries(cases)) {
    await t.step(name, async () => {
      await using server = await connect(daemon, { initialize: false });
      await server.send(`{"jsonrpc":"2.0","id":"hello","method":"initialize"${params}}\n`);
      const { result } = await server.next(({ id }) => id === "hello");
      assert(typeof result?.protocolVersion === "string", JSON.stringify(result));
      await server.send(
        '{"jsonrpc":"2.0","method":"notifications/initialized","params":null}\n',
      );
      const { tools } = await server.request("tools/list");
      assert(Array.isArray(tools) && tools.length > 0);
    });
  }
});

Deno.test("null in the envelope means absent", async (t) => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const cases: Readonly<Record<string, string>> = {
    "params": '"method":"ping","params":null',
    "params of tools/list": '"method":"tools/list","params":null',
    "cursor": '"method":"tools/list","params":{"cursor":null}',
    "_meta": '"method":"tools/list","params":{"_meta":null}',
    "progressToken":
      '"method":"tools/call","params":{"name":"list_containers","_meta":{"progressToken":null}}',
    "arguments": '"method":"tools/call","params":{"name":"list_containers","arguments":null}',
    "task": '"method":"tools/call","params":{"name":"list_containers","task":null}',
  };
  for (const [name, rest] of Object.entries(cases)) {
    await t.step(name, async () => {
      const answer = await answerTo(server, `{"jsonrpc":"2.0","id":"${name}",${rest}}`, name);
      assert(!(answer instanceof Object && "code" in answer), JSON.stringify(answer));
    });
  }
  await t.step("an answer of the client's with both result and error", async () => {
    const before = server.messages.length;
    await server.send('{"jsonrpc":"2.0","id":99,"result":{},"error":null,"method":null}\n');
    assertEquals(await server.request("ping"), {});
    assertEquals(server.messages.length, before + 1);
  });
});

Deno.test("an integer ID above 2^53 is returned as it was sent", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon);
  const ids = ["9007199254740993", "18446744073709551615", "-9007199254740993", "0"];
  for (const id of ids) {
    await t.step(id, async () => {
      await server.send(`{"jsonrpc":"2.0","id":${id},"method":"ping"}\n`);
      await server.send(`{"jsonrpc":"2.0","id":${id},"method":"nothing"}\n`);
      await server.request("ping");
      const answered = server.lines.filter((line) => line.includes(`"id":${id},`));
      assertEquals(answered.length, 2, server.lines.slice(-3).join("\n"));
    });
  }
  await t.step("an id that is not an integer is refused", async () => {
    await server.send('{"jsonrpc":"2.0","id":1.5e300,"method":"ping"}\n');
    const { error } = await server.next(({ id }) => id === null);
    assertEquals(error?.code, -32600);
  });
  await t.step("it cancels a call, and progress carries it as a token", async () => {
    const id = "9007199254740995";
    const hold = daemon.hold("POST", "/v1/containers");
    const params = `{"name":"create_container","arguments":{"username":"bob"},` +
      `"_meta":{"progressToken":${id}}}`;
    await server.send(`{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":${params}}\n`);
    await hold.reached;
    const cancel = `"method":"notifications/cancelled","params":{"requestId":${id}}`;
    await server.send(`{"jsonrpc":"2.0",${cancel}}\n`);
    await daemon.idle();
    assertEquals(daemon.state("bob"), undefined);
    await server.request("ping");
    const list = `{"name":"start_container","arguments":{"username":"alice"},` +
      `"_meta":{"progressToken":${id}}}`;
    await server.send(`{"jsonrpc":"2.0","id":"p","method":"tools/call","params":${list}}\n`);
    await server.next((message) => message.id === "p");
    const notes = server.lines.filter((line) => line.includes("notifications/progress"));
    for (const line of notes) assert(line.includes(`"progressToken":${id}`), line);
  });
});

Deno.test("parseMessage() and formatMessage() keep every id, token and text", () => {
  const id = fc.oneof(
    fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
    fc.string().map((text) => JSON.stringify(text)),
    fc.constantFrom('"\\u0000n5"', '"\\u0000"', "0", '"0"'),
  );
  fc.assert(fc.property(id, id, (id, token) => {
    const answer = `{"id":${id},"jsonrpc":"2.0","result":{}}`;
    assertEquals(formatMessage(fields(parseMessage(answer))), answer);
    const asked = fields(parseMessage(`{"params":{"_meta":{"progressToken":${token}}}}`));
    const { progressToken } = fields(fields(asked.params)._meta);
    const method = "notifications/progress";
    assertEquals(
      formatMessage({ method, params: { progressToken, progress: 1 } }),
      `{"method":"notifications/progress","params":{"progressToken":${token},"progress":1}}`,
    );
  }));
});

function fields(value: unknown): Readonly<Record<string, unknown>> {
  assert(isObject(value));
  return value;
}

Deno.test("parseMessage() keeps an id of 0 beside a large token, and both behind any number of large ids", () => {
  const ids = '{"id":9007199254740993},'.repeat(2_000);
  for (const id of ["0", "9007199254740995"]) {
    const meta = '"_meta":{"progressToken":9007199254740997}';
    const line = `{"params":{"x":[${ids}0],${meta}},"jsonrpc":"2.0","id":${id}}`;
    const message = fields(parseMessage(line));
    const answer = { jsonrpc: "2.0", result: {} };
    assertEquals(
      formatMessage({ id: message.id, ...answer }),
      `{"id":${id},"jsonrpc":"2.0","result":{}}`,
    );
    const { progressToken } = fields(fields(message.params)._meta);
    assertStringIncludes(
      formatMessage({ method: "notifications/progress", params: { progressToken } }),
      '"progressToken":9007199254740997',
    );
    assert(typeof message.id === "string", "the SDK takes 0 for no id");
  }
});

Deno.test("a large id costs no more than a line", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const ids = '{"id":9007199254740993},'.repeat(100_000);
  const call = `"method":"ping","params":{"x":[${ids}0]}`;
  await server.send(`{"jsonrpc":"2.0","id":9007199254740995,${call}}\n`);
  await server.request("ping");
  assert(server.lines.some((line) => line.includes('"id":9007199254740995,')));
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  await server.send(`{"jsonrpc":"2.0","id":9007199254740997,"params":{"x":${deep}}}\n`);
  assertEquals(await server.request("ping"), {});
});

Deno.test("a request of the server never has the ID 0, and its cancellation names it", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon, { capabilities: { elicitation: { form: {} } } });
  const asked = Promise.withResolvers<void>();
  server.onRequest("elicitation/create", () => {
    asked.resolve();
    return new Promise(() => {});
  });
  server.call("delete_container", { username: "alice" }, { id: "delete" }).catch(() => {});
  await asked.promise;
  const question = server.messages.find(({ method }) => method === "elicitation/create");
  assertEquals(question?.id, 1);
  await server.notify("notifications/cancelled", { requestId: "delete" });
  const { params } = await server.next(({ method }) => method === "notifications/cancelled");
  assertEquals(params?.requestId, 1);
});

Deno.test("a response reaches the call that sent the request", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "a" }, { username: "b" }] });
  await using server = await connect(daemon, { capabilities: { elicitation: { form: {} } } });
  server.onRequest("elicitation/create", ({ message }) => ({
    action: "accept",
    content: { confirm: String(message).includes("a-container") },
  }));
  const calls = await Promise.all([
    server.call("delete_container", { username: "a" }),
    server.call("delete_container", { username: "b" }),
  ]);
  assertEquals(calls.map(({ isError }) => isError), [false, true]);
  assertEquals([daemon.state("a"), daemon.state("b")], [undefined, "CONTAINER_STATE_RUNNING"]);
});

Deno.test("nothing is written for abandoned calls after the end of input", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const hold = daemon.hold("POST", "/v1/containers");
  const params = { name: "create_container", arguments: { username: "alice" } };
  const call = { jsonrpc: "2.0", id: "slow", method: "tools/call", params };
  await server.send(`${JSON.stringify(call)}\n`);
  await hold.reached;
  const before = server.messages.length;
  await server.closeStdin();
  assertEquals((await server.exited).code, 0);
  assertEquals(server.messages.slice(before), []);
});
