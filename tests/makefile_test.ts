/** What `make` does before Deno does anything. Not on Windows, whose shell rewrites paths in arguments. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ContainariumClient } from "../client/mod.ts";
import { connectProcess, shippedEnv } from "./connect.ts";
import { startDaemon } from "./daemon/mod.ts";
import { testWithPty } from "./with_pty.ts";
import { makeTempFolder } from "./temp.ts";

const root = new URL("..", import.meta.url);
const ignore = Deno.build.os === "windows";
const onPosix = ignore ? " (not on Windows: its shell rewrites paths)" : "";

/** What the Makefile uses besides make, deno and npm. */
const programs = ["sh", "awk", "cat", "grep", "head", "install", "ls", "mkdir", "mv", "rm", "sed"];

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs make in an environment of its own, with nothing of the make that runs these tests. */
async function make(
  cwd: URL | string,
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = { HOME: "/home/somebody" },
): Promise<Ran> {
  const which = new Deno.Command("sh", { args: ["-c", "command -v make"] });
  const program = new TextDecoder().decode((await which.output()).stdout).trim();
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    clearEnv: true,
    env: { ...env, PATH: path, NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** PATH with the deno that runs this first. */
function pathWithDeno(): string {
  return `${Deno.execPath().replace(/\/[^/]*$/, "")}:${Deno.env.get("PATH")}`;
}

/** A clone with nothing but the Makefile, and a PATH on which only `programs` and those given are. */
class EmptyClone implements AsyncDisposable {
  readonly folder: string;
  readonly path: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.path = `${folder}/path`;
  }

  static async create(scripts: Readonly<Record<string, string>> = {}): Promise<EmptyClone> {
    const clone = new EmptyClone(await Deno.makeTempDir());
    await Deno.mkdir(clone.path);
    await Deno.copyFile(new URL("Makefile", root), `${clone.folder}/Makefile`);
    const link = `for name; do ln -s "$(command -v "$name")" "${clone.path}/$name"; done`;
    const linking = new Deno.Command("sh", { args: ["-c", link, "sh", ...programs] });
    assertEquals((await linking.output()).code, 0);
    for (const [name, script] of Object.entries(scripts)) {
      await clone.write(`path/${name}`, `#!/bin/sh\n${script}\n`);
    }
    return clone;
  }

  async write(path: string, text: string): Promise<void> {
    await Deno.writeTextFile(`${this.folder}/${path}`, text, { mode: 0o755 });
  }

  read(path: string): Promise<string> {
    return Deno.readTextFile(`${this.folder}/${path}`);
  }

  make(...args: readonly string[]): Promise<Ran> {
    return make(this.folder, this.path, args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** A deno that knows its version and cannot reach JSR. */
const fakeDeno = (version: string) =>
  `case "$1" in --version) echo "deno ${version} (stable)";; *) exit 1;; esac`;

/** An npm that installs that deno, as npm 11 does: without running its install script. */
const fakeNpm = [
  'echo "$@" > npm.log',
  "mkdir -p .deno/node_modules/@deno/system",
  `printf '%s\\n' '#!/bin/sh' '${fakeDeno("2.9.6")}' > .deno/node_modules/@deno/system/deno`,
  "chmod +x .deno/node_modules/@deno/system/deno",
].join("\n");

Deno.test({
  name: `make help lists every target that a person may type${onPosix}`,
  ignore,
  fn: async () => {
    const makefile = await Deno.readTextFile(new URL("Makefile", root));
    const targets = [...makefile.matchAll(/^\.PHONY: (\S+)$/gm)].map(([, name]) => name ?? "");
    const inner = ["cached", "deno"];
    const { stdout } = await make(root, pathWithDeno(), ["help"]);
    const listed = [...stdout.matchAll(/^ {2}(\S+) +\S.*$/gm)].map(([, name]) => name ?? "");
    assertEquals(listed.toSorted(), targets.filter((name) => !inner.includes(name)).toSorted());
    for (const name of ["demo", "test", "check", "bench", "bundle", "build-mcp", "docs", "clean"]) {
      assert(listed.includes(name), name);
    }
    assertEquals((await make(root, pathWithDeno(), [])).stdout, stdout, "plain make is make help");
  },
});

Deno.test({
  name: `make says in one line what to install where neither deno nor npm is${onPosix}`,
  ignore,
  fn: async () => {
    await using clone = await EmptyClone.create();
    const { code, stderr } = await clone.make("test");
    assertEquals(code, 2);
    const [line, ...rest] = stderr.trim().split("\n");
    assertStringIncludes(line ?? "", "https://deno.com");
    assertStringIncludes(line ?? "", "npm");
    assertEquals(rest.filter((line) => !line.startsWith("make: ***")), []);
  },
});

Deno.test({
  name: `make installs the pinned deno with npm, and finds out that JSR is out of reach${onPosix}`,
  ignore,
  fn: async (t) => {
    const cases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      "where there is no deno": {},
      "where deno is too old": { deno: fakeDeno("2.8.1") },
      "where deno is of another age": { deno: fakeDeno("1.46.3") },
    };
    for (const [name, scripts] of Object.entries(cases)) {
      await t.step(name, async () => {
        await using clone = await EmptyClone.create({ ...scripts, npm: fakeNpm });
        await Deno.symlink("/bin/chmod", `${clone.path}/chmod`);
        const { code, stderr } = await clone.make(".deno/imports");
        assertEquals([code, stderr], [0, ""]);
        assert(
          /\binstall .*--prefix .deno deno@2\.9\.6$/.test((await clone.read("npm.log")).trim()),
        );
        assertEquals(
          (await clone.read(".deno/imports")).trim(),
          "--import-map=npm/imports.json --lock=npm/deno.lock",
        );
      });
    }
  },
});

Deno.test({
  name: `make takes a deno on PATH that is new enough, and the default imports with JSR${onPosix}`,
  ignore,
  fn: async (t) => {
    for (const version of ["2.9.0", "2.9.6", "2.10.1", "3.0.0"]) {
      await t.step(version, async () => {
        const deno = `case "$1" in --version) echo "deno ${version}";; esac`;
        await using clone = await EmptyClone.create({ deno });
        const { code, stderr } = await clone.make(".deno/imports");
        assertEquals([code, stderr], [0, ""]);
        assertEquals(await clone.read(".deno/imports"), "");
      });
    }
  },
});

Deno.test({
  name:
    `make bundle makes a program that answers with an empty cache and downloads nothing${onPosix}`,
  ignore,
  fn: async () => {
    // What downloads may need more of the environment than a path: proxies, authorities.
    const { MAKEFLAGS: _flags, MAKELEVEL: _level, ...env } = Deno.env.toObject();
    const { code, stderr } = await make(root, pathWithDeno(), ["bundle"], env);
    assertEquals(code, 0, stderr);
    await using cache = await makeTempFolder();
    {
      await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
      const grants = [`--allow-net=${new URL(daemon.url).host}`, `--allow-env=${shippedEnv}`];
      const bundle = new URL("dist/mcp-server.js", root).pathname;
      await using server = await connectProcess(daemon, {
        command: [Deno.execPath(), "run", "--no-prompt", "--cached-only", ...grants, bundle],
        env: { DENO_DIR: cache.path },
      });
      assertStringIncludes((await server.call("list_containers")).text, "alice");
    }
  },
});

Deno.test({
  name: `make test leaves nothing in the temporary folder, also when a test fails${onPosix}`,
  ignore,
  fn: async () => {
    await using folder = await makeTempFolder();
    await Deno.mkdir(`${folder.path}/tmp`);
    const test = await folder.write(
      "leaves_test.ts",
      `Deno.test("it", async () => { throw new Error(await Deno.makeTempDir()); });\n`,
    );
    const { MAKEFLAGS: _flags, MAKELEVEL: _level, ...env } = Deno.env.toObject();
    const { code, stdout, stderr } = await make(root, pathWithDeno(), ["test", `ROOMS=${test}`], {
      ...env,
      TMPDIR: `${folder.path}/tmp`,
    });
    assertEquals(code, 2, stdout + stderr);
    assertStringIncludes(stdout, `Error: ${folder.path}/tmp/`);
    assertStringIncludes(stdout, "1 failed");
    assertEquals(await Array.fromAsync(Deno.readDir(`${folder.path}/tmp`)), []);
  },
});

Deno.test({
  name: `make build-mcp bakes in exactly the hosts and files that it is given${onPosix}`,
  ignore,
  fn: async (t) => {
    const env = `--allow-env=${shippedEnv.join(",")}`;
    const cases: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
      "hosts and a file": [
        ["MCP_HOST=a:443,b:443", "MCP_READ=/x"],
        ["--no-prompt", "--allow-net=a:443,b:443", env, "--allow-read=/x"],
      ],
      "a file to write": [
        ["MCP_HOST=a:443", "MCP_READ=", "MCP_WRITE=/y"],
        ["--no-prompt", "--allow-net=a:443", env, "--allow-write=/y"],
      ],
      "by default any host, and the credentials": [
        [],
        [
          "--no-prompt",
          "--allow-net",
          env,
          "--allow-read=/home/somebody/.containarium/credentials.json",
        ],
      ],
      "no file": [["MCP_HOST=a:443", "MCP_READ="], ["--no-prompt", "--allow-net=a:443", env]],
    };
    for (const [name, [args, grants]] of Object.entries(cases)) {
      await t.step(name, async () => {
        const { code, stdout, stderr } = await make(root, pathWithDeno(), [
          "-n",
          "build-mcp",
          ...args,
        ]);
        assertEquals(code, 0, stderr);
        const compile = stdout.split("\n").find((line) => line.includes(" compile ")) ?? "";
        const words = compile.replaceAll('"', "").split(/\s+/);
        assertEquals(
          words.filter((word) => /^(-[A-Z]|--(allow|deny|ignore|no-prompt|permission))/.test(word)),
          grants,
        );
        assertEquals(words.slice(words.indexOf("-o")).slice(0, 3), [
          "-o",
          "bin/new/mcp-server",
          "dist/mcp-server.js",
        ]);
      });
    }
  },
});

/** A deno whose compile writes the file, and then ends with a code if the file's name has this part. */
const compilingDeno = (code: number, part = "") =>
  [
    'case "$1" in',
    '  --version) echo "deno 2.9.6 (stable)";;',
    '  compile) while [ "$1" != -o ]; do shift; done; echo new > "$2"',
    `    case "$2" in *${part}*) exit ${code};; esac;;`,
    "esac",
  ].join("\n");

Deno.test({
  name: `make build-mcp replaces the binary only when it was made${onPosix}`,
  ignore,
  fn: async (t) => {
    const cases: Readonly<Record<string, readonly [number, string, string]>> = {
      "it was": [0, "new\n", "Made bin/mcp-server, which may reach any host and read no file\n"],
      "it was not": [1, "the binary", ""],
    };
    for (const [name, [exit, binary, said]] of Object.entries(cases)) {
      await t.step(name, async () => {
        await using clone = await EmptyClone.create({ deno: compilingDeno(exit) });
        await Deno.mkdir(`${clone.folder}/bin`);
        await clone.write("bin/mcp-server", "the binary");
        const args = ["-o", "dist/mcp-server.js", "MCP_READ="];
        const { code, stdout, stderr } = await clone.make("build-mcp", ...args);
        assertEquals([code === 0, stdout], [exit === 0, said], stderr);
        assertEquals(stderr.includes("dl.deno.land"), exit !== 0);
        assertEquals(await clone.read("bin/mcp-server"), binary);
        const left = await Array.fromAsync(Deno.readDir(`${clone.folder}/bin`), ({ name }) => name);
        assertEquals(left, ["mcp-server"]);
      });
    }
  },
});

Deno.test({
  name: `make build-mcp-linux replaces both binaries, or neither${onPosix}`,
  ignore,
  fn: async (t) => {
    const names = ["mcp-server-linux-aarch64", "mcp-server-linux-x86_64"];
    for (const exit of [0, 1]) {
      await t.step(exit === 0 ? "they were made" : "the second was not", async () => {
        await using clone = await EmptyClone.create({ deno: compilingDeno(exit, "aarch64") });
        await Deno.mkdir(`${clone.folder}/bin`);
        for (const name of names) await clone.write(`bin/${name}`, "the binary");
        const args = ["-o", "dist/mcp-server.js", "MCP_READ="];
        const { code, stderr } = await clone.make("build-mcp-linux", ...args);
        assertEquals(code === 0, exit === 0, stderr);
        const left = await Array.fromAsync(Deno.readDir(`${clone.folder}/bin`), ({ name }) => name);
        assertEquals(left.sort(), names);
        for (const name of names) {
          assertEquals(await clone.read(`bin/${name}`), exit === 0 ? "new\n" : "the binary");
        }
      });
    }
  },
});

Deno.test({
  name: `make install-mcp builds nothing, since it may run as root${onPosix}`,
  ignore,
  fn: async () => {
    await using clone = await EmptyClone.create({ deno: compilingDeno(0) });
    const { code, stderr } = await clone.make("install-mcp", `DESTDIR=${clone.folder}/root`);
    assertEquals(code, 2);
    assertStringIncludes(stderr, "run make build-mcp first");
    assertEquals(
      await Array.fromAsync(Deno.readDir(`${clone.folder}`)).then((all) =>
        all.some(({ name }) => name === "root" || name === "bin")
      ),
      false,
    );
  },
});

Deno.test({
  name: `make install-mcp puts the binary under DESTDIR and PREFIX${onPosix}`,
  ignore,
  fn: async () => {
    await using clone = await EmptyClone.create();
    await Deno.mkdir(`${clone.folder}/bin`);
    await clone.write("bin/mcp-server", "the binary");
    const args = [`DESTDIR=${clone.folder}/root`, "PREFIX=/opt"];
    const { code, stderr } = await clone.make("install-mcp", ...args);
    assertEquals([code, stderr], [0, ""]);
    assertEquals(await clone.read("root/opt/bin/mcp-server"), "the binary");
    const { mode } = await Deno.stat(`${clone.folder}/root/opt/bin/mcp-server`);
    assertEquals((mode ?? 0) & 0o777, 0o755);
  },
});

testWithPty("make daemon serves containers with a terminal until it is interrupted", async () => {
  const daemon = new Deno.Command("make", {
    args: ["-s", "daemon"],
    cwd: root,
    env: { PATH: pathWithDeno(), MAKEFLAGS: "", MAKELEVEL: "", NO_COLOR: "1" },
    stdout: "piped",
  }).spawn();
  let said = "";
  for await (const text of daemon.stdout.pipeThrough(new TextDecoderStream())) {
    const isFirst = !said.includes("CONTAINARIUM_JWT_TOKEN=");
    said += text;
    const [, token] = /CONTAINARIUM_JWT_TOKEN=(\S+)\n/.exec(said) ?? [];
    if (!isFirst || token === undefined) continue;
    const url = /CONTAINARIUM_SERVER_URL=(\S+)\n/.exec(said)?.[1] ?? "";
    using client = new ContainariumClient({ serverUrl: url, token });
    const { stdout } = await client.terminal("alice").run("echo hello");
    assertEquals(new TextDecoder().decode(stdout), "hello\n");
    await client.closeTerminals();
    daemon.kill("SIGTERM");
  }
  await daemon.status;
  assertStringIncludes(said, "WARNING: its terminals are shells on this very machine");
});
