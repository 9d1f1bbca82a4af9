/** The process: its start, its words, what it keeps to itself. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { version } from "../mod.ts";
import { connectProcess, shippedCommand } from "./connect.ts";
import { startDaemon } from "./daemon/mod.ts";

Deno.test("a missing variable is named in the vendor's words, and the exit code is 1", async (t) => {
  await using daemon = await startDaemon();
  for (const name of ["CONTAINARIUM_SERVER_URL", "CONTAINARIUM_JWT_TOKEN"]) {
    await t.step(name, async () => {
      await using server = await connectProcess(daemon, { initialize: false, env: { [name]: "" } });
      assertEquals((await server.exited).code, 1);
      await server.whenStderr(`${name} environment variable is required`);
      assertStringIncludes(server.stderr, "Required environment variables:");
      assertEquals(server.messages, []);
    });
  }
});

Deno.test("a daemon's address that is none is named by its variable, and by nothing else", async () => {
  await using daemon = await startDaemon();
  const env = { CONTAINARIUM_SERVER_URL: "127.0.0.1:8080" };
  await using server = await connectProcess(daemon, { initialize: false, env });
  assertEquals((await server.exited).code, 1);
  await server.whenStderr("CONTAINARIUM_SERVER_URL: The server URL is not a URL; expected");
  assert(!server.stderr.includes("Required environment variables:"), server.stderr);
});

Deno.test("the start is told on stderr, and nothing of it is secret", async () => {
  await using daemon = await startDaemon();
  await using server = await connectProcess(daemon);
  await server.whenStderr("Debug mode: false");
  assertStringIncludes(server.stderr, "Starting Containarium MCP Server");
  assertStringIncludes(server.stderr, `Server URL: ${daemon.url}`);
});

Deno.test("debug logs protocol messages and HTTP exchanges, without the token", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  const token = await daemon.token();
  await using server = await connectProcess(
    { url: daemon.url, token },
    { env: { CONTAINARIUM_DEBUG: "true" } },
  );
  const { isError, text } = await server.call("get_container", { username: token });
  assertEquals(isError, true);
  assert(!text.includes(token), "the token is in an answer");
  await server.call("get_container", { username: "alice" });
  await server.whenStderr("GET /v1/containers/alice 200");
  assertStringIncludes(server.stderr, "→ initialize");
  assert(/→ tools\/call \d+: get_container username=alice\n/.test(server.stderr), server.stderr);
  assert(/← answer \d+: content=1 items/.test(server.stderr), server.stderr);
  assert(!server.stderr.includes(token), "the token is in the log");
});

Deno.test("a token that the daemon refuses is explained with what to do", async () => {
  await using daemon = await startDaemon();
  const token = await daemon.token({ expiresInSeconds: -5 });
  await using server = await connectProcess({ url: daemon.url, token });
  const { isError, text } = await server.call("list_containers");
  assertEquals(isError, true);
  const [happened, next, daemonSays, ...rest] = text.split("\n");
  assert(
    /^The daemon rejects the token: the token expired at 20.*Z\.$/.test(happened ?? ""),
    happened,
  );
  assertEquals(
    daemonSays,
    'Daemon: API error (status 401): {"error": "invalid token", "code": 401}',
  );
  assertStringIncludes(next ?? "", "Next: Ask the user for a new token");
  assertStringIncludes(next ?? "", "A token file is read again at the next call");
  assertStringIncludes(next ?? "", "CONTAINARIUM_JWT_TOKEN");
  assertEquals(rest, []);
});

Deno.test("a daemon that is not there is explained with what to do", async () => {
  const daemon = await startDaemon();
  const token = await daemon.token();
  await daemon.close();
  await using server = await connectProcess({ url: daemon.url, token });
  const { isError, text } = await server.call("list_containers");
  assertEquals(isError, true);
  assert(/^request failed: .*connection refused\.\nWhy: .*\nNext: .*/.test(text), text);
  assertStringIncludes(
    text,
    "ask the user whether the daemon is running and CONTAINARIUM_SERVER_URL",
  );
  assertStringIncludes(text, "this server has to be restarted");
});

Deno.test("--help and --version are for people; what is not understood ends with exit code 2", async (t) => {
  const run = async (...args: string[]) => {
    const [deno, ...flags] = shippedCommand("http://127.0.0.1:1");
    const { code, stdout, stderr } = await new Deno.Command(deno, {
      args: [...flags, ...args],
      stdin: "null",
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  };
  await t.step("--help", async () => {
    const { code, stdout } = await run("--help");
    assertEquals(code, 0);
    assertStringIncludes(stdout, "Usage: mcp-server");
  });
  await t.step("--version", async () => {
    assertEquals(await run("--version"), { code: 0, stdout: `${version}\n`, stderr: "" });
  });
  await t.step("--verison", async () => {
    const { code, stdout, stderr } = await run("--verison");
    assertEquals([code, stdout], [2, ""]);
    assertStringIncludes(stderr, "Unknown argument --verison; did you mean --version?");
  });
});
