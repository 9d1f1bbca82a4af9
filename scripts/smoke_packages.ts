/**
 * `make smoke-dist`: installs each package in `dist/` that can be installed here into an empty home, and talks to
 * a simulated daemon through it. The token is where the vendor's command line puts it, so that what a package may
 * read is tried, too.
 *
 * @module
 */
import { getMcpConfigForManifest, unpackExtension } from "@anthropic-ai/mcpb";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connectProcess } from "../tests/connect.ts";
import { startDaemon } from "../tests/daemon/mod.ts";
import { whyMissing } from "../tests/needs.ts";
import { makeTempFolder, type TempFolder } from "../tests/temp.ts";
import { bundleName } from "./dist/mcpb.ts";
import { run } from "./dist/programs.ts";
import { tarball } from "./dist/npm_package.ts";
import { folder } from "./dist/release.ts";
import { isThisSystem, targets } from "./dist/targets.ts";

const username = "alice";
await using daemon = await startDaemon({ containers: [{ username }] });

/** A user's machine: an empty home with credentials, and caches of its own. */
async function makeUser(): Promise<TempFolder> {
  const home = await makeTempFolder();
  await Deno.mkdir(`${home.path}/.containarium`);
  const servers = { [daemon.url]: { token: await daemon.token() } };
  const credentials = JSON.stringify({ "default_server": daemon.url, servers });
  await home.write(".containarium/credentials.json", credentials, { mode: 0o600 });
  await home.write("empty.npmrc", "");
  return home;
}

function environmentOf({ path }: TempFolder): Readonly<Record<string, string>> {
  return {
    HOME: path,
    USERPROFILE: path,
    DENO_DIR: `${path}/deno`,
    npm_config_cache: `${path}/npm`,
    npm_config_userconfig: `${path}/empty.npmrc`,
    npm_config_update_notifier: "false",
    // Set, but empty: as if a client had passed on what nobody filled in.
    CONTAINARIUM_SERVER_URL: "",
    CONTAINARIUM_JWT_TOKEN: "",
  };
}

/** Starts the server, calls a tool, and ends it. */
async function talk(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const before = daemon.requests.length;
  await using server = await connectProcess(daemon, { command, env });
  const { tools } = await server.request("tools/list");
  assert(Array.isArray(tools) && tools.length > 0);
  const { isError, text } = await server.call("get_container", { username });
  assertEquals(isError, false, text);
  assertStringIncludes(text, "state: running");
  assert(daemon.requests.length > before);
}

/** What is tried, and why it cannot be, if so. */
interface Trial {
  /** The file in `dist/`. */
  readonly file: string;
  /** Programs that it needs. */
  readonly programs: readonly string[];
  /** Installs and tries it; throws if it does not work. */
  readonly run: (home: TempFolder, file: string) => Promise<void>;
}

/** Starts a bundle as its manifest says, unpacked by a host that drops the modes of files. */
async function tryBundle(home: TempFolder, file: string): Promise<void> {
  const unpacked = `${home.path}/bundle`;
  assert(await unpackExtension({ mcpbPath: file, outputDir: unpacked, silent: true }));
  if (Deno.build.os !== "windows") await Deno.chmod(`${unpacked}/server/deno`, 0o644);
  const manifest = JSON.parse(await Deno.readTextFile(`${unpacked}/manifest.json`));
  const config = await getMcpConfigForManifest({
    manifest,
    extensionPath: unpacked,
    systemDirs: { HOME: home.path },
    // The rest arrives as the host has it: as placeholders.
    userConfig: { "server_url": daemon.url },
    pathSeparator: "/",
  });
  assert(config?.args !== undefined && config.env?.CONTAINARIUM_SERVER_URL === daemon.url);
  await talk([config.command, ...config.args], { ...environmentOf(home), ...config.env });
}

/** Starts what the plugin's configuration says, with what its dialog asks for left empty. */
async function tryPlugin(home: TempFolder, file: string): Promise<void> {
  const { mcpServers: { containarium } } = JSON.parse(await Deno.readTextFile(file));
  const env = environmentOf(home);
  const install = [
    "install",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    `${folder}/${tarball}`,
  ];
  await run("npm", install, home.path, env);
  const start = [containarium.command, ...containarium.args].map((word) => `'${word}'`).join(" ");
  const command = ["sh", "-c", `cd '${home.path}' && exec ${start}`] as const;
  const { CONTAINARIUM_JWT_TOKEN: _, ...placeholders } = containarium.env;
  await talk(command, { ...placeholders, ...env });
}

const trials: readonly Trial[] = [
  {
    file: targets.find(isThisSystem)?.binary ?? "mcp-server",
    programs: [],
    run: async (home, file) => {
      await talk([file], environmentOf(home));
      const left = await Array.fromAsync(Deno.readDir(home.path), ({ name }) => name);
      assertEquals(left.sort(), [".containarium", "empty.npmrc"]);
    },
  },
  {
    file: tarball,
    programs: ["node", "npm", "npx"],
    run: (home, file) => talk(["npx", "--yes", `file:${file}`], environmentOf(home)),
  },
  {
    file: bundleName(targets.find(isThisSystem) ?? targets[0]),
    programs: ["node"],
    run: tryBundle,
  },
  {
    // Its package is not published, but npx takes one that is installed in the folder.
    file: "claude-plugin/.mcp.json",
    programs: ["node", "npm", "npx", "sh"],
    run: tryPlugin,
  },
];

for (const { file, programs, run: attempt } of trials) {
  const path = `${folder}/${file}`;
  const why = whyMissing(programs) ?? await whyNotMade(path);
  const started = performance.now();
  if (why === undefined) {
    await using home = await makeUser();
    await attempt(home, path);
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  await say(why === undefined ? `${file} works (${seconds} s)` : `${file}: not run: ${why}`);
}

async function whyNotMade(path: string): Promise<string | undefined> {
  try {
    await Deno.stat(path);
    return undefined;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return "it was not made";
  }
}

async function say(line: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}
