/** The README says only what is true. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { tools } from "../mod.ts";
import { importFlags, shippedCommand, shippedEnv } from "./connect.ts";
import { startDaemon } from "./daemon/mod.ts";
import { needing } from "./needs.ts";
import { withTables } from "../scripts/tool_tables.ts";
import { certificateCommand } from "../tools/advice/certificate_advice.ts";
import { parsePolicy } from "../tools/policy/mod.ts";

const root = new URL("..", import.meta.url);
const readme = await Deno.readTextFile(new URL("README.md", root));

/** Commands that this test does not run, and why. */
const elsewhere: Readonly<Record<string, string>> = {
  "git clone <this repository> mcp-server && cd mcp-server": "it is not published yet",
  [certificateCommand("box.example")]: "certificate_advice_test.ts runs it for this machine",
  "make demo": "demo_test.ts runs it and compares what it prints",
  "make test": "it runs this test",
  "make check": ".ci/run runs it",
  "make bench": ".ci/run runs it",
  "make daemon": "makefile_test.ts starts it: it serves until it is interrupted",
  "make build-mcp": ".ci/run runs it, and tries the binary: it needs what Deno downloads",
  "sudo make install-mcp": "makefile_test.ts installs to another place",
};

/** The fenced blocks of a language. */
function blocksOf(language: string): string[] {
  const blocks = readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"));
  return [...blocks].map(([, block]) => block ?? "");
}

/** The lines of a ```sh block that this test runs. */
function runnable(block: string): string {
  return block.split("\n").filter((line) => !Object.hasOwn(elsewhere, line)).join("\n").trim();
}

/** Whether a block speaks to the server that was built, with a pipe. */
function isByHand(block: string): boolean {
  return block.includes("| bin/mcp-server");
}

/** Whether a block speaks to a daemon. */
function asksDaemon(block: string): boolean {
  return block.startsWith("curl ");
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd: root,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("the README's tables of tools are up to date; make docs writes them", () => {
  assert(readme === withTables(readme), "The README's tables are stale: run make docs");
});

Deno.test("the README's policy file can be used", async () => {
  const policies = blocksOf("json").filter((block) => block.includes('"quotas"'));
  assertEquals(policies.length, 1);
  const { templates, quotas } = await parsePolicy(policies[0] ?? "");
  assert(templates.size > 1 && quotas !== undefined);
});

Deno.test("the README's shell commands work", async (t) => {
  const blocks = blocksOf("sh");
  const lines = blocks.flatMap((block) => block.split("\n"));
  for (const line of Object.keys(elsewhere)) {
    assert(lines.includes(line), `The README has no line "${line}" any more`);
  }
  for (
    const block of blocks.filter((block) => !isByHand(block) && !asksDaemon(block)).map(runnable)
  ) {
    if (block === "") continue;
    await t.step(block, async () => {
      // Variables of the make that runs the tests are not for the make that is tested.
      const env = { MAKEFLAGS: "", MAKELEVEL: "" };
      const { code, stderr } = await run("sh", ["-e", "-c", block], env);
      assertEquals(code, 0, stderr);
    });
  }
});

Deno.test("the README's questions by hand are answered", async (t) => {
  const blocks = blocksOf("sh").filter(isByHand);
  assertEquals(blocks.length, 2);
  await using daemon = await startDaemon();
  for (const block of blocks) {
    await t.step(block, async () => {
      const command = block.replace("http://localhost:8080", daemon.url)
        .replace("bin/mcp-server", shippedCommand(daemon.url).map((word) => `'${word}'`).join(" "));
      const { stdout } = await run("sh", ["-e", "-c", command]);
      const [first, second] = stdout.trim().split("\n").map((line) => JSON.parse(line));
      assertEquals(first.result.serverInfo.name, "containarium");
      if (block.includes("tools/list")) assertEquals(second.result.tools.length, tools.length);
    });
  }
});

Deno.test(needing(["curl"], "the README's question to the daemon is answered"), async () => {
  const [block, ...others] = blocksOf("sh").filter(asksDaemon);
  assert(block !== undefined && others.length === 0);
  await using daemon = await startDaemon();
  const command = block.replace("http://localhost:8080", daemon.url);
  const { stdout } = await run("sh", ["-e", "-c", command]);
  assertEquals(JSON.parse(stdout), { status: "healthy" });
});

Deno.test("the README's configurations for clients grant what is shipped, and no more", () => {
  const configs = blocksOf("json").filter((block) => block.includes("mcpServers"))
    .map((block) => JSON.parse(block));
  assertEquals(configs.length, 2);
  for (const { mcpServers: { containarium: { command, args = [], env } } } of configs) {
    for (const name of Object.keys(env)) assert(shippedEnv.includes(name), name);
    if (command !== "deno") continue;
    assertEquals(args.slice(0, -1), [
      "run",
      "--no-prompt",
      `--allow-net=${new URL(env.CONTAINARIUM_SERVER_URL).host}`,
      `--allow-env=${shippedEnv.join(",")}`,
    ]);
    assert(/\/mcp-server\.js$/.test(args.at(-1)));
  }
});

Deno.test("the README tells of each variable that the server may read", () => {
  for (const name of shippedEnv) assertStringIncludes(readme, `| \`${name}\` `);
});

Deno.test("the README's TypeScript type-checks", async () => {
  assert(blocksOf("ts").length > 0);
  const { code, stderr } = await run(Deno.execPath(), [
    "check",
    "-q",
    ...importFlags,
    "--doc-only",
    "README.md",
  ]);
  assertEquals(code, 0, stderr);
});
