/** The process: its start, its words, what it keeps to itself. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "./connect.ts";
import { startDaemon } from "./daemon/mod.ts";

Deno.test("a missing variable is named in the vendor's words, and the exit code is 1", async (t) => {
  await using daemon = await startDaemon();
  for (const name of ["CONTAINARIUM_SERVER_URL", "CONTAINARIUM_JWT_TOKEN"]) {
    await t.step(name, async () => {
      await using server = await connect(daemon, { initialize: false, env: { [name]: "" } });
      assertEquals((await server.exited).code, 1);
      await server.whenStderr(`${name} environment variable is required`);
      assertStringIncludes(server.stderr, "Required environment variables:");
      assertEquals(server.messages, []);
    });
  }
});

Deno.test("the start is told on stderr, and nothing of it is secret", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  await server.whenStderr("Debug mode: false");
  assertStringIncludes(server.stderr, "Starting Containarium MCP Server");
  assertStringIncludes(server.stderr, `Server URL: ${daemon.url}`);
});

Deno.test("debug logs protocol messages and HTTP exchanges, without the token", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  const token = await daemon.token();
  await using server = await connect(
    { url: daemon.url, token },
    { env: { CONTAINARIUM_DEBUG: "true" } },
  );
  const { isError, text } = await server.call("get_container", { username: token });
  assertEquals(isError, true);
  assert(!text.includes(token), "the token is in an answer");
  await server.call("get_container", { username: "alice" });
  await server.whenStderr("GET /v1/containers/alice 200");
  assertStringIncludes(server.stderr, '→ {"jsonrpc":"2.0"');
  assertStringIncludes(server.stderr, '← {"result"');
  assert(!server.stderr.includes(token), "the token is in the log");
});

Deno.test("a token that the daemon refuses is explained with what to do", async () => {
  await using daemon = await startDaemon();
  const token = await daemon.token({ expiresInSeconds: -5 });
  await using server = await connect({ url: daemon.url, token });
  const { isError, text } = await server.call("list_containers");
  assertEquals(isError, true);
  const [happened, why, next, ...rest] = text.split("\n");
  assertEquals(happened, 'API error (status 401): {"error": "invalid token", "code": 401}');
  assertStringIncludes(why ?? "", "Why: the daemon does not accept the token");
  assertStringIncludes(next ?? "", "CONTAINARIUM_JWT_TOKEN");
  assertEquals(rest, []);
});

Deno.test("a daemon that is not there is explained with what to do", async () => {
  const daemon = await startDaemon();
  const token = await daemon.token();
  await daemon.close();
  await using server = await connect({ url: daemon.url, token });
  const { isError, text } = await server.call("list_containers");
  assertEquals(isError, true);
  assert(/^request failed: .*connection refused\nWhy: .*\nNext: .*/.test(text), text);
  assertStringIncludes(text, "CONTAINARIUM_SERVER_URL");
});
