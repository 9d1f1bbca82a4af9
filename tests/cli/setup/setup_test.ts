/** `mcp-server setup`: from the command line to the client's file. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  connectProcess,
  importFlags,
  inherited,
  shippedCommand,
  shippedEnv,
} from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { makeTempFolder, type TempFolder } from "../../temp.ts";
import { runCli } from "../run_cli.ts";

/** What a setup in this process printed. */
interface Answer {
  readonly code: number;
  readonly text: string;
}

const SECRET = "ctnr_secretsecretsecret";

async function setup(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const home = Deno.build.os === "windows" ? "USERPROFILE" : "HOME";
  const daemon = { url: "https://box.example", token: SECRET };
  const { code, stdout, stderr } = await runCli(daemon, ["setup", ...args], {
    env: { [home]: "/nonexistent", ...env },
  });
  return { code, text: `${stdout}${stderr}` };
}

async function entryIn(path: string): Promise<Record<string, unknown>> {
  const { mcpServers } = JSON.parse(await Deno.readTextFile(path));
  return mcpServers.containarium;
}

const old = '{\n  "theme":   "dark",\n  "mcpServers": {"other": {"command": "x"}}\n}\n';

async function configIn(folder: TempFolder, text = old): Promise<string> {
  return await folder.write("config.json", text, { mode: 0o640 });
}

Deno.test("setup knows clients by any spelling, and suggests the nearest", async () => {
  for (const word of ["claude-code", "Claude Code", "claudecode", "claude", "CLAUDE_CODE"]) {
    assertStringIncludes((await setup([word])).text, "Claude Code on ");
  }
  assertStringIncludes((await setup(["vs", "code"])).text, "VS Code on ");
  const { code, text } = await setup(["curser"]);
  assertEquals(code, 2);
  assertStringIncludes(text, "did you mean cursor?");
  assertStringIncludes((await setup(["clod-code"])).text, "did you mean claude-code?");
});

Deno.test("setup --os prints for another system, and says that it does", async () => {
  const { text } = await setup(["zed", "--os", "macOS", "--name", "lab"]);
  assertStringIncludes(text, "/Users/you/.config/zed/settings.json");
  assertStringIncludes(text, '"lab": {');
  assertStringIncludes(text, "adapt the paths");
  assertEquals((await setup(["zed", "--os", "beos"])).code, 2);
  assertEquals((await setup(["zed", "--name", "a b"])).code, 2);
});

Deno.test("setup carries flags and variables over, paths in full", async () => {
  const { text } = await setup(["cursor", "--read-only", "--config", "policy.json"], {
    CONTAINARIUM_CONSENT: "always",
  });
  assertStringIncludes(text, '"CONTAINARIUM_CONSENT": "always"');
  assertStringIncludes(
    text,
    `"--read-only",\n        "--config",\n        "${Deno.cwd()}/policy.json"`,
  );
});

Deno.test("setup without settings prints what is to be replaced, and where the token goes", async () => {
  const { code, text } = await setup(["claude-desktop"], {
    CONTAINARIUM_SERVER_URL: "",
    CONTAINARIUM_JWT_TOKEN: "",
  });
  assertEquals(code, 0, text);
  assertStringIncludes(text, "Replace http://your-server:8080");
  assertStringIncludes(text, "Put the token into /nonexistent/.containarium/token");
});

Deno.test("setup --write says what is to be replaced, and where the token goes", async () => {
  await using folder = await makeTempFolder();
  const path = await configIn(folder);
  const { code, text } = await setup(["claude-desktop", "--write", "--file", path], {
    CONTAINARIUM_SERVER_URL: "",
    CONTAINARIUM_JWT_TOKEN: "",
  });
  assertEquals(code, 0, text);
  assertStringIncludes(text, "Note: Replace http://your-server:8080");
  assertStringIncludes(text, "Token: Put the token into /nonexistent/.containarium/token");
});

Deno.test("setup without a home says that its paths are not the user's", async () => {
  for (const args of [[], ["cursor"]]) {
    const { text } = await setup(args, { HOME: "", USERPROFILE: "" });
    assertStringIncludes(text, "stands for your home");
    assert(!text.includes("To look for"), text);
  }
});

Deno.test("setup --url is the daemon, whatever CONTAINARIUM_SERVER names", async () => {
  const { code, text } = await setup(["cursor", "--url", "http://other:8080"], {
    CONTAINARIUM_SERVER: "lab",
  });
  assertEquals(code, 0, text);
  assertStringIncludes(text, "--allow-net=other:8080");
  assert(!text.includes('CONTAINARIUM_SERVER"'), text);
});

Deno.test("setup --url and --token-file stand for the variables", async () => {
  await using folder = await makeTempFolder();
  const file = await folder.write("token", SECRET, { mode: 0o600 });
  const { text } = await setup(["vscode", "--url", "http://other:8080", "--token-file", file]);
  assertStringIncludes(text, '"CONTAINARIUM_SERVER_URL": "http://other:8080"');
  assertStringIncludes(text, `"CONTAINARIUM_JWT_TOKEN_FILE": "${file}"`);
  assert(!text.includes("input:"), text);
});

Deno.test("setup grants no part of a name with a comma in it", async () => {
  const host = await setup(["cursor", "--url", "http://a,b.example:8080"]);
  assertEquals(host.code, 2, host.text);
  assertStringIncludes(host.text, "a,b.example:8080: Deno cannot be granted");
  const file = await setup(["cursor", "--file", "/nonexistent/a,/etc/x.json"]);
  assertEquals(file.code, 0, file.text);
  assert(!file.text.includes("--allow-write="), file.text);
});

Deno.test("setup lists the clients and says which are there", async () => {
  await using folder = await makeTempFolder();
  await folder.write(".claude.json", '{"mcpServers": {"containarium": {}}}');
  await Deno.mkdir(`${folder.path}/.cursor`);
  await folder.write(".cursor/mcp.json", "not JSON");
  const { code, text } = await setup([], { HOME: folder.path, USERPROFILE: folder.path });
  assertEquals(code, 0);
  assertStringIncludes(text, "claude-code     has the server");
  assertStringIncludes(text, "cursor          found");
  assertStringIncludes(text, "codex           not found");
  assertStringIncludes(text, "jetbrains       has no file");
});

Deno.test("setup --write adds the server, keeps the rest and the mode, and makes no backup twice", async () => {
  await using folder = await makeTempFolder();
  const path = await configIn(folder);
  const { code, text } = await setup(["cursor", "--write", "--file", path]);
  assertEquals(code, 0, text);
  assertStringIncludes(text, `Added containarium to ${path}.`);
  const edited = await Deno.readTextFile(path);
  assert(
    edited.startsWith('{\n  "theme":   "dark",\n  "mcpServers": {"other": {"command": "x"}, '),
  );
  const entry = await entryIn(path);
  assertEquals(entry.env, {
    CONTAINARIUM_SERVER_URL: "https://box.example",
    CONTAINARIUM_JWT_TOKEN: "${env:CONTAINARIUM_JWT_TOKEN}",
  });
  assertEquals(await Deno.readTextFile(`${path}.bak`), old);
  if (Deno.build.os !== "windows") {
    assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o640);
    assertEquals(((await Deno.stat(`${path}.bak`)).mode ?? 0) & 0o777, 0o600);
  }
  const again = await setup(["cursor", "--write", "--file", path]);
  assertEquals(again.code, 0);
  assertStringIncludes(again.text, "like this already");
  assertEquals(await Deno.readTextFile(`${path}.bak`), old);
  assertEquals((await Array.fromAsync(Deno.readDir(folder.path))).length, 2);
});

Deno.test("setup --write makes a file that is not there, for nobody else to read", async () => {
  await using folder = await makeTempFolder();
  const path = `${folder.path}/new.json`;
  assertEquals((await setup(["kiro", "--write", "--file", path])).code, 0);
  assertEquals(Object.keys(await entryIn(path)), ["command", "args", "env"]);
  if (Deno.build.os !== "windows") {
    assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  }
  const { code, text } = await setup(["kiro", "--write", "--file", `${folder.path}/none/x.json`]);
  assertEquals(code, 2);
  assertStringIncludes(text, "No such file or directory");
});

Deno.test("setup --write replaces another server of the name only with --replace, having said what changes", async () => {
  await using folder = await makeTempFolder();
  const before = JSON.stringify({
    mcpServers: {
      containarium: { command: "old", args: [], env: { CONTAINARIUM_JWT_TOKEN: SECRET } },
    },
  });
  const path = await configIn(folder, before);
  const refused = await setup(["kiro", "--write", "--file", path]);
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.text, 'command: "old" → ');
  assertStringIncludes(refused.text, "env.CONTAINARIUM_JWT_TOKEN: changed");
  assertStringIncludes(refused.text, "env.CONTAINARIUM_SERVER_URL: added");
  assertEquals(await Deno.readTextFile(path), before);
  const { code, text } = await setup(["kiro", "--write", "--replace", "--file", path]);
  assertEquals(code, 0, text);
  assertStringIncludes(text, `the old file is ${path}.bak`);
  assert(!(await Deno.readTextFile(path)).includes(SECRET));
});

Deno.test("setup --write shows of a server that it would replace nothing that may be a secret", async () => {
  await using folder = await makeTempFolder();
  const key = "opaque-key-of-somebody-else";
  const there: Readonly<Record<string, unknown>> = {
    command: "npx",
    args: ["mcp-remote", "https://mcp.example", "--header", `Authorization: Bearer ${key}`],
    url: `https://mcp.example/${key}/mcp`,
    requestOptions: { headers: { "X-Api-Key": key } },
    bearerToken: key,
    timeout: 5,
  };
  const path = await configIn(folder, JSON.stringify({ mcpServers: { containarium: there } }));
  const command = JSON.stringify({ command: `sh -c 'KEY=${key} run'` });
  const other = await folder.write("other.json", `{"mcpServers": {"containarium": ${command}}}`);
  for (const file of [path, other]) {
    for (const replace of [[], ["--replace"]]) {
      const { text } = await setup(["cursor", "--write", ...replace, "--file", file]);
      assert(!text.includes(key), text);
      assertStringIncludes(
        text,
        file === path ? 'command: "npx" → ' : "command: something else → ",
      );
      if (file === path) assertStringIncludes(text, "timeout: 5 → nothing");
    }
  }
});

Deno.test("setup --write leaves a file that it cannot parse as it is", async () => {
  await using folder = await makeTempFolder();
  for (const text of ["{", '{"mcpServers": {}, "mcpServers": {}}', '{"mcpServers": 1}']) {
    const path = await configIn(folder, text);
    const refused = await setup(["cursor", "--write", "--file", path]);
    assertEquals(refused.code, 2, refused.text);
    assertEquals(await Deno.readTextFile(path), text);
  }
  const path = `${folder.path}/config.json`;
  await Deno.writeFile(path, new Uint8Array([0x7b, 0xff, 0x7d]));
  assertStringIncludes((await setup(["cursor", "--write", "--file", path])).text, "not UTF-8");
  assertEquals((await Array.fromAsync(Deno.readDir(folder.path))).length, 1);
});

Deno.test("setup --write keeps off what another setup is writing", async () => {
  await using folder = await makeTempFolder();
  const path = await configIn(folder);
  const half = await folder.write("config.json.new", "half of it");
  const { code, text } = await setup(["cursor", "--write", "--file", path]);
  assertEquals(code, 2, text);
  assertStringIncludes(text, `${path}.new is there`);
  assertEquals([await Deno.readTextFile(path), await Deno.readTextFile(half)], [old, "half of it"]);
});

Deno.test("setup --write follows a link, which stays one", async () => {
  if (Deno.build.os === "windows") return;
  await using folder = await makeTempFolder();
  await Deno.mkdir(`${folder.path}/dotfiles`);
  const target = await folder.write("dotfiles/real.json", old);
  const link = `${folder.path}/config.json`;
  await Deno.symlink("dotfiles/real.json", link);
  assertEquals((await setup(["cursor", "--write", "--file", link])).code, 0);
  assert((await Deno.lstat(link)).isSymlink);
  assert("command" in await entryIn(target));
  await Deno.remove(target);
  assertStringIncludes(
    (await setup(["cursor", "--write", "--file", link])).text,
    "link to nothing",
  );
});

Deno.test("setup --write asks VS Code for the token once, whatever is there", async () => {
  await using folder = await makeTempFolder();
  const path = await configIn(folder, '{\n  // mine\n  "inputs": [],\n  "servers": {}\n}\n');
  assertEquals((await setup(["vscode", "--write", "--file", path])).code, 0);
  const edited = await Deno.readTextFile(path);
  assertStringIncludes(edited, "// mine");
  assertStringIncludes(edited, '"password": true');
  const again = await setup(["vscode", "--write", "--file", path]);
  assertStringIncludes(again.text, "like this already");
});

Deno.test("setup --write writes TOML and YAML", async () => {
  await using folder = await makeTempFolder();
  const toml = await folder.write("config.toml", 'model = "o" # mine\n');
  assertEquals((await setup(["codex", "--write", "--file", toml])).code, 0);
  assertStringIncludes(await Deno.readTextFile(toml), 'env_vars = ["CONTAINARIUM_JWT_TOKEN"]');
  const yaml = await folder.write("config.yaml", "extensions:\n  x: {} # mine\n");
  assertEquals((await setup(["goose", "--write", "--file", yaml])).code, 0);
  const list = await folder.write("list.yaml", "name: me\nmcpServers:\n  - name: x # mine\n");
  assertEquals((await setup(["continue", "--write", "--file", list])).code, 0);
  for (const path of [toml, yaml, list]) {
    assertStringIncludes(await Deno.readTextFile(path), "# mine");
    assertStringIncludes(await Deno.readTextFile(path), "containarium");
  }
});

/** Runs the command as it is shipped, with nothing but what is granted here. */
async function shipped(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Answer> {
  const [deno, ...flags] = shippedCommand("http://localhost:8080");
  const { code, stdout, stderr } = await new Deno.Command(deno, {
    args: [...flags, "setup", ...args],
    clearEnv: true,
    env: { ...inherited(), NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
  }).output();
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  return { code, text };
}

Deno.test("setup prints the command that writes the file, and what is written starts the server", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using folder = await makeTempFolder();
  const token = await folder.write("token", await daemon.token(), { mode: 0o600 });
  const env = {
    HOME: folder.path,
    USERPROFILE: folder.path,
    CONTAINARIUM_SERVER_URL: daemon.url,
    CONTAINARIUM_JWT_TOKEN_FILE: token,
  };
  const denied = await shipped(["claude-code", "--write"], env);
  assertEquals(denied.code, 1, denied.text);
  const line = denied.text.split("\n").find((line) => line.startsWith("  ")) ?? "";
  assertStringIncludes(line, `--allow-write=${folder.path}/.claude.json,`);
  // Nothing of it needs a shell here.
  const [program = "", ...args] = line.trim().split(" ");
  const written = await new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { ...inherited(), NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
  }).output();
  const said = new TextDecoder().decode(written.stdout) + new TextDecoder().decode(written.stderr);
  assertEquals(written.code, 0, said);
  const entry = await entryIn(`${folder.path}/.claude.json`);
  const { command, args: rest, env: set } = entry;
  assert(typeof command === "string" && Array.isArray(rest));
  assertEquals(set, {
    CONTAINARIUM_SERVER_URL: daemon.url,
    CONTAINARIUM_JWT_TOKEN_FILE: token,
  });
  for (const flag of importFlags) {
    assert(rest.some((arg) => arg.endsWith(flag.split("=")[1])), flag);
  }
  assert(rest.includes(`--allow-env=${shippedEnv.join(",")}`));
  assert(rest.includes(`--allow-read=${token}`));
  await using server = await connectProcess({ url: daemon.url, token: "" }, {
    command: [command, ...rest.map(String)],
    env: { CONTAINARIUM_JWT_TOKEN: "", CONTAINARIUM_JWT_TOKEN_FILE: token },
  });
  assertStringIncludes(JSON.stringify(await server.call("list_containers", {})), "alice");
});

Deno.test("setup works in the shipped process for clients of every language", async () => {
  const env = { HOME: "/nonexistent", CONTAINARIUM_SERVER_URL: "http://x" };
  for (const client of ["cursor", "codex", "goose"]) {
    const { code, text } = await shipped([client], env);
    assertEquals(code, 0, text);
    assertStringIncludes(text, "Or have it written there");
  }
  const { text } = await shipped([], env);
  assertStringIncludes(text, "To look for them, add --allow-read='/nonexistent/.config/Claude/");
});
