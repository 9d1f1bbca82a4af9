/** The revisions 2025-11-25 and 2026-07-28 on one pair of streams: one row per fact of the wire. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { serverInfo } from "../../server/info.ts";
import { connectProcess } from "../connect.ts";
import { startDaemon } from "../daemon/mod.ts";
import type { Message } from "../session.ts";
import { makeTool, serveTools } from "./fixture.ts";
import { envelope, modern } from "./modern_envelope.ts";

const supported = ["2026-07-28"];
const sender = {
  name: serverInfo.name,
  title: serverInfo.title,
  version: serverInfo.version,
};

/** One request, its revision, and the expected response. */
interface Row {
  readonly fact: string;
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: (result: NonNullable<Message["result"]>) => void;
  readonly error?: readonly [code: number, data?: unknown];
}

const rows: readonly Row[] = [
  {
    fact: "server/discover returns the version, the capabilities and how long to cache them",
    method: "server/discover",
    params: modern(),
    result: ({ instructions, ...result }) => {
      assertStringIncludes(String(instructions), "containers");
      assertEquals<unknown>(result, {
        resultType: "complete",
        supportedVersions: supported,
        capabilities: { tools: {}, logging: {} },
        ttlMs: 3_600_000,
        cacheScope: "private",
        _meta: { "io.modelcontextprotocol/serverInfo": serverInfo },
      });
    },
  },
  {
    fact: "tools/list is stamped, private and cacheable for an hour",
    method: "tools/list",
    params: modern(),
    result: ({ tools, ...result }) => {
      assert(Array.isArray(tools) && tools.length === 1);
      assertEquals<unknown>(result, {
        resultType: "complete",
        ttlMs: 3_600_000,
        cacheScope: "private",
        _meta: { "io.modelcontextprotocol/serverInfo": sender },
      });
    },
  },
  {
    fact: "tools/call is stamped and not cacheable",
    method: "tools/call",
    params: modern({ name: "say_word" }),
    result: (result) => {
      assertEquals<unknown>(result, {
        resultType: "complete",
        content: [{ type: "text", text: "hello" }],
        structuredContent: { word: "hello", items: [] },
        _meta: { "io.modelcontextprotocol/serverInfo": sender },
      });
    },
  },
  {
    fact: "a failed call keeps its code beside the stamp",
    method: "tools/call",
    params: modern({ name: "say_word", arguments: { word: 1, wrong: 2 } }),
    result: ({ isError, resultType, _meta }) => {
      assertEquals([isError, resultType], [true, "complete"]);
      assertEquals<unknown>(_meta, {
        "io.modelcontextprotocol/serverInfo": sender,
        "containarium/code": "invalid_argument",
      });
    },
  },
  {
    fact: "tools/list of an older revision carries no stamp",
    method: "tools/list",
    result: (result) => assertEquals(Object.keys(result), ["tools"]),
  },
  {
    fact: "tools/call of an older revision carries no stamp",
    method: "tools/call",
    params: { name: "say_word" },
    result: (result) => assertEquals(Object.keys(result), ["content", "structuredContent"]),
  },
  {
    fact: "ping exists only in older revisions",
    method: "ping",
    result: (result) => assertEquals(result, {}),
  },
  ...["tools/list", "tools/call", "server/discover", "initialize", "made/up"].map((
    method,
  ): Row => ({
    fact: `${method} of an unsupported version is -32022 and lists the supported ones`,
    method,
    params: modern({}, { "io.modelcontextprotocol/protocolVersion": "2027-01-01" }),
    error: [-32022, { supported, requested: "2027-01-01" }],
  })),
  {
    fact: "a version of an older revision in the envelope is -32022",
    method: "tools/list",
    params: modern({}, { "io.modelcontextprotocol/protocolVersion": "2025-11-25" }),
    error: [-32022, { supported, requested: "2025-11-25" }],
  },
  {
    fact: "a version that is not a string is -32602",
    method: "tools/list",
    params: modern({}, { "io.modelcontextprotocol/protocolVersion": 20260728 }),
    error: [-32602],
  },
  ...[undefined, null, 7, "{}", []].map((capabilities): Row => ({
    fact: `clientCapabilities of ${JSON.stringify(capabilities)} is -32602`,
    method: "tools/list",
    params: modern({}, { "io.modelcontextprotocol/clientCapabilities": capabilities }),
    error: [-32602],
  })),
  {
    fact: "clientInfo is optional",
    method: "tools/list",
    params: modern({}, { "io.modelcontextprotocol/clientInfo": undefined }),
    result: ({ resultType }) => assertEquals(resultType, "complete"),
  },
  {
    fact: "an unknown log level is -32602",
    method: "tools/list",
    params: modern({}, { "io.modelcontextprotocol/logLevel": "loud" }),
    error: [-32602],
  },
  ...[
    "ping",
    "initialize",
    "logging/setLevel",
    "resources/subscribe",
    "resources/unsubscribe",
    "made/up",
  ]
    .map((method): Row => ({
      fact: `${method} with an envelope is -32601`,
      method,
      params: modern({ level: "debug", uri: "containarium://system" }),
      error: [-32601],
    })),
  {
    fact: "server/discover without an envelope is -32602: no older revision has it",
    method: "server/discover",
    error: [-32602],
  },
  ...["server/discover", "tools/list", "tools/call"].map((method): Row => ({
    fact: `${method} with capabilities but without a version is -32602`,
    method,
    params: modern({ name: "say_word" }, { "io.modelcontextprotocol/protocolVersion": undefined }),
    error: [-32602],
  })),
  {
    fact: "an unknown tool is -32602",
    method: "tools/call",
    params: modern({ name: "fly" }),
    error: [-32602],
  },
  {
    fact: "an unknown cursor is -32602",
    method: "tools/list",
    params: modern({ cursor: "made up" }),
    error: [-32602],
  },
];

Deno.test("each fact of the wire holds with the handshake before, between and after", async (t) => {
  const orders: Readonly<Record<string, readonly (Row | "initialize")[]>> = {
    "without a handshake": rows,
    "after it": ["initialize", ...rows],
    "before it, and between": [...rows, "initialize", ...rows],
    "backwards": [...rows.toReversed(), "initialize"],
  };
  for (const [name, order] of Object.entries(orders)) {
    await t.step(name, async (t) => {
      await using conversation = serveTools([makeTool()]);
      for (const row of order) {
        if (row === "initialize") {
          const { result } = await conversation.initialize({});
          assertEquals(result?.protocolVersion, "2025-11-25");
          continue;
        }
        await t.step(row.fact, async () => {
          const { result, error } = await conversation.request(row.method, row.params ?? {});
          const [code, data] = row.error ?? [];
          assertEquals(error?.code, code, error?.message);
          if (data !== undefined) assertEquals(error?.data, data);
          if (row.error === undefined) row.result?.(result ?? {});
        });
      }
    });
  }
});

Deno.test("each fact of the wire holds whatever is requested before, beside and after it", async () => {
  const handshake: Row = {
    fact: "initialize",
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {} },
    result: ({ protocolVersion }) => assertEquals(protocolVersion, "2025-11-25"),
  };
  const several = fc.array(fc.constantFrom(...rows, handshake), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(several, async (asked) => {
      await using conversation = serveTools([makeTool()]);
      const lines = asked.map(({ method, params = {} }, id) =>
        JSON.stringify({ jsonrpc: "2.0", id, method, params })
      );
      await conversation.sendLine(lines.join("\n"));
      for (const [id, row] of asked.entries()) {
        const { result, error } = await conversation.next((message) => message.id === id);
        assertEquals(error?.code, row.error?.[0], row.fact);
        if (row.error === undefined) row.result?.(result ?? {});
      }
      assertEquals(conversation.messages.length, asked.length);
    }),
    { numRuns: 100 },
  );
});

Deno.test("server/discover and initialize in one write are both answered, through the real process", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connectProcess(daemon, { initialize: false });
  const line = (id: unknown, method: string, params: unknown) =>
    JSON.stringify({ jsonrpc: "2.0", id, method, params });
  const call = { name: "get_container", arguments: { username: "alice" } };
  await server.send(
    [
      line("server-discover-probe-1", "server/discover", modern()),
      line(1, "initialize", { protocolVersion: "2025-11-25", capabilities: {} }),
      line(0, "tools/call", modern(call)),
      line("0", "tools/call", call),
      "no JSON",
      line(2, "made/up", {}),
      line(3, "tools/list", modern()),
    ].join("\n") + "\n",
  );
  const answer = async (id: unknown) => await server.next((message) => message.id === id);
  assertEquals((await answer("server-discover-probe-1")).result?.supportedVersions, supported);
  assertEquals((await answer(1)).result?.protocolVersion, "2025-11-25");
  assertEquals((await answer(0)).result?.resultType, "complete");
  assertEquals((await answer("0")).result?.resultType, undefined);
  assertEquals((await answer(null)).error?.code, -32700);
  assertEquals((await answer(2)).error?.code, -32601);
  assertEquals((await answer(3)).result?.ttlMs, 3_600_000);
});

Deno.test("a probed process exits as soon as its input ends", async () => {
  await using daemon = await startDaemon();
  await using server = await connectProcess(daemon, { initialize: false });
  await server.request("server/discover", modern());
  const started = performance.now();
  await server.closeStdin();
  assertEquals((await server.exited).code, 0);
  assert(performance.now() - started < 1_000, "it stayed for more than a second");
});

Deno.test("progress and cancellation work with a request ID of 0", async () => {
  const started = Promise.withResolvers<void>();
  const canceled = Promise.withResolvers<void>();
  const tool = makeTool({
    run: (_args, { signal, progress }) => {
      progress(1, 2, "half");
      started.resolve();
      signal.addEventListener("abort", () => canceled.resolve());
      return canceled.promise.then(() => ({ word: "late", items: [] }));
    },
  });
  await using conversation = serveTools([tool]);
  const params = { name: "say_word", _meta: { ...envelope(), progressToken: 0 } };
  await conversation.send({ id: 0, method: "tools/call", params });
  await started.promise;
  const report = await conversation.next(({ method }) => method === "notifications/progress");
  assertEquals<unknown>(report.params, {
    progressToken: 0,
    progress: 1,
    total: 2,
    message: "half",
  });
  await conversation.send({ method: "notifications/cancelled", params: { requestId: 0 } });
  await canceled.promise;
  const before = conversation.messages.length;
  await conversation.request("tools/list", modern());
  assertEquals(conversation.messages.length, before + 1, "something was sent after the end");
});

Deno.test("log messages are sent only for a request that names a level", async (t) => {
  const tool = makeTool({
    run: (_args, { log }) => {
      log("debug", "one");
      log("warning", "two\nlines");
      return Promise.resolve({ word: "hello", items: [] });
    },
  });
  const levels: readonly (readonly [string | undefined, readonly string[]])[] = [
    [undefined, []],
    ["debug", ["one", "two\n    lines"]],
    ["warning", ["two\n    lines"]],
    ["emergency", []],
  ];
  for (const [level, expected] of levels) {
    for (const isInitialized of [false, true]) {
      await t.step(`${level}, ${isInitialized ? "after" : "without"} a handshake`, async () => {
        await using conversation = serveTools([tool]);
        if (isInitialized) {
          await conversation.initialize({});
          await conversation.request("logging/setLevel", { level: "debug" });
        }
        const meta = { "io.modelcontextprotocol/logLevel": level };
        await conversation.request("tools/call", modern({ name: "say_word" }, meta), 7);
        const messages = conversation.messages.filter((m) => m.method === "notifications/message");
        assertEquals<unknown>(messages.map(({ params }) => params?.data), expected);
        assertEquals(conversation.messages.at(-1)?.id, 7, "something came after the answer");
      });
    }
  }
});

Deno.test("a trace context in _meta reaches the daemon and the log, in both revisions", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connectProcess(daemon, { env: { CONTAINARIUM_DEBUG: "true" } });
  const traceOf = (digit: string) => `00-${digit.repeat(32)}-b7ad6b7169203331-01`;
  const metas: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    a: envelope({ traceparent: traceOf("a"), tracestate: "x=y", baggage: "k=v" }),
    b: { traceparent: traceOf("b") },
  };
  for (const [digit, _meta] of Object.entries(metas)) {
    await t.step(digit === "a" ? "2026-07-28" : "2025-11-25", async () => {
      const before = daemon.requests.length;
      const params = { name: "get_container", arguments: { username: "alice" }, _meta };
      await server.request("tools/call", params);
      const sent = daemon.requests.slice(before);
      assert(sent.length > 0);
      for (const { headers } of sent) {
        assertEquals(headers.traceparent, traceOf(digit));
        assertEquals([headers.tracestate, headers.baggage], [_meta.tracestate, _meta.baggage]);
      }
      await server.whenStderr(`(trace ${digit.repeat(32)})`);
    });
  }
  await t.step("an invalid one is dropped, and the call is answered", async () => {
    const before = daemon.requests.length;
    const params = modern(
      { name: "get_container", arguments: { username: "alice" } },
      { traceparent: "x\r\ny: z", baggage: "k=v" },
    );
    assertEquals((await server.request("tools/call", params)).resultType, "complete");
    for (const { headers } of daemon.requests.slice(before)) {
      assertEquals([headers.traceparent, headers.baggage, headers.y], [
        undefined,
        undefined,
        undefined,
      ]);
    }
  });
});
