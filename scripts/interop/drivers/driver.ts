/** What the drivers of both official TypeScript clients do: what differs is in `Official`. @module */
import { z } from "zod";
import { linesOf } from "../../lines.ts";
import { print } from "../../print.ts";
import type { Feature, Report } from "../results.ts";
import type { Scenario, ScenarioCall } from "../scenario.ts";

/** What a call may be sent with. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { readonly progress: number }) => void;
}

/** A client, connected. */
export interface Official {
  /** The revision that was negotiated. */
  readonly revision: string | undefined;
  /** What it does not offer, and by what that is seen. @default {} */
  readonly lacks?: Readonly<Partial<Record<Feature, string>>>;
  callTool(
    params: { readonly name: string; readonly arguments: Record<string, unknown> },
    options: CallOptions,
  ): Promise<unknown>;
  /** Returns URIs. */
  listResources(): Promise<readonly string[]>;
  /** Returns templates of URIs. */
  listTemplates(): Promise<readonly string[]>;
  readResource(uri: string): Promise<unknown>;
  getPrompt(name: string, args: Readonly<Record<string, string>>): Promise<unknown>;
  /** Returns values for a variable of a template. */
  complete(uri: string, name: string, value: string): Promise<readonly string[]>;
  /** Asks for updates of a resource; what it returns ends that. */
  subscribe(uri: string): Promise<() => Promise<unknown>>;
  close(): Promise<void>;
}

const Answer = z.object({
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  isError: z.boolean().optional(),
});
const Contents = z.object({ contents: z.array(z.object({ text: z.string().min(1) })).min(1) });
const Messages = z.object({ messages: z.array(z.unknown()).min(1) });

/** Parsed by who wrote it: `scripts/interop/drive.ts`. */
export const scenario: Scenario = JSON.parse(await Deno.readTextFile(Deno.args[0] ?? ""));

const questions: string[] = [];
let logged = 0;
const updated = Promise.withResolvers<string>();
const words = linesOf(Deno.stdin.readable);

/** What the user answers to a question. */
export function answerQuestion(
  message: string,
): { action: "decline" } | { action: "accept"; content: { confirm: true } } {
  questions.push(message);
  return message.includes(scenario.refusal.declines)
    ? { action: "decline" }
    : { action: "accept", content: { confirm: true } };
}

/** Notes a log message. */
export function noteLog(): void {
  logged++;
}

/** Notes that a resource has changed. */
export function noteUpdate(uri: string): void {
  updated.resolve(uri);
}

/** Tries everything, and prints what came of it. */
export async function tryEverything(client: Official): Promise<void> {
  const { revision = "none", lacks = {} } = client;
  const attemptIf = async (feature: Feature, trying: () => void | Promise<void>) => {
    const detail = lacks[feature];
    await (detail === undefined
      ? attempt(feature, trying)
      : report({ feature, result: "not offered by the client", detail }));
  };
  await report({ feature: "connect", result: "works", detail: revision });
  await callTools(client);
  await callWrongly(client);
  await read(client);
  for (const { name, arguments: args } of scenario.prompts) {
    await attempt("prompts", async () => {
      Messages.parse(await client.getPrompt(name, args));
    }, name);
  }
  await attemptIf("completion", async () => {
    const { uri, argument, value, expected } = scenario.completion;
    const values = await client.complete(uri, argument, value);
    check(values.join() === expected.join(), values);
  });
  await attemptIf("progress", () => followProgress(client));
  await attemptIf("cancellation", () => cancel(client));
  await attemptIf("updates", async () => {
    const unsubscribe = await client.subscribe(scenario.update.uri);
    await call(client, scenario.update);
    const uri = await updated.promise;
    check(uri === scenario.update.uri, uri);
    await unsubscribe();
  });
  await attemptIf("questions", async () => {
    const before = questions.length;
    for (const asking of [scenario.question, scenario.refusal]) await call(client, asking);
    check(questions.length === before + 2, questions.slice(before));
  });
  await attemptIf("logging", () => check(logged > 0, "no log message"));
  await client.close();
  // Whoever reads stdin does not end by itself.
  Deno.exit();
}

async function callTools(client: Official): Promise<void> {
  const unstructured: string[] = [];
  let terminal = "";
  for (const { tool, arguments: given } of scenario.calls) {
    const args = Object.fromEntries(
      Object.entries(given).map(([name, value]) =>
        [name, value === "TERMINAL_ID" ? terminal : value] as const
      ),
    );
    await attempt("tools", async () => {
      const { text, isError, structuredContent } = await call(client, { tool, arguments: args });
      check(!isError && text !== "", text);
      if (structuredContent === undefined) unstructured.push(tool);
      if (tool === "open_terminal") terminal = /terminal_id\W+([0-9a-f]{20})/.exec(text)?.[1] ?? "";
    }, tool);
  }
  await attempt(
    "structured content",
    () => check(unstructured.length === 0, `none of ${unstructured}`),
  );
}

async function callWrongly(client: Official): Promise<void> {
  await attempt("errors", async () => {
    const { text, isError } = await call(client, scenario.error);
    check(isError && text.includes(scenario.error.contains), text);
  });
}

async function read(client: Official): Promise<void> {
  await attempt("resources", async () => {
    const unknown = (await client.listResources()).filter((uri) =>
      !scenario.resources.includes(uri)
    );
    check(unknown.length === 0, `unknown: ${unknown}`);
  }, scenario.resources[0]);
  for (const uri of scenario.resources) {
    await attempt("resources", async () => {
      Contents.parse(await client.readResource(uri));
    }, uri);
  }
  const templates = await client.listTemplates().catch((): readonly string[] => []);
  for (const template of scenario.templates) {
    await attempt(
      "templates",
      () => check(templates.includes(template), templates),
      template,
    );
  }
}

async function followProgress(client: Official): Promise<void> {
  const heard: number[] = [];
  await call(client, scenario.progress, {
    onprogress: ({ progress }) => void heard.push(progress),
  });
  const isRising = heard.every((value, at) => at === 0 || value > (heard[at - 1] ?? 0));
  check(heard.length > 0 && isRising, heard);
}

async function cancel(client: Official): Promise<void> {
  const controller = new AbortController();
  const canceled = call(client, scenario.cancellation, { signal: controller.signal })
    .then(() => "answered", () => "rejected");
  check((await words.next()).value === "reached", "the call did not reach the daemon");
  controller.abort();
  check(await canceled === "rejected", "it was answered all the same");
  check((await words.next()).value === "gone", "the call went on");
}

/** What a tool answered. */
export interface ScenarioAnswer {
  readonly text: string;
  readonly isError: boolean;
  readonly structuredContent: unknown;
}

async function call(
  client: Official,
  { tool, arguments: args }: ScenarioCall,
  options: CallOptions = {},
): Promise<ScenarioAnswer> {
  return parseAnswer(await client.callTool({ name: tool, arguments: { ...args } }, options));
}

/** Reads the result of a call. */
export function parseAnswer(result: unknown): ScenarioAnswer {
  const { content, isError = false, structuredContent } = Answer.parse(result);
  return { text: content.map(({ text = "" }) => text).join("\n"), isError, structuredContent };
}

/**
 * Prints that something works, or what it failed with.
 *
 * @param seen Printed where it works
 */
export async function attempt(
  feature: Feature,
  trying: () => void | Promise<void>,
  item?: string,
  seen?: string,
): Promise<void> {
  const about = item === undefined ? { feature } : { feature, item };
  try {
    await trying();
    await report({ ...about, result: "works", ...(seen === undefined ? {} : { detail: seen }) });
  } catch (error) {
    const detail = (error instanceof Error ? error.message : `${error}`).slice(0, 300);
    await report({ ...about, result: "fails", detail });
  }
}

/** Throws if something does not hold. */
export function check(holds: boolean, detail: unknown): void {
  if (!holds) throw new Error(typeof detail === "string" ? detail : JSON.stringify(detail));
}

/** Prints a result. */
export async function report(line: Report): Promise<void> {
  await print(JSON.stringify(line));
}
