/** What `make bundle` makes: the whole server, and little of it at the start. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Dependency, type Graph, readGraph } from "../../scripts/bundle/graph.ts";
import { entries, promptEntries } from "../../tools/entries.ts";
import { tokensOfDescription } from "../../scripts/tokens.ts";
import { builtPage } from "../../scripts/bundle/built_page.ts";
import { fleetViewUri } from "../../tools/fleet_view/fleet_view_uri.ts";
import { connectProcess, importFlags, type ProcessSession, shippedEnv } from "../connect.ts";
import { type Daemon, startDaemon } from "../daemon/mod.ts";
import { makeTempFolder, type TempFolder } from "../temp.ts";
import { testWithPty } from "../with_pty.ts";

const root = new URL("../..", import.meta.url);
const main = new URL("main.ts", root).pathname;
/** What main.ts has loaded once it serves: it and cli/run.ts import it when it is known what to do. */
const started = new URL("cli/serve_command.ts", root).pathname;
/** Made here, since esbuild's own process outlives a test. */
const view = await builtPage();
const shared = await makeTempFolder();
globalThis.addEventListener("unload", () => Deno.removeSync(shared.path, { recursive: true }));
/** Made once for all tests, since it takes seconds. */
const bundleOfMain = await bundle(shared, main, importFlags);

/** Bundles a program; returns the path of the bundle. */
async function bundle(
  folder: TempFolder,
  program: string,
  flags: readonly string[],
): Promise<string> {
  const outfile = `${folder.path}/bundle.js`;
  const script = new URL("scripts/bundle.ts", root).pathname;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=test", ...importFlags, script, program, outfile, ...flags],
    cwd: root,
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return outfile;
}

/** The files of a bundle, by path: what to run, and what it imports. */
async function filesOf(folder: TempFolder): Promise<ReadonlyMap<string, string>> {
  const paths = ["bundle.js"];
  for await (const { name } of Deno.readDir(`${folder.path}/bundle`)) paths.push(`bundle/${name}`);
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path, await Deno.readTextFile(`${folder.path}/${path}`)] as const),
    ),
  );
}

/** Starts a bundle with an empty cache, so that it loads nothing but itself. */
async function connectBundle(
  file: string,
  daemon: Daemon,
  folder: TempFolder,
  files: Readonly<Record<string, string>> = {},
): Promise<ProcessSession> {
  const grants = [
    `--allow-net=${new URL(daemon.url).host}`,
    `--allow-env=${shippedEnv.join(",")}`,
    `--allow-read=${folder.path}`,
  ];
  return await connectProcess(daemon, {
    command: [Deno.execPath(), "run", "--no-prompt", "--cached-only", ...grants, file],
    args: Object.entries(files).flat(),
    env: {
      DENO_DIR: `${folder.path}/cache`,
      CONTAINARIUM_MCP_TOOLSETS: "all",
      CONTAINARIUM_DELETE_GRACE: "24h",
    },
  });
}

Deno.test("the bundle lists the tools of the source, and imports nothing but itself", async (t) => {
  const files = await filesOf(shared);
  for (const [path, text] of files) {
    const statics = text.matchAll(/\bimport\s*(?:[\w$*{][^;"'()]*\bfrom\s*)?["']([^"']+)["']\s*;/g);
    const imported = [...statics].map(([, specifier = ""]) => specifier);
    assertEquals(imported.filter((specifier) => !specifier.startsWith("./")), [], path);
    assertEquals(text.match(/\bajv\b/), null, path);
    // One other character, as in a regular expression, and V8 holds two bytes for each of the file.
    assertEquals(text.match(/[^\0-\x7f]/), null, path);
  }
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using folder = await makeTempFolder();
  await using server = await connectBundle(bundleOfMain, daemon, folder);
  const { tools } = await server.request("tools/list");
  assertEquals(tools, JSON.parse(JSON.stringify(entries.map(({ description }) => description))));
  assertStringIncludes((await server.call("list_containers")).text, "alice");
  await t.step("it knows what each tool costs", async () => {
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--cached-only", "--allow-env", bundleOfMain, "tools", "--json"],
      env: { DENO_DIR: `${folder.path}/cache` },
      stderr: "null",
    }).output();
    assertEquals(code, 0);
    const listed: readonly { readonly tokens: number }[] = JSON.parse(
      new TextDecoder().decode(stdout),
    );
    assertEquals(
      listed.map(({ tokens }) => tokens),
      entries.map(({ description }) => tokensOfDescription(description)),
    );
  });
  await t.step("it starts, and lists them, from three of its files", async () => {
    await Deno.mkdir(`${folder.path}/bundle`);
    for (const [path, text] of files) {
      if (/^bundle(\/(start|serve)-[\w-]+)?\.js$/.test(path)) await folder.write(path, text);
    }
    await using server = await connectBundle(`${folder.path}/bundle.js`, daemon, folder);
    assertEquals((await server.request("tools/list")).tools, tools);
  });
});

Deno.test("a new bundle removes what the one before has left, and no other file", async () => {
  await using folder = await makeTempFolder();
  const program = async (text: string) => {
    await folder.write("one.ts", `export const one = ${text};\n`);
    const path = await folder.write("program.ts", 'console.log(await import("./one.ts"));\n');
    await bundle(folder, path, ["--no-config", "--no-lock"]);
    return [...(await filesOf(folder)).keys()];
  };
  const first = await program('"first"');
  await folder.write("bundle/notes.txt", "mine");
  const second = await program('"second"');
  assertEquals(second.length, 3);
  assertEquals(second.filter((path) => first.includes(path)), ["bundle.js"]);
  assert(second.includes("bundle/notes.txt"));
});

testWithPty("the bundle contains what is loaded on first use", async (t) => {
  await using folder = await makeTempFolder();
  await using daemon = await startDaemon({ containers: [{ username: "alice" }], shell: {} });
  const template = { templates: { web: { description: "A site", cpu: "2" } } };
  await using server = await connectBundle(bundleOfMain, daemon, folder, {
    "--config": await folder.write("policy.json", JSON.stringify(template)),
    "--env-file": await folder.write("server.env", "CONTAINARIUM_CONSENT=never\n"),
  });
  const calls: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
    ["list_templates", {}, "web"],
    ["run_command", { username: "alice", command: "echo $((6 * 7))" }, "42"],
    ["open_terminal", { username: "alice" }, "root@vm:~#"],
  ];
  await t.step("the view of the fleet", async () => {
    const { contents } = await server.request("resources/read", { uri: fleetViewUri });
    const [{ text }] = Array.isArray(contents) ? contents : [];
    assertEquals(text.replace(/data-tools="[^"]*"/, 'data-tools=""'), view);
  });
  await t.step("a prompt, and the same as a skill", async () => {
    const { prompts } = await server.request("prompts/list");
    assertEquals(prompts, JSON.parse(JSON.stringify(promptEntries.map((one) => one.description))));
    const got = await server.request("prompts/get", { name: "usage-report" });
    assertStringIncludes(JSON.stringify(got.messages), "# Usage report");
    const uri = "skill://usage-report/SKILL.md";
    const { contents } = await server.request("resources/read", { uri });
    assertStringIncludes(JSON.stringify(contents), "# Usage report");
  });
  for (const [name, args, expected] of calls) {
    await t.step(name, async () => {
      const { isError, text } = await server.call(name, args);
      assert(!isError, text);
      assertStringIncludes(text, expected);
    });
  }
});

Deno.test("a bundle holds modules from JSR, which Deno keeps by their addresses", async () => {
  await using folder = await makeTempFolder();
  const sources: Readonly<Record<string, string>> = {
    "/mod.ts": 'export { say } from "./deep/say.ts";',
    "/deep/say.ts":
      'import { word } from "../word.ts";\nexport const say: string = `said ${word}`;',
    "/word.ts": 'export const word = "hello" as string;',
  };
  const answer = ({ url }: Request) =>
    new Response(sources[new URL(url).pathname], {
      headers: { "content-type": "application/typescript" },
    });
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  await using registry = Deno.serve(options, answer);
  const host = `127.0.0.1:${registry.addr.port}`;
  const program = await folder.write(
    "program.ts",
    `import { say } from "http://${host}/mod.ts";\nconsole.log(say);\n`,
  );
  const flags = ["--no-config", "--no-lock", `--allow-import=${host}`];
  const file = await bundle(folder, program, flags);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--cached-only", file],
  }).output();
  assertEquals(new TextDecoder().decode(stdout), "said hello\n");
});

Deno.test("main.ts loads few packages at the start, and no modules of Node", async () => {
  const loaded = loadedAtStart(await readGraph(started, importFlags));
  const standIns = ["deno-std"];
  assertEquals(
    loaded.filter((name) => !standIns.includes(name) && !name.startsWith("@std/")),
    ["@modelcontextprotocol/sdk", "fastest-levenshtein", "zod"],
  );
});

/** What is loaded on first use: files and folders. */
const lazy = [
  "cli/audit",
  "cli/call",
  "cli/completions",
  "cli/doctor",
  "cli/tools",
  "cli/top",
  "client/terminal/all_shells.ts",
  "client/terminal/agent.ts",
  "client/terminal/bounded_link.ts",
  "client/transport/dial.ts",
  "client/transport/pins.ts",
  "client/transport/tunnel.ts",
  "tools/fields.ts",
  "tools/policy/schema.ts",
  "tools/policy/unknown_keys.ts",
];

Deno.test("the bundle evaluates at the start neither tools nor what is for first use", async (t) => {
  const loaded = modulesAtStart(await readGraph(started, importFlags), ["tools/entries.ts"])
    .filter((specifier) => specifier.startsWith(root.href))
    .map((specifier) => specifier.slice(root.href.length));
  assert(loaded.includes("server/server.ts"));
  for (const path of lazy) {
    await t.step(path, async () => {
      const { isDirectory } = await Deno.stat(new URL(path, root));
      const found = loaded.filter((file) =>
        isDirectory ? file.startsWith(`${path}/`) : file === path
      );
      assertEquals(found, []);
    });
  }
});

/**
 * Modules that a program loads before it does anything.
 *
 * @param leaves Files whose imports do not count
 */
function modulesAtStart(graph: Graph, leaves: readonly string[] = []): readonly string[] {
  const modules = new Map(graph.modules.map((module) => [module.specifier, module]));
  const ends = new Set(leaves.map((path) => new URL(path, root).href));
  const [first] = graph.roots;
  const seen = new Set([first]);
  for (const specifier of seen) {
    if (ends.has(specifier)) continue;
    for (const dependency of modules.get(specifier)?.dependencies ?? []) {
      const target = targetOf(dependency, graph);
      if (target !== undefined) seen.add(target);
    }
  }
  return [...seen];
}

/** Packages and builtins that a program loads before it does anything. */
function loadedAtStart(graph: Graph): readonly string[] {
  const modules = new Map(graph.modules.map((module) => [module.specifier, module]));
  return [
    ...new Set(
      modulesAtStart(graph).flatMap((specifier) => {
        const key = modules.get(specifier)?.npmPackage;
        if (key !== undefined) return [graph.npmPackages[key]?.name ?? key];
        const jsr = /^https:\/\/jsr\.io\/(@[^/]+\/[^/]+)/.exec(specifier)?.[1];
        return jsr === undefined ? specifier.startsWith("node:") ? [specifier] : [] : [jsr];
      }),
    ),
  ].toSorted();
}

function targetOf({ code, isDynamic = false }: Dependency, graph: Graph): string | undefined {
  if (code === undefined || isDynamic) return undefined;
  return graph.redirects[code.specifier] ?? code.specifier;
}
