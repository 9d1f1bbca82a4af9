/** The README and docs/ say only what is true. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { tools } from "../mod.ts";
import { importFlags, shippedCommand, shippedEnv } from "./connect.ts";
import { startDaemon } from "./daemon/mod.ts";
import { needing } from "./needs.ts";
import { exemplified, runExamples } from "../scripts/examples.ts";
import { blocksOf, fences, pageAt, pages } from "./scripts/pages.ts";
import { withToolsets } from "../scripts/tool_tables.ts";
import { examplesIn, withTools } from "../scripts/tool_page.ts";
import { makeTempFolder } from "./temp.ts";
import { testWithPty } from "./with_pty.ts";
import { certificateCommand } from "../tools/advice/certificate_advice.ts";
import { entries, listedWith } from "../tools/mod.ts";
import { parsePolicy } from "../tools/policy/mod.ts";

const root = new URL("..", import.meta.url);
const readme = pageAt("README.md").text;
const toolPage = pageAt("docs/tools.md").text;

/** Commands that this test does not run, and why. */
const elsewhere: Readonly<Record<string, string>> = {
  "git clone <this repository> mcp-server && cd mcp-server": "it is not published yet",
  [certificateCommand("box.example")]: "certificate_advice_test.ts runs it for this machine",
  "make demo": "demo_test.ts runs it and compares what it prints",
  "make test": "it runs this test",
  "make check": ".ci/run runs it",
  "make bench": ".ci/run runs it",
  "make daemon": "makefile_test.ts starts it: it serves until it is interrupted",
  "make dist-npm": ".ci/run runs it",
  "npm install --global ./dist/containarium-mcp-server-*.tgz": "make first-minute runs it",
  "mcp-server setup claude-code": "make first-minute runs it",
  "mcp-server doctor": "make first-minute runs it",
  "mcp-server call list_containers": "make first-minute runs it",
  "make build-mcp": ".ci/run runs it, and tries the binary: it needs what Deno downloads",
  "sudo make install-mcp": "makefile_test.ts installs to another place",
};

/** The programs of clients, of which a block is run with something in their place. */
const clients = ["claude"];

/** The lines of a ```sh block that this test runs as they are. */
function runnable(block: string): string {
  return block.split("\n").filter((line) => !Object.hasOwn(elsewhere, line)).join("\n").trim();
}

/** Whether a block speaks to the server that was built, with a pipe. */
function isByHand(block: string): boolean {
  return block.includes("| bin/mcp-server");
}

/** Whether a block has the server that was built look for what is wrong. */
function isDoctor(block: string): boolean {
  return block.includes("bin/mcp-server doctor");
}

/** Whether a block has the server say how to set up clients. */
function isSetup(block: string): boolean {
  return block.startsWith("mcp-server setup");
}

/** Whether a block speaks to a daemon. */
function asksDaemon(block: string): boolean {
  return block.startsWith("curl ");
}

/** Whether a block runs a script outside the clone. */
function isElsewhere(block: string): boolean {
  return block.startsWith("deno run --config=/path/to/mcp-server/");
}

/** The client that a block configures, if it does. */
function clientOf(block: string): string | undefined {
  return clients.find((name) => block.startsWith(`${name} `));
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

Deno.test("the README's table of toolsets is up to date; make docs writes it", () => {
  assert(readme === withToolsets(readme), "The README's table is stale: run make docs");
});

Deno.test("docs/tools.md says of each tool what the registry does; make docs writes it", () => {
  assertEquals([...exemplified].sort(), tools.map(({ name }) => name).sort());
  const updated = withTools(toolPage, examplesIn(toolPage));
  assert(toolPage === updated, "docs/tools.md is stale: run make docs");
});

testWithPty(
  "docs/tools.md shows the answers that its calls get; make docs writes them",
  async () => {
    // Columns are as wide as what differs from run to run.
    const shown = (examples: ReadonlyMap<string, string>) =>
      [...examples].map(([, text]) => text.replaceAll(/ {2,}/g, "  ")).sort();
    assertEquals(shown(examplesIn(toolPage)), shown(await runExamples()));
  },
);

Deno.test("every code block in the documentation is in a language that a test knows", () => {
  const known = ["```sh", "```ts", "```json", "```text", "```mermaid", "```"];
  for (const page of pages) {
    for (const fence of fences(page)) assert(known.includes(fence), `${page.path}: ${fence}`);
  }
});

Deno.test("the documentation's policy file can be used", async () => {
  const policies = blocksOf("json").filter((block) => block.includes('"quotas"'));
  assertEquals(policies.length, 1);
  const { templates, quotas } = await parsePolicy(policies[0] ?? "");
  assert(templates.size > 1 && quotas !== undefined);
});

Deno.test("the documentation's shell commands work", async (t) => {
  const blocks = blocksOf("sh");
  const lines = blocks.flatMap((block) => block.split("\n"));
  for (const line of Object.keys(elsewhere)) {
    assert(lines.includes(line), `The documentation has no line "${line}" any more`);
  }
  const plain = blocks.filter((block) =>
    !isByHand(block) && !isDoctor(block) && !isSetup(block) && !asksDaemon(block) &&
    !isElsewhere(block) &&
    clientOf(block) === undefined
  );
  for (const block of new Set(plain.map(runnable))) {
    if (block === "") continue;
    await t.step(block, async () => {
      // Variables of the make that runs the tests are not for the make that is tested.
      const env = { MAKEFLAGS: "", MAKELEVEL: "" };
      const { code, stderr } = await run("sh", ["-e", "-c", block], env);
      assertEquals(code, 0, stderr);
    });
  }
});

Deno.test("the documentation's commands for clients name the binary and what it reads", async (t) => {
  await using folder = await makeTempFolder();
  for (const name of clients) {
    const program = `#!/bin/sh\nprintf '%s\\0' "$@"\n`;
    await Deno.writeTextFile(`${folder.path}/${name}`, program, { mode: 0o755 });
  }
  const blocks = blocksOf("sh").filter((block) => clientOf(block) !== undefined);
  assertEquals(blocks.map(clientOf).sort(), clients);
  for (const block of blocks) {
    await t.step(clientOf(block) ?? "", async () => {
      const PATH = [folder.path, Deno.env.get("PATH")].join(
        Deno.build.os === "windows" ? ";" : ":",
      );
      const { code, stdout, stderr } = await run("sh", ["-e", "-c", block], { PATH });
      assertEquals(code, 0, stderr);
      const { command, env } = configured(stdout.split("\0").slice(0, -1));
      assertEquals(command, "/usr/local/bin/mcp-server");
      assertEquals(env.sort(), ["CONTAINARIUM_JWT_TOKEN", "CONTAINARIUM_SERVER_URL"]);
      for (const name of env) assert(shippedEnv.includes(name), name);
    });
  }
});

/** What a client's command line has it start: `add NAME --env K=V -- COMMAND`, or JSON. */
function configured(words: readonly string[]): { command: string; env: string[] } {
  const [first, json = ""] = words;
  if (first === "--add-mcp") {
    const { command, env } = JSON.parse(json);
    return { command, env: Object.keys(env) };
  }
  const [mcp, add, name, ...rest] = words;
  assertEquals([mcp, add, name], ["mcp", "add", "containarium"]);
  const env = rest.flatMap((word, at) =>
    rest[at - 1] === "--env" ? [word.split("=")[0] ?? ""] : []
  );
  const [command = "", ...others] = rest.slice(rest.indexOf("--") + 1);
  assertEquals(others, []);
  return { command, env };
}

Deno.test("the documentation's questions by hand are answered", async (t) => {
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
      if (block.includes("tools/list")) {
        const standard = listedWith(entries.filter(({ isOptIn }) => !isOptIn), []);
        assertEquals(second.result.tools.length, standard.length);
      }
    });
  }
});

Deno.test("the documentation's doctor finds that the token in it is none", async () => {
  const [block, ...others] = blocksOf("sh").filter(isDoctor);
  assert(block !== undefined && others.length === 0);
  await using daemon = await startDaemon();
  const command = block.replace("http://localhost:8080", daemon.url)
    .replace("bin/mcp-server", shippedCommand(daemon.url).map((word) => `'${word}'`).join(" "));
  const { code, stdout } = await run("sh", ["-e", "-c", command]);
  assertEquals(code, 1, stdout);
  assertStringIncludes(stdout, "ok       HTTP         a daemon answers in ");
  assertStringIncludes(stdout, "failed   token        rejected: ");
});

Deno.test("the documentation's setups print what clients need", async (t) => {
  const lines = new Set(
    blocksOf("sh").filter(isSetup).flatMap((block) => block.trim().split("\n")),
  );
  const server = shippedCommand("http://localhost:8080").map((word) => `'${word}'`).join(" ");
  for (const line of lines) {
    await t.step(line, async () => {
      const { code, stdout } = await run("sh", ["-e", "-c", line.replace("mcp-server", server)]);
      assertEquals(code, 0, stdout);
      assertStringIncludes(stdout, line === "mcp-server setup" ? "claude-code" : "containarium");
    });
  }
});

Deno.test(needing(["curl"], "the documentation's question to the daemon is answered"), async () => {
  const [block, ...others] = blocksOf("sh").filter(asksDaemon);
  assert(block !== undefined && others.length === 0);
  await using daemon = await startDaemon();
  const command = block.replace("http://localhost:8080", daemon.url);
  const { stdout } = await run("sh", ["-e", "-c", command]);
  assertEquals(JSON.parse(stdout), { status: "healthy" });
});

Deno.test("the documentation's configurations for clients grant what is shipped, and no more", () => {
  const configs = blocksOf("json").map((block) => JSON.parse(block))
    .flatMap(({ mcpServers, servers }) => mcpServers ?? servers ?? []);
  assertEquals(configs.length, 2);
  for (const { containarium: { command, args = [], env } } of configs) {
    for (const name of Object.keys(env)) assert(shippedEnv.includes(name), name);
    if (command !== "deno") {
      assertEquals([command, args], ["/usr/local/bin/mcp-server", []]);
      continue;
    }
    assertEquals(args.slice(0, -1), [
      "run",
      "--no-prompt",
      `--allow-net=${new URL(env.CONTAINARIUM_SERVER_URL).host}`,
      `--allow-env=${shippedEnv.join(",")}`,
    ]);
    assert(/\/mcp-server\.js$/.test(args.at(-1)));
  }
});

Deno.test("docs/configuration.md has each variable that the server may read", () => {
  const { text } = pageAt("docs/configuration.md");
  for (const name of shippedEnv) assertStringIncludes(text, `| \`${name}\` `);
});

Deno.test("the documentation's TypeScript type-checks", async () => {
  const having = pages.filter((page) => blocksOf("ts", [page]).length > 0);
  assertEquals(having.map(({ path }) => path), ["README.md", "docs/library.md"]);
  const { code, stderr } = await run(Deno.execPath(), [
    "check",
    "-q",
    ...importFlags,
    "--doc-only",
    ...having.map(({ path }) => path),
  ]);
  assertEquals(code, 0, stderr);
});

Deno.test("docs/library.md's command runs its first example outside the clone", async () => {
  const [block, ...others] = blocksOf("sh").filter(isElsewhere);
  assert(block !== undefined && others.length === 0);
  const [example] = blocksOf("ts", [pageAt("docs/library.md")]);
  assert(example !== undefined);
  await using daemon = await startDaemon();
  await using folder = await makeTempFolder();
  const token = await folder.write("token", await daemon.token(), { mode: 0o600 });
  const { host } = new URL(daemon.url);
  const here = (text: string) =>
    text.replaceAll("localhost:8080", host).replaceAll("/home/me/.containarium/token", token);
  const script = here(example).replace("../mod.ts", new URL("mod.ts", root).href);
  const path = await folder.write("script.ts", script);
  const command = here(block).replace("/path/to/mcp-server/deno.json", `${root.pathname}deno.json`)
    .replace("script.ts", path).replace(/^deno/, `'${Deno.execPath()}'`);
  const { code, stdout, stderr } = await run("sh", ["-e", "-c", `cd '${folder.path}'; ${command}`]);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "running 10.77.");
});

Deno.test("the README is short: the rest is in docs/", () => {
  const lines = readme.split("\n").length;
  assert(lines <= 200, `${lines} lines`);
  for (const { path } of pages) {
    if (path !== "README.md") assertStringIncludes(readme, `](${path}`);
  }
});
