/**
 * The MCP Inspector's CLI. Each of its command lines starts a server of its own, so no terminal outlives one,
 * and it has nobody to answer a question.
 *
 * @module
 */
import { z } from "zod";
import type { Feature } from "../results.ts";
import { attempt, check, parseAnswer, report, scenario } from "./driver.ts";
import { era, inspector, isolated, jsonIn, startLines, variables } from "./inspector.ts";

const { command, args } = scenario.server;
const cli = await startLines({ module: "clients/cli/build/index.js", run: "runCli" });

const Printed = z.object({ result: z.unknown() });

/** Returns the result in what was printed. */
function resultIn(text: string): unknown {
  return Printed.parse(jsonIn(text)).result;
}

/** Returns a command line. */
function line(...asked: readonly string[]): readonly string[] {
  const how = ["--protocol-era", era, "--connect-timeout", "60000", "--format", "json", "-q"];
  return [command, ...args, ...variables, ...how, ...asked];
}

function call(tool: string, given: Readonly<Record<string, unknown>>): Promise<string> {
  const named = ["--tool-name", tool, "--tool-args-json", JSON.stringify(given)];
  return cli.run(line("--method", "tools/call", ...named));
}

async function callTools(): Promise<void> {
  const unstructured: string[] = [];
  for (const { tool, arguments: given } of scenario.calls) {
    if (Object.values(given).includes("TERMINAL_ID")) {
      const detail =
        "each command line starts a server, so no terminal outlives the one that opened it";
      await report({ feature: "tools", item: tool, result: "not offered by the client", detail });
      continue;
    }
    await attempt("tools", async () => {
      const { text, isError, structuredContent } = parseAnswer(resultIn(await call(tool, given)));
      check(!isError && text !== "", text);
      if (structuredContent === undefined) unstructured.push(tool);
    }, tool);
  }
  await attempt("structured content", () => check(unstructured.length === 0, unstructured));
}

async function callWrongly(): Promise<void> {
  const { tool, arguments: given, contains } = scenario.error;
  await attempt("errors", async () => {
    const { text, isError } = parseAnswer(resultIn(await call(tool, given)));
    check(isError && text.includes(contains), text);
  });
}

async function read(): Promise<void> {
  const Contents = z.object({ contents: z.array(z.object({ text: z.string().min(1) })).min(1) });
  for (const uri of scenario.resources) {
    await attempt("resources", async () => {
      Contents.parse(resultIn(await cli.run(line("--method", "resources/read", "--uri", uri))));
    }, uri);
  }
  const listed = await cli.run(line("--method", "resources/templates/list"));
  for (const template of scenario.templates) {
    await attempt(
      "templates",
      () => check(listed.includes(JSON.stringify(template)), listed),
      template,
    );
  }
}

async function prompt(): Promise<void> {
  const Messages = z.object({ messages: z.array(z.unknown()).min(1) });
  for (const { name, arguments: given } of scenario.prompts) {
    const pairs = Object.entries(given).map(([key, value]) => `${key}=${value}`);
    const args = pairs.length === 0 ? [] : ["--prompt-args", ...pairs];
    await attempt("prompts", async () => {
      const asked = line("--method", "prompts/get", "--prompt-name", name, ...args);
      Messages.parse(resultIn(await cli.run(asked)));
    }, name);
  }
}

/** What its code says, which no flag changes. */
const absent: readonly (readonly [Feature, string])[] = [
  ["progress", "clients/cli/build/index.js connects with `progress: false`"],
  ["questions", "clients/cli/build/index.js connects with `elicit: false`"],
  [
    "cancellation",
    "nothing in clients/cli/build/index.js calls its `cancelToolCall()`, and Ctrl+C ends the server, too",
  ],
];

/** Reports what the CLI has not: by its code, and where it refuses in its own words. */
async function lack(): Promise<void> {
  for (const [feature, detail] of absent) {
    await report({ feature, result: "not offered by the client", detail });
  }
  const refused: readonly (readonly [Feature, string])[] = [
    ["completion", "prompts/complete"],
    ["updates", "resources/subscribe"],
    ["logging", "logging/tail"],
  ];
  for (const [feature, method] of refused) {
    const refusal = await cli.run(line("--method", method)).then(jsonIn)
      .then(() => undefined, (error) => /Unsupported method: [\w/]+/.exec(error.message)?.[0]);
    await report(
      refusal === undefined
        ? { feature, result: "fails", detail: `it does not refuse ${method} by now` }
        : { feature, result: "not offered by the client", detail: refusal },
    );
  }
}

await attempt(
  "connect",
  async () => {
    const answer = await cli.run(line("--method", "initialize"));
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
await lack();
await cli.close();
Deno.exit();
