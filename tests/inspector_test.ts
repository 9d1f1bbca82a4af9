/** The server as an MCP client that is not ours sees it: the MCP Inspector's CLI. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { tools } from "../mod.ts";
import { shippedCommand } from "./connect.ts";
import { startDaemon, whyNoPty } from "./daemon/mod.ts";
import { makeTempFolder } from "./temp.ts";

const inspector = "npm:@modelcontextprotocol/inspector@2.12.0";
const isolated = ["--no-config", "--no-lock"];
// Its first start from an empty cache takes longer than its default of 15 s.
const patience = ["--connect-timeout", "60000"];

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function deno(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Deno's cache, which is found by HOME where no variable names it. */
async function cacheFolder(): Promise<string> {
  const { stdout } = await deno(["info", "--json", ...isolated], {});
  const { denoDir }: { readonly denoDir: string } = JSON.parse(stdout);
  return denoDir;
}

/** Between the answers of one process. */
const mark = "--- next ---";

/** A program that has the Inspector's CLI carry out several of its command lines: it takes a second to load. */
const several = `
  import { runCli } from "${inspector}/clients/cli/build/index.js";
  for (const line of JSON.parse(Deno.args[0])) {
    await runCli(["deno", "inspector", ...line]);
    console.log("\\n${mark}");
  }
`;

/** Lets a key of alice's log in. */
async function letIn(folder: string): Promise<void> {
  const blob = "AAAAC3NzaC1lZDI1NTE5AAAAIPndzlUN6fW8WsRjT8aS0iHAIqqp8y+HIvYTxZ63PZdP";
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/authorized_keys`, `ssh-ed25519 ${blob} alice@laptop\n`);
}

/** What a tool's structured content and its text tell, where that is not of alice. */
const expected: Readonly<Record<string, readonly [string, string]>> = {
  "get_system_info": ["0.67.0", "0.67.0"],
  "list_templates": ["ollama", "ollama"],
  "list_backends": ["vm", "vm"],
  "list_routes": ['"routes":[]', "No routes"],
  "list_findings": ['"kind":"pentest"', "No findings."],
  "list_backups": ['"backups":[]', "No backups."],
  "list_collaborators": ['"collaborators":[]', "No collaborators."],
  "list_alerts": ['"alerts":[]', "No alerts."],
  "get_kms_status": ['"backend":"none"', "backend: none"],
  "list_secrets": ['"secrets":[]', "No secrets."],
  "search_api": ['"operations":[]', "No operation matches"],
  "list_runners": ["{}", "No runners in containers."],
  "list_agents": ["hello-agent", "hello-agent"],
  "get_quotas": ['"quotas":[]', "There are no quotas"],
};

Deno.test("the MCP Inspector lists the tools without complaint and calls each that reads", async (t) => {
  const cached = await deno(["cache", "-q", ...isolated, inspector], {});
  assert(cached.code === 0, `${inspector} cannot be had from npm:\n${cached.stderr}`);
  const lacking = await whyNoPty();
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["alice-before"] }],
    zfs: true,
    auditLog: [{ action: "api_delete", username: "alice" }],
    ...(lacking === undefined ? { shell: { journal: [{ message: "alice was here" }] } } : {}),
  });
  if (lacking === undefined) await letIn(`${daemon.home("alice")}/.ssh`);
  await using home = await makeTempFolder();
  const cache = await cacheFolder();
  const env = {
    CONTAINARIUM_SERVER_URL: daemon.url,
    CONTAINARIUM_JWT_TOKEN: await daemon.token(),
    CONTAINARIUM_MCP_TOOLSETS: "all",
    CONTAINARIUM_DELETE_GRACE: "24h",
    DENO_DIR: cache,
  };
  const passed = Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const format = ["--format", "json", "-q"];
  const line = (
    args: readonly string[],
  ) => [...shippedCommand(daemon.url), ...passed, ...patience, ...format, ...args];
  const run = (...args: readonly string[]) =>
    deno(["run", "-A", "-q", ...isolated, ...args], { HOME: home.path, DENO_DIR: cache });
  const inspect = (args: readonly string[]) => run(inspector, "--cli", ...line(args));
  await t.step("tools/list, strictly", async () => {
    const { code, stdout, stderr } = await inspect(["--strict", "--method", "tools/list"]);
    assertEquals(code, 0, stderr);
    const { result } = JSON.parse(stdout);
    const names = result.tools.map(({ name }: { readonly name: string }) => name);
    assertEquals(names, tools.map(({ name }) => name));
    assertEquals(stderr.split("\n").filter((line) => /warning|portab/i.test(line)), []);
  });
  const script = await home.write("several.js", several);
  const askAll = async (requests: readonly (readonly string[])[]): Promise<readonly string[]> => {
    const lines = requests.map(([method = "", ...args]) => line(["--method", method, ...args]));
    const { code, stdout, stderr } = await run(script, JSON.stringify(lines));
    assertEquals(code, 0, stdout + stderr);
    const answers = stdout.split(`\n${mark}\n`);
    assertEquals(answers.length, requests.length + 1, stdout + stderr);
    return answers;
  };
  const [listed = "", templates = "", read = "", prompts = "", prompt = ""] = await askAll([
    ["resources/list"],
    ["resources/templates/list"],
    ["resources/read", "--uri", "containarium://containers/alice"],
    ["prompts/list"],
    ["prompts/get", "--prompt-name", "troubleshoot-container", "--prompt-args", "username=alice"],
  ]);
  await t.step("resources: listed, as templates, and read", () => {
    assertEquals(JSON.parse(listed).result.resources.length, 5 + 7);
    assertEquals(JSON.parse(templates).result.resourceTemplates.length, 7);
    assertStringIncludes(JSON.parse(read).result.contents[0].text, "username: alice");
  });
  await t.step("prompts: listed, and one gotten", () => {
    assertEquals(JSON.parse(prompts).result.prompts.length, 7);
    assertStringIncludes(prompt, "Find out what is wrong with alice's container");
  });
  const reading = tools.filter(({ name, annotations }) =>
    annotations.readOnlyHint &&
    (lacking === undefined || !["get_logs", "list_ssh_keys"].includes(name))
  );
  assert(reading.length >= 4);
  const answers = await askAll(reading.map(({ name, inputSchema }) => {
    const args = Object.fromEntries((inputSchema.required ?? []).map((field) => [field, "alice"]));
    return ["tools/call", "--tool-name", name, "--tool-args-json", JSON.stringify(args)];
  }));
  for (const [at, { name }] of reading.entries()) {
    await t.step(name, () => {
      const { result } = JSON.parse(answers[at] ?? "");
      const [structured, text] = expected[name] ?? ["alice", "alice"];
      assertStringIncludes(JSON.stringify(result.structuredContent), structured);
      assertStringIncludes(result.content[0].text, text);
    });
  }
});
