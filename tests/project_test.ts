/** The project's own files: what they promise together. */
import { assert, assertEquals } from "@std/assert";
import metadata from "../deno.json" with { type: "json" };
import npmMap from "../npm/imports.json" with { type: "json" };
import { importsOf, readSources, rooms, sharedNames, violations } from "./import_arrows.ts";
import { circles } from "./import_circles.ts";

const root = new URL("..", import.meta.url);
const imports: Readonly<Record<string, string>> = metadata.imports;
const npmImports: Readonly<Record<string, string>> = npmMap.imports;

/** The parts of a lock file that matter here. */
interface Lock {
  readonly specifiers: Readonly<Record<string, string>>;
  readonly npm: Readonly<Record<string, unknown>>;
  readonly jsr?: Readonly<Record<string, { readonly integrity: string }>>;
  readonly workspace: { readonly dependencies: readonly string[] };
}

async function readLock(path: string): Promise<Lock> {
  return JSON.parse(await Deno.readTextFile(new URL(path, root)));
}

const lock = await readLock("deno.lock");
const npmLock = await readLock("npm/deno.lock");

/** `@std/cli/parse-args` → `@std/cli`. */
function packageOf(specifier: string): string {
  return specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(new URL(path, root));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

Deno.test("both import maps name the same packages, npm ones in the same range", () => {
  const names = new Set(Object.keys(npmImports).map(packageOf));
  assertEquals([...names].sort(), Object.keys(imports).sort());
  for (const [name, target] of Object.entries(imports)) {
    if (!target.startsWith("npm:")) continue;
    assertEquals(npmImports[name], target);
    const folder = npmImports[`${name}/`] ?? `npm:/${target.slice("npm:".length)}/`;
    assertEquals(folder, `npm:/${target.slice("npm:".length)}/`);
  }
});

Deno.test("what comes from JSR has a stand-in, and it is there", async () => {
  const standIns = Object.entries(npmImports).filter(([name]) =>
    imports[packageOf(name)]?.startsWith("jsr:")
  );
  assert(standIns.length > 0);
  for (const [name, target] of standIns) {
    assert(/^\.\/\w+\.ts$/.test(target), `${name} resolves to ${target}`);
    assert(await exists(`npm/${target}`), `npm/${target} is missing`);
  }
});

Deno.test("both locks hold the same npm packages, with the same integrity", () => {
  const { "deno-std@1.4.0": standIns, ...shared } = npmLock.npm;
  assert(standIns !== undefined);
  assertEquals(shared, lock.npm);
  const { "npm:deno-std@1.4.0": standIn, ...specifiers } = npmLock.specifiers;
  assertEquals(standIn, "1.4.0");
  const npmOnly = Object.entries(lock.specifiers).filter(([name]) => name.startsWith("npm:"));
  assertEquals(specifiers, Object.fromEntries(npmOnly));
});

Deno.test("the lock pins each package of deno.json", () => {
  // The lock writes the range ^0.225.7 as ~0.225.7, which means the same.
  const written = Object.values(imports).map((target) => target.replace("@^0.", "@~0."));
  assertEquals(lock.workspace.dependencies.toSorted(), written.toSorted());
  assertEquals(npmLock.workspace.dependencies, lock.workspace.dependencies);
  const locked = Object.keys(lock.specifiers);
  for (const target of written) assert(locked.includes(target), `${target} is not locked`);
  for (const [name, target] of Object.entries(imports)) {
    if (!target.startsWith("jsr:")) continue;
    const resolved = `${name}@${lock.specifiers[target.replace("@^0.", "@~0.")]}`;
    assert(lock.jsr?.[resolved]?.integrity !== undefined, `${resolved} has no integrity`);
  }
});

Deno.test("deno.json says what is shipped, and that it may do little", async (t) => {
  assertEquals(metadata.name, "@containarium/mcp-server");
  assertEquals(metadata.license, "Apache-2.0");
  assertEquals(metadata.exports, {
    ".": "./mod.ts",
    "./client": "./client/mod.ts",
    "./server": "./server/mod.ts",
    "./cli": "./main.ts",
  });
  const entries = Object.values(metadata.exports).map((path) => path.replace("./", "")).join(" ");
  assert((await Deno.readTextFile(new URL("Makefile", root))).includes(`ENTRIES = ${entries}\n`));
  assert(metadata.tasks.check.command.endsWith(`deno doc --lint ${entries}`));
  assertEquals(Object.keys(metadata.permissions.default).sort(), ["env", "net"]);
  assertEquals(metadata.test.sanitizeOps && metadata.test.sanitizeResources, true);
  assertEquals(metadata.lock, { path: "deno.lock", frozen: true });
  assertEquals(metadata.fmt.lineWidth, 100);
  assert(metadata.lint.rules.include.includes("no-console"));
  for (const path of metadata.publish.include) {
    await t.step(`${path} is there to be published`, async () => assert(await exists(path), path));
  }
  for (const path of metadata.exclude.filter((path) => rooms.includes(path.split("/")[0] ?? ""))) {
    await t.step(`${path}, which has checks of its own, is published`, () => {
      assert(metadata.publish.exclude.includes(`!${path}`));
    });
  }
  // Imports of what is in no room are found below.
  for (const room of rooms.map((name) => name.endsWith(".ts") ? name : `${name}/`)) {
    await t.step(`${room} is published`, () => assert(metadata.publish.include.includes(room)));
  }
});

Deno.test("imports go one way: main, mod → cli → server → tools → client", async () => {
  assertEquals(violations(await readSources(root)), []);
});

Deno.test("an import against the arrows is found", async (t) => {
  const wrong: Readonly<Record<string, readonly [string, string]>> = {
    "the client knows tools": ["client/a.ts", 'import type { T } from "../tools/tool.ts";'],
    "a tool knows the server": ["tools/logs/a.ts", 'export { b } from "../../server/mod.ts";'],
    "a tool loads cli lazily": ["tools/a.ts", 'const b = await import("../cli/stderr_log.ts");'],
    "the server knows cli": ["server/a.ts", 'import "../cli/stderr_log.ts";'],
    "the library knows cli": ["mod.ts", 'import { a } from "./cli/log.ts";'],
    "shipped code knows tests": ["main.ts", 'import { a } from "./tests/connect.ts";'],
    "cli knows the SDK": ["cli/a.ts", 'import { a } from "@modelcontextprotocol/sdk/types.js";'],
    "several lines": ["client/a.ts", 'import {\n  a,\n  b,\n} from "../server/mod.ts";'],
    "the SDK by another name": ["client/a.ts", 'import "npm:@modelcontextprotocol/sdk@1";'],
    "a neighbor of the project": ["client/a.ts", 'import { a } from "../../other/a.ts";'],
    "a token out of its file": ["client/transport/http.ts", "const header = `Bearer ${token}`;"],
    "a log on the console": ["server/a.ts", 'console.error("hello");'],
    "a log on stdout": ["cli/stderr_log.ts", "await Deno.stdout.write(bytes);"],
    "a tool that knows the revision": ["tools/a.ts", 'const result = { requestState: "x" };'],
    "a tool that fetches": ["tools/a.ts", "await fetch(url);"],
  };
  for (const [name, [path, source]] of Object.entries(wrong)) {
    await t.step(name, () => assertEquals(violations(new Map([[path, source]])).length, 1));
  }
});

Deno.test("using the client loads no zod, no MCP SDK and no tool", async () => {
  const loaded = await modulesOf("client/mod.ts");
  const rooms = new Set(
    loaded.filter((module) => module.startsWith(root.href)).map((module) =>
      module.slice(root.href.length).replace(/\/.*/, "")
    ),
  );
  assertEquals([...rooms].sort(), ["client", "deno.json"]);
  const packages = loaded.filter((module) => module.startsWith("npm:"))
    .map((module) => module.replace(/^npm:\/?/, "").replace(/@[^@/]*$/, ""));
  assertEquals(packages.sort(), ["@types/ws", "fastest-levenshtein", "modern-tar", "ws"]);
});

/** Everything that a module loads, lazily too. */
async function modulesOf(path: string): Promise<string[]> {
  const graph: { readonly modules: readonly { readonly specifier: string }[] } = JSON.parse(
    await deno("info", "--json", path),
  );
  return graph.modules.map(({ specifier }) => specifier);
}

/** What Deno prints for a subcommand that resolves imports. */
async function deno(...[subcommand = "", ...args]: string[]): Promise<string> {
  const offline = await Deno.readTextFile(new URL(".deno/imports", root)).catch(() => "");
  const { stdout, success } = await new Deno.Command("deno", {
    args: [subcommand, ...offline.split(/\s+/).filter((flag) => flag !== ""), ...args],
    cwd: root,
    stderr: "null",
  }).output();
  assert(success);
  return new TextDecoder().decode(stdout);
}

/** The files of the client's resources. */
const resources = [
  "containers/containers.ts",
  "containers/reader.ts",
  "containers/settings.ts",
  "containers/metrics.ts",
  "snapshots/snapshots.ts",
  "ssh_keys/ssh_keys.ts",
  "catalog/recipes.ts",
  "catalog/stacks.ts",
  "backends/backends.ts",
  "backends/system.ts",
  "terminal/terminal.ts",
].map((file) => `client/${file}`);

Deno.test("each method of the client's resources has an example, which deno test --doc runs", async (t) => {
  for (const file of resources) {
    await t.step(file, async () => {
      const source = await Deno.readTextFile(new URL(file, root));
      // The resource is declared after what it is given and returns.
      const [resource = ""] = source.split(/^export (?:class|interface) /m).slice(-1);
      const documented = [
        ...resource.matchAll(/^ {2}\/\*\*((?:(?!\*\/)[^])*)\*\/\n {2}(?:async )?(\w+)\(/gm),
      ]
        .filter(([, , name]) => name !== "constructor");
      assert(documented.length > 0);
      const bare = documented.filter(([, doc = ""]) => !/@example .+\n +\* ```ts\n/.test(doc));
      assertEquals(bare.map(([, , name]) => name), []);
    });
  }
});

Deno.test("no imports form a circle, between files or between the entries of one folder", async () => {
  assertEquals(circles(await readSources(root)), []);
});

Deno.test("a circle of imports is found", async (t) => {
  const wrong: Readonly<
    Record<string, readonly [Readonly<Record<string, string>>, readonly string[]]>
  > = {
    "between two files": [
      { "client/a.ts": 'import "./b.ts";', "client/b.ts": 'import type { A } from "./a.ts";' },
      // As files, and as entries of client/.
      ["client/a.ts → client/b.ts → client/a.ts", "client/a.ts → client/b.ts → client/a.ts"],
    ],
    "of a file with itself": [
      { "cli/a.ts": 'import "./a.ts";' },
      ["cli/a.ts → cli/a.ts"],
    ],
    "between two folders, by files that form none": [
      {
        "tools/a/one.ts": 'import "../b/one.ts";',
        "tools/b/one.ts": "",
        "tools/b/two.ts": 'export { three } from "../a/three.ts";',
        "tools/a/three.ts": "",
      },
      ["tools/a → tools/b → tools/a"],
    ],
    "between a folder and a file beside it": [
      {
        "server/call.ts": 'const a = await import("./deep/er/a.ts");',
        "server/deep/er/a.ts": "",
        "server/deep/b.ts": 'import "../call.ts";',
      },
      ["server/call.ts → server/deep → server/call.ts"],
    ],
    "between two folders further down": [
      {
        "client/x/a/one.ts": 'import "../b/one.ts";',
        "client/x/b/one.ts": "",
        "client/x/b/two.ts": 'import "../a/two.ts";',
        "client/x/a/two.ts": "",
      },
      ["client/x/a → client/x/b → client/x/a"],
    ],
  };
  for (const [name, [sources, found]] of Object.entries(wrong)) {
    await t.step(name, () => assertEquals(circles(new Map(Object.entries(sources))), found));
  }
  await t.step("but not where all imports go one way", () => {
    const sources = {
      "tools/mod.ts": 'import "./a/one.ts";',
      "tools/a/one.ts": 'import "../tool.ts";',
      "tools/tool.ts": "",
    };
    assertEquals(circles(new Map(Object.entries(sources))), []);
  });
});

Deno.test("no two files have one name", async () => {
  assertEquals(sharedNames(await readSources(root)), []);
  const sources = ["client/a/x.ts", "tools/x.ts", "client/mod.ts", "tools/mod.ts", "cli/y.ts"];
  assertEquals(sharedNames(new Map(sources.map((path) => [path, ""]))), [
    "x.ts: client/a/x.ts, tools/x.ts",
  ]);
});

/** Where a package's types come from, when it has none of its own. */
function typesOf(source: string): string[] {
  return [...source.matchAll(/^\/\/ @ts-types="([^"]+)"$/gm)].map(([, name = ""]) => name);
}

Deno.test("each import resolves with either map, and each package is used", async () => {
  const used = new Set<string>();
  const sources = [...await readSources(root)].map(([, source]) => source);
  for (const folder of ["scripts/", "tests/"]) {
    sources.push(...await sourcesUnder(new URL(folder, root)));
  }
  for (const source of sources) {
    for (const name of [...importsOf(source), ...typesOf(source)]) {
      if (/^(\.|node:|npm:)/.test(name)) continue;
      used.add(packageOf(name));
      const isMapped = Object.keys(npmImports).some((key) =>
        key === name || (key.endsWith("/") && name.startsWith(key))
      );
      assert(isMapped, `npm/imports.json does not resolve ${name}`);
    }
  }
  assertEquals([...used].sort(), Object.keys(imports).sort());
});

Deno.test("nothing but .ci/run knows what lies beside the project", async () => {
  const beside = ["..", "shared"].join("/");
  const made = [".git", ".deno", "bin", "dist", "coverage", "node_modules"];
  const naming: string[] = [];
  for (const file of await filesUnder(root, made)) {
    if ((await Deno.readTextFile(file)).includes(beside)) naming.push(file.href);
  }
  assertEquals(naming, [new URL(".ci/run", root).href]);
});

async function sourcesUnder(folder: URL): Promise<string[]> {
  const sources = (await filesUnder(folder)).filter(({ pathname }) => pathname.endsWith(".ts"));
  return await Promise.all(sources.map((file) => Deno.readTextFile(file)));
}

async function filesUnder(folder: URL, leftOut: readonly string[] = []): Promise<URL[]> {
  const found: URL[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (leftOut.includes(name)) continue;
    if (isDirectory) found.push(...await filesUnder(new URL(`${name}/`, folder)));
    else found.push(new URL(name, folder));
  }
  return found;
}
