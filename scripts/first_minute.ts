/**
 * `make first-minute`: what a newcomer types, in an empty home on a machine with Node alone: installs the packed
 * npm package, says how to connect a client, looks for what is wrong, and calls a tool. At most 60 seconds.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { commands as known } from "../cli/command_table.ts";
import { startDaemon, whyNoPty } from "../tests/daemon/mod.ts";
import { makeTempFolder } from "../tests/temp.ts";
import { run } from "./dist/programs.ts";
import { folder } from "./dist/release.ts";

const MAX_SECONDS = 60;
const root = new URL("..", import.meta.url).pathname;

/** The commands as the README has them, and what each prints. */
const steps: readonly (readonly [string, RegExp])[] = [
  ["npm install --global ./dist/containarium-mcp-server-*.tgz", /added \d+ packages/],
  ["mcp-server setup claude-code", /claude mcp add/],
  ["mcp-server doctor", /0 failed/],
  ["mcp-server call list_containers", /alice/],
];

const lacking = await whyNoPty();
await using daemon = await startDaemon({
  containers: [{ username: "alice" }],
  shell: lacking === undefined ? {} : undefined,
});
await using home = await makeTempFolder();
const readme = await Deno.readTextFile(`${root}/README.md`);
const environment = {
  HOME: home.path,
  // Node and its like, and what npm installs; no Deno.
  PATH: `${home.path}/npm/bin:${await linkedPrograms(["node", "npm", "npx", "sh", "env", "ls"])}`,
  "npm_config_prefix": `${home.path}/npm`,
  "npm_config_cache": `${home.path}/cache`,
  "npm_config_update_notifier": "false",
  // How this machine reaches npm is no part of the home.
  "npm_config_globalconfig": await run("npm", ["config", "get", "globalconfig"]),
  "npm_config_userconfig": `${home.path}/npmrc`,
  NO_COLOR: "1",
  CONTAINARIUM_SERVER_URL: daemon.url,
  CONTAINARIUM_JWT_TOKEN: await daemon.token(),
};
await Deno.stat(`${folder}/npm/package.json`);

let total = 0;
for (const [command, expected] of steps) {
  assertStringIncludes(readme, `\n${command}\n`);
  const why = whyNotRun(/^mcp-server (\w+)/.exec(command)?.[1]);
  if (why !== undefined) {
    await say(`not run: ${command}: ${why}`);
    continue;
  }
  const started = performance.now();
  const { code, stdout, stderr } = await new Deno.Command("/bin/sh", {
    args: ["-c", command],
    cwd: root,
    clearEnv: true,
    env: environment,
    stdin: "null",
  }).output();
  const seconds = (performance.now() - started) / 1000;
  const [printed = "", problem] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals(code, 0, `${command}:\n${printed}${problem}`);
  assert(expected.test(printed), `${command} printed:\n${printed}${problem}`);
  total += seconds;
  await say(`${seconds.toFixed(1).padStart(5)} s  ${command}`);
}
await say(`${total.toFixed(1).padStart(5)} s in all, of ${MAX_SECONDS}`);
assert(total <= MAX_SECONDS, "The first minute is over");

/** Returns why a command is not run, if so. */
function whyNotRun(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (!Object.hasOwn(known, name)) return "there is no such command yet";
  // It opens a terminal.
  return name === "doctor" ? lacking : undefined;
}

/** Returns a folder with links to programs of this machine, and to nothing else. */
async function linkedPrograms(names: readonly string[]): Promise<string> {
  const path = `${home.path}/programs`;
  await Deno.mkdir(path);
  const find = `for name; do ln -s "$(command -v "$name")" "${path}/$name"; done`;
  const { success } = await new Deno.Command("sh", { args: ["-ec", find, "sh", ...names] })
    .output();
  assert(success);
  return path;
}

async function say(line: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}
