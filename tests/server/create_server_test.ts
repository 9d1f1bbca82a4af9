/** What the library's server takes, refuses and passes on. */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ContainariumError } from "../../client/mod.ts";
import { createServer, type ServerConfig } from "../../server/create_server.ts";
import type { RecordEntry } from "../../server/mod.ts";
import { startDaemon } from "../daemon/mod.ts";
import { type Conversation, converse } from "./converse.ts";
import { secret } from "./fixture.ts";

const config = { serverUrl: "http://127.0.0.1:1", token: secret };

function start(more: Partial<ServerConfig> = {}): Conversation {
  const server = createServer({ ...config, ...more });
  return converse((input, output) => server.serve(input, output));
}

Deno.test("createServer() refuses at once what it cannot use, and says what would fit", () => {
  const rows: readonly (readonly [more: Partial<ServerConfig>, message: string])[] = [
    [{ tools: ["get_metric"] }, 'tools: there is no "get_metric"; did you mean get_metrics?'],
    [{ toolsets: ["container"] }, 'toolsets: there is no "container"; did you mean containers?'],
    [{ tools: ["get_metrics", "x"] }, 'tools: there is no "x"'],
    [{ bulkConcurrency: 0 }, "bulkConcurrency: 0 is not 1 to 10"],
    [{ bulkConcurrency: 11 }, "bulkConcurrency: 11 is not 1 to 10"],
    [{ deleteGrace: "8d" }, 'deleteGrace "8d": '],
    [{ deleteGrace: "soon" }, 'deleteGrace "soon": '],
    [{ github: { token: "" } }, "oken"],
  ];
  for (const [more, message] of rows) {
    const error = assertThrows(() => createServer({ ...config, ...more }), ContainariumError);
    assertEquals(error.code, "invalid_argument", message);
    assertStringIncludes(error.message, message);
  }
  for (const bulkConcurrency of [1, 10]) createServer({ ...config, bulkConcurrency });
  createServer({ ...config, deleteGrace: "7d", toolsets: ["all"], tools: ["get_metrics"] });
});

Deno.test("createServer() names the daemon in its instructions where it has a name", async () => {
  for (
    const [serverName, begins] of [
      [undefined, "Create and run Linux system containers"],
      ["staging", "This server is only for the Containarium daemon staging. Create and run"],
    ] as const
  ) {
    await using server = start({ serverName });
    const { result } = await server.initialize();
    assert(`${result?.instructions}`.startsWith(begins));
  }
});

Deno.test("createServer() refuses a conversation while its policy cannot be used, and reads it again", async () => {
  let policy = "{";
  const server = createServer({ ...config, policy: () => Promise.resolve(policy) });
  const serve = () => server.serve(new Blob([]).stream(), new TransformStream().writable);
  for (let times = 0; times < 2; times++) {
    const error = await assertRejects(serve, ContainariumError);
    assertEquals(error.code, "invalid_argument");
    assertStringIncludes(error.message, "policy:\n");
  }
  policy = "{}";
  await serve();
});

Deno.test("createServer() takes its policy as text, too, and lists what that makes possible", async () => {
  const rows = [[undefined, false], ["{}", false], ['{"delete_grace":"24h"}', true]] as const;
  for (const [policy, isListed] of rows) {
    await using server = start({ policy, tools: ["undelete_container"] });
    await server.initialize();
    const { result } = await server.request("tools/list", {});
    assertEquals(JSON.stringify(result).includes("undelete_container"), isListed, `${policy}`);
  }
});

Deno.test("createServer() has the daemon's address, and the mode of asking, in what it records", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  const entries: RecordEntry[] = [];
  await using server = start({
    serverUrl: daemon.url,
    token: await daemon.token(),
    consent: "never",
    audit: (entry) => Promise.resolve(void entries.push(entry)),
  });
  await server.initialize({ elicitation: { form: {} } });
  const { result } = await server.request("tools/call", {
    name: "delete_container",
    arguments: { username: "alice", force: true },
  });
  assertEquals(result?.isError, undefined, JSON.stringify(result));
  const [begun] = entries;
  assertEquals([begun?.event, begun?.daemon], ["begun", daemon.url]);
  assertEquals(begun?.consent?.mode, "never");
  assertEquals(begun?.consent?.answer, "skipped_by_mode");
  assertEquals(server.messages.filter(({ method }) => method === "elicitation/create"), []);
});

Deno.test("createServer() logs messages to a logger, and the requests that its input left open", async () => {
  const lines: string[] = [];
  const server = start({ log: (level, line) => lines.push(`${level}: ${line}`) });
  await server.initialize();
  await server.close();
  await server.ended;
  assertEquals(
    lines.slice(0, 2),
    [
      "debug: → initialize 100: 2025-11-25 tests, capabilities: ",
      "debug: ← answer 100: protocolVersion=10 characters capabilities=6 members " +
      "serverInfo=6 members instructions=1918 characters",
    ].map((line) => line.replace("1918", /instructions=(\d+)/.exec(lines[1] ?? "")?.[1] ?? "")),
  );
  assertEquals(lines.filter((line) => line.startsWith("info: stdin has ended")), []);
  await server[Symbol.asyncDispose]();
});

Deno.test("createServer() leaves the output open, and gives it back", async () => {
  const server = createServer(config);
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const ping = new TextEncoder().encode('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
  const reader = readable.getReader();
  const served = server.serve(new Blob([ping]).stream(), writable);
  const { value } = await reader.read();
  assertEquals(JSON.parse(new TextDecoder().decode(value)), { jsonrpc: "2.0", id: 1, result: {} });
  await served;
  assertEquals(writable.locked, false);
  const more = writable.getWriter().write(ping);
  assertEquals((await reader.read()).value, ping);
  await more;
});

Deno.test("createServer() logs how many requests its input left open, and gives them up", async () => {
  const reached = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  // A daemon that does not answer.
  const daemon = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    ({ signal }) => {
      signal.addEventListener("abort", () => gone.resolve());
      reached.resolve();
      return new Promise<Response>((resolve) => {
        gone.promise.then(() => resolve(new Response("late")));
      });
    },
  );
  const lines: string[] = [];
  const server = start({
    serverUrl: `http://127.0.0.1:${daemon.addr.port}`,
    log: (level, line) => lines.push(`${level}: ${line}`),
  });
  await server.initialize();
  const params = { name: "get_container", arguments: { username: "alice" } };
  await server.send({ id: 1, method: "tools/call", params });
  await reached.promise;
  await server.close();
  await server.ended;
  await gone.promise;
  assertEquals(lines.filter((line) => line.startsWith("info: stdin has ended")), [
    "info: stdin has ended; requests in progress are canceled: 1",
  ]);
  await server[Symbol.asyncDispose]();
  await daemon.shutdown();
});
