/** What the process is told by flags, variables and files, as a client and a person see it. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import anyLoopback from "../client/tls/any_loopback.pem" with { type: "text" };
import ca from "../client/tls/ca.pem" with { type: "text" };
import key from "../client/tls/daemon.key" with { type: "text" };
import cert from "../client/tls/daemon.pem" with { type: "text" };
import { startDaemon, whyNoPty } from "../daemon/mod.ts";
import { type Tool, toolNames } from "../../tools/mod.ts";
import { defaultToolsets } from "../../tools/toolsets.ts";
import { connect, connectProcess, type Session, shippedCommand } from "../connect.ts";
import { unless, whyNoIpv6 } from "../needs.ts";
import { launch } from "./launch.ts";
import { makeTempFolder } from "../temp.ts";
import { makeHome } from "./home.ts";

/** The names that `tools/list` gives. */
async function listed(server: Session): Promise<string[]> {
  const { tools } = await server.request("tools/list");
  assert(Array.isArray(tools));
  return tools.map(({ name }) => name);
}

const named = (tools: readonly Tool[]) => tools.map(({ name }) => name);
const standard: readonly Tool[] = Object.values(defaultToolsets).flat();
const readers = standard.filter(({ effect }) => effect === "read");
/** Tools that are on where nothing may be changed, or where the token can only read. */
const offered = standard.filter((tool) => readers.includes(tool) || tool.worksReadOnly === true);

Deno.test("--read-only offers what changes nothing, and says why the rest is off", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  const target = { url: daemon.url, token: await daemon.token() };
  for (
    const how of [{ args: ["--read-only"] }, { env: { CONTAINARIUM_MCP_READ_ONLY: "true" } }]
  ) {
    await using server = await connect(target, how);
    assertEquals(await listed(server), named(offered));
    const { isError, text } = await server.call("stop_container", { username: "alice" });
    assertEquals(isError, true);
    assertStringIncludes(text, "stop_container is off: this server was started with --read-only");
    assertEquals(daemon.state("alice"), "CONTAINER_STATE_RUNNING");
  }
});

Deno.test("--tools and --toolsets choose; a slip ends with exit code 2 and the nearest", async (t) => {
  await using daemon = await startDaemon();
  const target = { url: daemon.url, token: await daemon.token() };
  await t.step("--tools", async () => {
    await using server = await connect(target, {
      args: ["--tools", "get_metrics,get_container"],
      env: { CONTAINARIUM_MCP_TOOLS: "list_containers" },
    });
    assertEquals(await listed(server), ["get_container", "get_metrics"]);
    const { text } = await server.call("list_containers");
    assertStringIncludes(text, "list_containers is off: this server was started without it");
  });
  await t.step("--toolsets", async () => {
    await using server = await connect(target, { args: ["--toolsets", "containers"] });
    assert((await listed(server)).includes("create_container"));
  });
  await t.step("--toolsets all", async () => {
    await using server = await connect(target, {
      args: ["--toolsets", "all", "--delete-grace", "24h"],
    });
    assertEquals(await listed(server), toolNames);
  });
  await t.step("--toolsets defaults", async () => {
    await using launched = await launch(target, {
      args: ["--toolsets", "defaults"],
      initialize: false,
    });
    assertEquals((await launched.server.exited).code, 2);
    await launched.server.whenStderr('--toolsets "defaults": did you mean default?');
  });
  await t.step("--tools get_metric", async () => {
    await using launched = await launch(target, {
      args: ["--tools", "get_metric"],
      initialize: false,
    });
    assertEquals((await launched.server.exited).code, 2);
    await launched.server.whenStderr('--tools "get_metric": did you mean get_metrics?');
  });
});

Deno.test("a daemon on this machine is reached directly, whatever proxy is set", async () => {
  const isWithoutPty = await whyNoPty() !== undefined;
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }],
    ...(isWithoutPty ? {} : { shell: {} }),
  });
  await using proxy = await startDaemon();
  const target = { url: daemon.url, token: await daemon.token() };
  const variables = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"];
  const env = {
    ...Object.fromEntries(variables.map((name) => [name, proxy.url])),
    NODE_USE_ENV_PROXY: "1",
  };
  await using launched = await launch(target, { env });
  for (const tool of ["list_containers", "stop_container", "start_container"]) {
    const args = tool === "list_containers" ? {} : { username: "alice" };
    const { isError, text } = await launched.server.call(tool, args);
    assertEquals(isError, false, text);
  }
  if (!isWithoutPty) {
    const args = { username: "alice", command: "echo directly" };
    const { text } = await launched.server.call("run_command", args);
    assertStringIncludes(text, "directly");
  }
  assertEquals(proxy.requests.length, 0);
});

Deno.test({
  ...unless(whyNoIpv6(), "a daemon on [::1] is reached with the permission for it, and no more"),
  fn: async (t) => {
    await using caFile = await makeTempFolder();
    const file = `${caFile.path}/daemon.pem`;
    await Deno.writeTextFile(file, anyLoopback);
    for (const tls of [{}, { key, cert: anyLoopback }]) {
      const scheme = "key" in tls ? "https" : "http";
      await t.step(scheme, async () => {
        const options = { port: 0, hostname: "::1", onListen: () => {}, ...tls };
        await using daemon = Deno.serve(options, () => Response.json({ containers: [] }));
        const url = `${scheme}://[::1]:${daemon.addr.port}`;
        await using launched = await launch({ url, token: "ctnr_0123456789abcdef" }, {
          env: { CONTAINARIUM_MCP_TRUSTED_CA_FILE: file },
          read: [file],
        });
        const { isError, text } = await launched.server.call("list_containers");
        assertEquals(isError, false, text);
      });
    }
  },
});

Deno.test("tools outside the token's scopes are not listed, and say which scope is lacking", async () => {
  await using daemon = await startDaemon();
  const token = await daemon.token({ scopes: ["containers:read"] });
  await using server = await connect({ url: daemon.url, token });
  const within = offered.filter(({ scopes }) =>
    scopes.every((scope) => scope === "containers:read")
  );
  assertEquals(await listed(server), named(within));
  const { isError, text } = await server.call("create_container", { username: "bob" });
  assertEquals(isError, true);
  assertStringIncludes(text, "the token lacks the scope containers:write (it has containers:read)");
  assertEquals(daemon.requests.length, 0);
});

Deno.test("an environment file gives what the environment does not; each file read once is given up", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  const target = { url: daemon.url, token: await daemon.token() };
  await using folder = await makeTempFolder();
  const envFile = `${folder.path}/daemon.env`;
  const tokenFile = `${folder.path}/token`;
  await Deno.writeTextFile(
    envFile,
    `CONTAINARIUM_SERVER_URL=http://127.0.0.1:1\nCONTAINARIUM_JWT_TOKEN_FILE=${tokenFile}\n`,
  );
  await Deno.writeTextFile(tokenFile, `${target.token}\n`, { mode: 0o600 });
  {
    await using launched = await launch(target, {
      args: ["--env-file", envFile, "--debug"],
      read: [envFile, tokenFile],
      env: { CONTAINARIUM_JWT_TOKEN: "${user_config.token}" },
    });
    const { server } = launched;
    const { isError, text } = await server.call("get_container", { username: "alice" });
    assertEquals(isError, false, text);
    await server.whenStderr("CONTAINARIUM_JWT_TOKEN counts as not set: it holds the unfilled");
    await server.whenStderr("env: given up");
    await server.whenStderr(`read ${envFile}: given up`);
    assert(!server.stderr.includes(target.token), "the token is in the log");

    const other = await daemon.token({ username: "carol", roles: ["user"] });
    await Deno.writeTextFile(tokenFile, other);
    const refused = await server.call("get_container", { username: "alice" });
    assertEquals(refused.isError, true, "the token's file is still read, and read again");
  }
  await Deno.chmod(tokenFile, 0o644);
  {
    await using launched = await launch(target, {
      env: {
        CONTAINARIUM_MCP_ENV_FILE: envFile,
        CONTAINARIUM_JWT_TOKEN: "",
      },
      read: [envFile, tokenFile],
      initialize: false,
    });
    assertEquals((await launched.server.exited).code, 1);
    await launched.server.whenStderr(`chmod 600 ${tokenFile}`);
  }
});

Deno.test("credentials.json serves when it may be read, and is not tried when it may not", async () => {
  await using daemon = await startDaemon();
  const target = { url: daemon.url, token: await daemon.token() };
  const servers = { [daemon.url]: { token: target.token } };
  await using home = await makeHome({ "default_server": daemon.url, servers });
  const path = `${home.path}/.containarium/credentials.json`;
  const env = { HOME: home.path, CONTAINARIUM_SERVER_URL: "", CONTAINARIUM_JWT_TOKEN: "" };
  {
    await using launched = await launch(target, { env, read: [path] });
    assertEquals((await launched.server.call("list_containers")).isError, false);
  }
  {
    await using launched = await launch(target, { env, initialize: false });
    assertEquals((await launched.server.exited).code, 1);
    await launched.server.whenStderr("CONTAINARIUM_SERVER_URL environment variable is required");
    await launched.server.whenStderr(`start it with --allow-read=${path}`);
  }
});

Deno.test("a token that expires within a day or has expired is told at the start", async (t) => {
  await using daemon = await startDaemon();
  const cases: Readonly<Record<string, readonly [number, RegExp | undefined]>> = {
    "in an hour": [3_600, /token expires at \d{4}-/],
    "an hour ago": [-3_600, /token expired at \d{4}-/],
    "in a month": [30 * 86_400, undefined],
  };
  for (const [name, [expiresInSeconds, words]] of Object.entries(cases)) {
    await t.step(name, async () => {
      const token = await daemon.token({ expiresInSeconds });
      const server = await connect({ url: daemon.url, token });
      await server[Symbol.asyncDispose]();
      assertEquals(words?.test(server.stderr) ?? true, true, server.stderr);
      if (words === undefined) assert(!/token expire/.test(server.stderr));
    });
  }
});

Deno.test("the authorities of CONTAINARIUM_MCP_TRUSTED_CA_FILE are trusted, and their file given up", async () => {
  await using folder = await makeTempFolder();
  const file = await folder.write("ca.pem", ca);
  await using daemon = Deno.serve(
    { port: 0, hostname: "127.0.0.1", cert, key, onListen: () => {} },
    () => Response.json({ containers: [] }),
  );
  const target = { url: `https://127.0.0.1:${daemon.addr.port}`, token: "ctnr_0123456789abcdef" };
  {
    await using launched = await launch(target, {
      env: {
        CONTAINARIUM_MCP_TRUSTED_CA_FILE: file,
        CONTAINARIUM_DEBUG: "true",
        HTTPS_PROXY: "http://127.0.0.1:9",
      },
      read: [file],
    });
    const { isError, text } = await launched.server.call("list_containers");
    assertEquals(isError, false, text);
    await launched.server.whenStderr(`read ${file}: given up`);
  }
  {
    await using launched = await launch(target);
    const { text } = await launched.server.call("list_containers");
    assertStringIncludes(text, "CONTAINARIUM_MCP_TRUSTED_CA_FILE");
  }
});

Deno.test("a variable that may not be read is named where it is missing", async () => {
  const target = { url: "http://127.0.0.1:1", token: "ctnr_0123456789abcdef" };
  const [deno, ...flags] = shippedCommand(target.url);
  const fewer = flags.map((flag) =>
    flag.startsWith("--allow-env=") ? "--allow-env=CONTAINARIUM_SERVER_URL" : flag
  );
  await using server = await connectProcess(target, {
    command: [deno, ...fewer],
    initialize: false,
  });
  assertEquals((await server.exited).code, 1);
  await server.whenStderr("not granted by --allow-env");
  await server.whenStderr("CONTAINARIUM_JWT_TOKEN environment variable is required");
  const last = server.stderr.trim().split("\n").at(-1) ?? "";
  assertStringIncludes(last, "start it with --allow-env=CONTAINARIUM_JWT_TOKEN");
});

Deno.test("a token in the wrong place is not printed", async () => {
  await using daemon = await startDaemon();
  const target = { url: daemon.url, token: await daemon.token() };
  for (const args of [["--tools", target.token], [target.token]]) {
    const command: [string, ...string[]] = [...shippedCommand(target.url), ...args];
    const server = await connectProcess(target, { command, initialize: false });
    assertEquals((await server.exited).code, 2);
    await server.whenStderr("[token]");
    await server[Symbol.asyncDispose]();
    assert(!server.stderr.includes(target.token), "the token is on stderr");
  }
});

Deno.test("a client that does not read stderr keeps nothing waiting", async () => {
  await using daemon = await startDaemon();
  const [deno, ...args] = shippedCommand(daemon.url);
  const server = new Deno.Command(deno, {
    args,
    env: {
      CONTAINARIUM_SERVER_URL: daemon.url,
      CONTAINARIUM_JWT_TOKEN: await daemon.token(),
      CONTAINARIUM_DEBUG: "true",
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const requests = Array.from({ length: 100 }, (_, id) => ({
    jsonrpc: "2.0",
    id,
    ...id === 0 ? { method: "initialize", params: {} } : { method: "tools/list" },
  }));
  const writer = server.stdin.getWriter();
  await writer.write(
    new TextEncoder().encode(requests.map((request) => `${JSON.stringify(request)}\n`).join("")),
  );
  let answers = 0;
  for await (const text of server.stdout.pipeThrough(new TextDecoderStream())) {
    answers += text.split("\n").length - 1;
    if (answers === requests.length) await writer.close();
  }
  assertEquals([answers, (await server.status).code], [requests.length, 0]);
  await server.stderr.cancel();
});

Deno.test("--help into a pipe that nobody reads is quiet", async () => {
  const [deno, ...args] = shippedCommand("http://127.0.0.1:1");
  const { code, stderr } = await new Deno.Command("sh", {
    args: ["-c", '{ "$@"; echo "code $?" >&2; } | :', "sh", deno, ...args, "--help"],
    stderr: "piped",
  }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, "code 0\n"]);
});

Deno.test("http:// to another machine is refused when that is wanted", async () => {
  const target = { url: "http://10.255.255.1:8080", token: "ctnr_0123456789abcdef" };
  {
    await using launched = await launch(target, {
      env: { CONTAINARIUM_MCP_ALLOW_INSECURE: "false" },
      initialize: false,
    });
    assertEquals((await launched.server.exited).code, 1);
    await launched.server.whenStderr("http:// to 10.255.255.1 is not encrypted");
  }
  const server = await connect(target);
  await server[Symbol.asyncDispose]();
  assertEquals(server.stderr.match(/is not encrypted/g)?.length, 1);
});

Deno.test("the variables of a vendor's set-up work as they are", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  const token = await daemon.token();
  for (
    const env of [
      { CONTAINARIUM_MCP_ALLOW_INSECURE: "1", CONTAINARIUM_DEBUG: "1" },
      { CONTAINARIUM_MCP_ALLOW_INSECURE: "yes", CONTAINARIUM_JWT_TOKEN: `"${token}"` },
      { CONTAINARIUM_MCP_ALLOW_INSECURE: " TRUE ", CONTAINARIUM_JWT_TOKEN: `Bearer ${token}` },
      { CONTAINARIUM_MCP_ALLOW_INSECURE: "nonsense", CONTAINARIUM_DEBUG: "nonsense" },
    ]
  ) {
    await using server = await connect(daemon, { env });
    const { isError, text } = await server.call("get_container", { username: "alice" });
    assertEquals(isError, false, text);
    assert(!server.stderr.includes(token), "the token is in the log");
  }
});
