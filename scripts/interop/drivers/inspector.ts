/**
 * The MCP Inspector's CLI. Each of its command lines starts a server of its own, so no terminal outlives one,
 * and it has nobody to answer a question.
 *
 * @module
 */
import { z } from "zod";
import { clients } from "../clients.ts";
import type { Feature } from "../results.ts";
import { attempt, check, parseAnswer, report, scenario } from "./driver.ts";

const { version = "" } = clients.find(({ driver }) => driver === "inspector.ts") ?? {};
const inspector = `npm:@modelcontextprotocol/inspector@${version}`;
const isolated = ["run", "-A", "-q", "--no-config", "--no-lock"];
const mark = "--- next ---";
/** Carries out several command lines in one process: the Inspector takes a second to load. */
const program = `
  import { runCli } from "${inspector}/clients/cli/build/index.js";
  for (const line of JSON.parse(Deno.readTextFileSync(Deno.args[0]))) {
    try {
      await runCli(["deno", "inspector", ...line]);
    } catch (error) {
      console.log(JSON.stringify({ thrown: error.message }));
    }
    console.log("\\n${mark}");
  }
`;
const scratch = `${Deno.env.get("HOME")}/several.js`;
await Deno.writeTextFile(scratch, program);

const { command, args, env } = scenario.server;
const era = scenario.revision === "2026-07-28" ? "modern" : "legacy";

/** Returns a command line. */
function line(...asked: readonly string[]): readonly string[] {
  const variables = Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const how = ["--protocol-era", era, "--connect-timeout", "60000", "--format", "json", "-q"];
  return [command, ...args, ...variables, ...how, ...asked];
}

let count = 0;

/** Returns how the Inspector is run, with these command lines in a file: they are too long for arguments. */
async function runOf(lines: readonly (readonly string[])[]): Promise<string[]> {
  const file = `${Deno.env.get("HOME")}/lines-${count++}.json`;
  await Deno.writeTextFile(file, JSON.stringify(lines));
  return [...isolated, scratch, file];
}

/** Returns what each command line printed, in order. */
async function printed(lines: readonly (readonly string[])[]): Promise<readonly string[]> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: await runOf(lines),
  }).output();
  const answers = new TextDecoder().decode(stdout).split(`\n${mark}\n`);
  const ending = new TextDecoder().decode(stderr).slice(-300);
  return lines.map((_line, at) => answers[at] ?? JSON.stringify({ thrown: ending }));
}

const Result = z.object({ result: z.unknown().optional(), thrown: z.string().optional() });

/** Returns the result in what was printed. Throws if there is none. */
function resultIn(text: string): unknown {
  // What it printed before it failed comes first.
  const [first = ""] = text.trim().split('\n{"thrown"');
  const { result, thrown } = Result.parse(JSON.parse(first));
  if (thrown !== undefined) throw new Error(thrown);
  return result;
}

function called(tool: string, given: Readonly<Record<string, unknown>>): readonly string[] {
  const named = ["--tool-name", tool, "--tool-args-json", JSON.stringify(given)];
  return line("--method", "tools/call", ...named);
}

async function callTools(): Promise<void> {
  const within = scenario.calls.filter(({ arguments: given }) =>
    !Object.values(given).includes("TERMINAL_ID")
  );
  const answers = await printed(within.map(({ tool, arguments: given }) => called(tool, given)));
  const unstructured: string[] = [];
  for (const [at, { tool }] of within.entries()) {
    await attempt("tools", () => {
      const { text, isError, structuredContent } = parseAnswer(resultIn(answers[at] ?? ""));
      check(!isError && text !== "", text);
      if (structuredContent === undefined) unstructured.push(tool);
    }, tool);
  }
  await attempt("structured content", () => check(unstructured.length === 0, unstructured));
  for (const { tool } of scenario.calls.filter((call) => !within.includes(call))) {
    await report({ feature: "tools", item: tool, result: "not offered by the client" });
  }
}

async function callWrongly(): Promise<void> {
  const { tool, arguments: given, contains } = scenario.error;
  const [answer = ""] = await printed([called(tool, given)]);
  await attempt("errors", () => {
    const { text, isError } = parseAnswer(resultIn(answer));
    check(isError && text.includes(contains), text);
  });
}

async function read(): Promise<void> {
  const answers = await printed(
    scenario.resources.map((uri) => line("--method", "resources/read", "--uri", uri)),
  );
  const Contents = z.object({ contents: z.array(z.object({ text: z.string().min(1) })).min(1) });
  for (const [at, uri] of scenario.resources.entries()) {
    await attempt("resources", () => void Contents.parse(resultIn(answers[at] ?? "")), uri);
  }
  const [listed = ""] = await printed([line("--method", "resources/templates/list")]);
  for (const template of scenario.templates) {
    await attempt(
      "templates",
      () => check(listed.includes(JSON.stringify(template)), listed),
      template,
    );
  }
}

async function prompt(): Promise<void> {
  const answers = await printed(scenario.prompts.map(({ name, arguments: given }) => {
    const pairs = Object.entries(given).map(([key, value]) => `${key}=${value}`);
    const args = pairs.length === 0 ? [] : ["--prompt-args", ...pairs];
    return line("--method", "prompts/get", "--prompt-name", name, ...args);
  }));
  const Messages = z.object({ messages: z.array(z.unknown()).min(1) });
  for (const [at, { name }] of scenario.prompts.entries()) {
    await attempt("prompts", () => void Messages.parse(resultIn(answers[at] ?? "")), name);
  }
}

await attempt(
  "connect",
  async () => {
    const [answer = ""] = await printed([line("--method", "initialize")]);
    const { protocolVersion } = z.object({ protocolVersion: z.string() }).parse(resultIn(answer));
    check(protocolVersion === scenario.revision, protocolVersion);
  },
  undefined,
  scenario.revision,
);
await attempt(
  "connect",
  async () => {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...isolated, inspector, "--cli", ...line("--strict", "--method", "tools/list")],
    }).output();
    const complaints = new TextDecoder().decode(stderr);
    check(code === 0 && !/warning|portab/i.test(complaints), `--strict: ${complaints}`);
  },
  undefined,
  scenario.revision,
);
await callTools();
await callWrongly();
await read();
await prompt();
const lacking: readonly Feature[] = [
  "completion",
  "updates",
  "progress",
  "cancellation",
  "questions",
  "logging",
];
for (const feature of lacking) await report({ feature, result: "not offered by the client" });
