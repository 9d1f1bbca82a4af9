import { assert, assertEquals } from "@std/assert";
import { importFlags, shippedEnv } from "../connect.ts";
import { makeTempFolder } from "../temp.ts";

const module = import.meta.resolve("../../cli/confine.ts");

/** Runs in the worker: says what it may do, and ends with a code of its own. */
const program = asUrl(`
const may = async (descriptor) => (await Deno.permissions.query(descriptor)).state === "granted";
console.log(JSON.stringify({
  daemon: await may({ name: "net", host: "daemon.example:8443" }),
  proxy: await may({ name: "net", host: "proxy.example:3128" }),
  otherPort: await may({ name: "net", host: "daemon.example:443" }),
  anywhere: await may({ name: "net" }),
  token: await may({ name: "read", path: Deno.env.get("CONTAINARIUM_JWT_TOKEN_FILE") }),
  added: await may({ name: "read", path: "/x/shared/file" }),
  anyFile: await may({ name: "read" }),
  record: await may({ name: "write", path: "/x/record.jsonl" }),
  writeAny: await may({ name: "write" }),
  run: await may({ name: "run" }),
}));
postMessage(7);
`);

/** Runs in the process: ends with the worker's code, or 99 if nothing was confined. */
const starter = asUrl(`
const { runConfined } = await import(${JSON.stringify(module)});
const code = await runConfined(${JSON.stringify(program)});
const left = await Promise.all(["read", "write", "net", "env"].map(async (name) =>
  (await Deno.permissions.query({ name })).state));
console.error(JSON.stringify(left));
Deno.exit(code ?? 99);
`);

function asUrl(script: string): string {
  return `data:text/javascript;base64,${btoa(script)}`;
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs it with the permissions that are baked into a released binary. */
async function start(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  const wide = ["--allow-read", "--allow-write", "--allow-net", `--allow-env=${shippedEnv}`];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "--no-check", "--unstable-worker-options"]
      .concat(importFlags, wide, starter, args),
    clearEnv: true,
    env: { NO_COLOR: "1", DENO_DIR: await denoDir(), ...env },
    stdin: "null",
  }).output();
  const [out = "", err = ""] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, stdout: out.trim(), stderr: err.trim() };
}

async function denoDir(): Promise<string> {
  const args = ["info", "--json", "--no-config", "--no-lock"];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

Deno.test("runConfined() gives a worker what the configuration needs, and keeps nothing", async () => {
  await using folder = await makeTempFolder();
  const token = `${folder.path}/token`;
  await Deno.writeTextFile(token, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmVk", { mode: 0o600 });
  const { code, stdout, stderr } = await start([
    "--audit",
    "/x/record.jsonl",
    "--allow-read=/x/shared",
  ], {
    CONTAINARIUM_SERVER_URL: "https://daemon.example:8443",
    CONTAINARIUM_JWT_TOKEN_FILE: token,
    HTTPS_PROXY: "http://proxy.example:3128",
  });
  assertEquals(code, 7, stderr);
  assertEquals(JSON.parse(stdout), {
    daemon: true,
    proxy: true,
    otherPort: false,
    anywhere: false,
    token: true,
    added: true,
    anyFile: false,
    record: true,
    writeAny: false,
    run: false,
  });
  assertEquals(JSON.parse(stderr), ["prompt", "prompt", "prompt", "prompt"]);
});

Deno.test("runConfined() starts no worker where nothing can be served, and cannot reach anything", async () => {
  for (const args of [["--help"], ["--toolset"], []]) {
    const { code, stdout, stderr } = await start(args, { HOME: "/nonexistent" });
    assertEquals([code, stdout], [99, ""], stderr);
    const [, write, net] = JSON.parse(stderr);
    assertEquals([write, net], ["prompt", "prompt"]);
  }
});

Deno.test("runConfined() takes a program that fails for exit code 1, and goes on", async () => {
  const failing = asUrl(`throw new Error("no");`);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-check", "--unstable-worker-options", "-A"].concat(
      importFlags,
      asUrl(`
        const { runConfined } = await import(${JSON.stringify(module)});
        const code = await runConfined(${JSON.stringify(failing)});
        await new Promise((resolve) => setTimeout(resolve));
        console.log("the program ended with", code);
        Deno.exit(code);
      `),
    ),
    env: {
      CONTAINARIUM_SERVER_URL: "http://127.0.0.1:1",
      CONTAINARIUM_JWT_TOKEN: "ctnr_12345678901",
    },
    stdin: "null",
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals([code, out], [1, "the program ended with 1\n"], err);
  assert(err?.includes("no"));
});
