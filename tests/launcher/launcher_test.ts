/** The launcher of the npm package and of the bundle, in Node. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { builtLauncher } from "../../scripts/dist/built_launcher.ts";
import { importFlags, shippedEnv } from "../connect.ts";
import { startDaemon } from "../daemon/mod.ts";
import { needing, unless } from "../needs.ts";
import { makeTempFolder, type TempFolder } from "../temp.ts";

/** Made here, since esbuild's own process outlives a test. */
const launcher = await builtLauncher(importFlags);

/** Needs Node, and a shell script in place of Deno. */
function onNode(name: string): { readonly name: string; readonly ignore: boolean } {
  return Deno.build.os === "windows"
    ? unless("its stand-in for Deno is a shell script", name)
    : needing(["node"], name);
}

/** A folder with the launcher and, beside it, something in place of Deno. */
async function unpack(deno: string): Promise<TempFolder> {
  const folder = await makeTempFolder();
  await folder.write("launcher.js", launcher);
  await folder.write("package.json", `{"type": "module"}`);
  await folder.write("deno", `#!/bin/sh\n${deno}\n`, { mode: 0o755 });
  return folder;
}

function start(
  folder: TempFolder,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Deno.ChildProcess {
  return new Deno.Command("node", {
    args: [`${folder.path}/launcher.js`, ...args],
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: folder.path, ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** The permissions with which a command line starts Deno, besides the variables. */
async function grantsOf(
  folder: TempFolder,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const process = start(folder, args, env);
  await process.stdin.close();
  const { stdout, stderr } = await process.output();
  const [variables, ...grants] = new TextDecoder().decode(stdout).trim().split("\n")
    .filter((word) => word.startsWith("--allow-"));
  assertEquals(variables, `--allow-env=${shippedEnv.join(",")}`, new TextDecoder().decode(stderr));
  return grants;
}

const printArgs = `printf '%s\\n' "$@"`;

Deno.test(onNode("the launcher grants what the configuration needs, and no more"), async (t) => {
  await using folder = await unpack(printArgs);
  const { path } = folder;
  const url = "https://box.example:8443";
  const token = await folder.write("token", "ctnr_12345678901", { mode: 0o600 });
  const policy = await folder.write("policy.json", "{}");
  const envFile = await folder.write("server.env", `CONTAINARIUM_SERVER_URL=${url}\n`);
  await Deno.mkdir(`${path}/.containarium`);
  const credentials = await folder.write(
    ".containarium/credentials.json",
    JSON.stringify({ default_server: url, servers: { [url]: { token: "ctnr_12345678901" } } }),
  );
  const recording = await folder.write("audit.env", "CONTAINARIUM_AUDIT_FILE=/x/record.jsonl\n");
  const net = "--allow-net=box.example:8443";
  const given = { CONTAINARIUM_SERVER_URL: url, CONTAINARIUM_JWT_TOKEN: "ctnr_12345678901" };
  const cases: Readonly<
    Record<
      string,
      readonly [readonly string[], Readonly<Record<string, string>>, readonly string[]]
    >
  > = {
    "an address and a token": [[], given, [net]],
    "the vendor's credentials.json": [[], {}, [net, `--allow-read=${credentials}`]],
    "a token file, named in an env file": [
      ["--env-file", envFile],
      { CONTAINARIUM_JWT_TOKEN_FILE: token },
      [net, `--allow-read=${token},${envFile}`],
    ],
    "a policy and a record": [
      [`--config=${policy}`, "--audit", "/x/record.jsonl"],
      given,
      [net, `--allow-read=${policy}`, "--allow-write=/x/record.jsonl"],
    ],
    "a proxy": [
      [],
      { ...given, HTTPS_PROXY: "http://proxy.example:3128" },
      ["--allow-net=box.example:8443,proxy.example:3128"],
    ],
    "what the user adds": [
      ["--allow-read=/shared", "--allow-write=/shared", "--allow-net=runner.example:443"],
      given,
      [
        "--allow-net=box.example:8443,runner.example:443",
        "--allow-read=/shared",
        "--allow-write=/shared",
      ],
    ],
    ...Object.fromEntries(
      ["--read-only", "--debug", "--toolsets=all", "--tools=call_api", "--delete-grace=24h"]
        .map((flag) => [`${flag}: the daemon`, [[flag], given, [net]]]),
    ),
    "CONTAINARIUM_MCP_READ_ONLY: the daemon": [
      ["call", "list_containers"],
      { ...given, CONTAINARIUM_MCP_READ_ONLY: "true" },
      [net],
    ],
    "audit reads the record, and needs no daemon": [["audit", "/x/record.jsonl"], {}, [
      "--allow-read=/x/record.jsonl",
    ]],
    "audit does not write the record, nor reach the daemon": [
      ["audit", "--audit=/x/record.jsonl"],
      given,
      ["--allow-read=/x/record.jsonl"],
    ],
    "audit of the record that an env file names": [
      ["audit"],
      { CONTAINARIUM_MCP_ENV_FILE: recording },
      [`--allow-read=/x/record.jsonl,${recording}`],
    ],
    // The server then says what is wrong, which it must be able to see.
    "a configuration that cannot be used: the files that it names": [
      [],
      // Not by its flag: Node 20 reads that itself, wherever it stands.
      { CONTAINARIUM_MCP_ENV_FILE: `${path}/none.env` },
      [`--allow-read=${path}/none.env`],
    ],
  };
  for (const [name, [args, env, expected]] of Object.entries(cases)) {
    await t.step(name, async () => assertEquals(await grantsOf(folder, args, env), expected));
  }
});

Deno.test(
  onNode("the launcher returns Deno's exit code, and Deno's own signal as one"),
  async () => {
    for (const [script, expected] of [["exit 7", 7], ["kill -TERM $$", 143]] as const) {
      await using folder = await unpack(script);
      const process = start(folder, []);
      await process.stdin.close();
      assertEquals((await process.output()).code, expected, script);
    }
  },
);

Deno.test(onNode("the launcher passes signals on, and ends after Deno"), async () => {
  const program = `process.on("SIGTERM", () => { console.log("ended"); process.exit(5); });
    setInterval(() => {}, 1000); console.log("ready");`;
  await using folder = await unpack(`exec node -e '${program}'`);
  const process = start(folder, []);
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  assertEquals((await reader.read()).value, "ready\n");
  process.kill("SIGTERM");
  assertEquals((await reader.read()).value, "ended\n");
  assertEquals((await reader.read()).done, true);
  assertEquals((await process.status).code, 5);
  await process.stdin.close();
  assertEquals(await process.stderr.text(), "");
});

Deno.test(onNode("the launcher says in a line why it cannot start Deno"), async () => {
  await using folder = await unpack("");
  await Deno.remove(`${folder.path}/deno`);
  const process = start(folder, []);
  await process.stdin.close();
  const { code, stderr } = await process.output();
  assertEquals(code, 1);
  assertStringIncludes(new TextDecoder().decode(stderr), "is not installed");
  assertEquals(new TextDecoder().decode(stderr).trim().split("\n").length, 1);
});

Deno.test(
  onNode("the launcher serves what the real Deno serves, and leaves nothing behind"),
  async () => {
    await using folder = await unpack("");
    await Deno.remove(`${folder.path}/deno`);
    await Deno.symlink(Deno.execPath(), `${folder.path}/deno`);
    const program = `console.error(Deno.permissions.querySync({ name: "net" }).state);
    const bytes = new Uint8Array(1000);
    for (let n; (n = await Deno.stdin.read(bytes)) !== null;) await Deno.stdout.write(bytes.subarray(0, n));`;
    await folder.write("mcp-server.js", program);
    await using daemon = await startDaemon();
    const process = start(folder, [], {
      CONTAINARIUM_SERVER_URL: daemon.url,
      CONTAINARIUM_JWT_TOKEN: await daemon.token(),
      DENO_DIR: `${folder.path}/cache`,
      NO_COLOR: "1",
    });
    const writer = process.stdin.getWriter();
    await writer.write(new TextEncoder().encode("hello"));
    await writer.close();
    const { code, stdout, stderr } = await process.output();
    const said = new TextDecoder().decode(stderr);
    assertEquals([code, said], [0, "prompt\n"]);
    assertEquals(new TextDecoder().decode(stdout), "hello");
    const left = await Array.fromAsync(Deno.readDir(folder.path), ({ name }) => name);
    assertEquals(left.sort(), ["cache", "deno", "launcher.js", "mcp-server.js", "package.json"]);
  },
);

Deno.test("the launcher is small, and loads nothing but Node", () => {
  assert(launcher.length < 60_000, `${launcher.length} characters`);
  const imported = [...launcher.matchAll(/\bfrom"([^"]+)"|\bimport\("([^"]+)"\)/g)]
    .map(([, first, second]) => first ?? second ?? "");
  assert(imported.length > 0);
  for (const name of imported) assert(name.startsWith("node:"), name);
  // What the stand-in lacks would be undefined in Node.
  assertEquals(/\bDeno\b\s*\./.exec(launcher), null);
});
