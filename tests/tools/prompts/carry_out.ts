/** Starts a runbook as a user does, and carries out its steps as a model does. @module */
import { assert, assertStringIncludes } from "@std/assert";
import { runbooks } from "../../../tools/prompts/mod.ts";
import type { Runbook } from "../../../tools/runbook/runbook.ts";
import { renderCall } from "../../../tools/runbook/runbook_text.ts";
import { Blank, type CallValue, type Step } from "../../../tools/runbook/step.ts";
import { clientOf } from "../../client/connect.ts";
import type { CallResult, Session } from "../../connect.ts";
import type { Daemon } from "../../daemon/mod.ts";
import { contextOf } from "../context.ts";

/** What stands in the places of blanks, by their words. */
export type Fillings = Readonly<Record<string, unknown>>;

/** A call that was made. */
export interface MadeCall {
  /** The tool. */
  readonly tool: string;
  /** Its arguments, as they were sent. */
  readonly args: Readonly<Record<string, unknown>>;
  /** What it answered. */
  readonly result: CallResult;
}

/** A prompt as a client gets it. */
export interface GotPrompt {
  /** Its own text. */
  readonly text: string;
  /** The resources in it, by their URIs. */
  readonly embedded: ReadonlyMap<string, string>;
  /** What it says besides: why a resource is not there. */
  readonly others: readonly string[];
}

/** Returns a runbook. */
export function runbookOf(name: string): Runbook {
  const found = runbooks.find(({ prompt }) => prompt.name === name);
  assert(found !== undefined, name);
  return found;
}

/** Gets a prompt. */
export async function getPrompt(
  server: Session,
  name: string,
  args: Readonly<Record<string, string>> = {},
): Promise<GotPrompt> {
  const { messages } = await server.request("prompts/get", { name, arguments: args });
  assert(Array.isArray(messages));
  const contents = messages.map(({ content }) => content);
  assert(contents.every(({ type }) => type === "text"), "langchain-mcp-adapters takes only text");
  const [text = "", ...rest] = contents.map(({ text }): string => text);
  const attached = rest.map((each) =>
    /^<<<(containarium:\/\/\S+) (\w{8}): data from the daemon[^\n]*\n(.*)\n>>>\2$/s.exec(each)
  );
  const embedded = new Map(
    attached.flatMap((found) => found ? [[found[1] ?? "", found[3] ?? ""] as const] : []),
  );
  return { text, embedded, others: rest.filter((_, at) => attached[at] === null) };
}

/** Returns the steps that a prompt consists of where these tools are on. */
export async function stepsOf(
  daemon: Daemon,
  tools: ReadonlySet<string>,
  name: string,
  args: Readonly<Record<string, string>>,
): Promise<readonly Step[]> {
  using client = await clientOf(daemon);
  return await runbookOf(name).steps(args, { ...contextOf(client), tools });
}

/** Returns the names of the tools that a server lists. */
export async function toolsOf(server: Session): Promise<ReadonlySet<string>> {
  const { tools } = await server.request("tools/list");
  assert(Array.isArray(tools));
  return new Set(tools.map(({ name }) => name));
}

/**
 * Gets a prompt and makes the calls of its steps, in order. A step with blanks is taken once with each of the
 * fillings that fill all of them: for every member of a team, or for nobody.
 */
export async function carryOut(
  daemon: Daemon,
  server: Session,
  name: string,
  args: Readonly<Record<string, string>>,
  rounds: readonly Fillings[] = [],
): Promise<readonly MadeCall[]> {
  const { text } = await getPrompt(server, name, args);
  const made: MadeCall[] = [];
  for (const { call } of await stepsOf(daemon, await toolsOf(server), name, args)) {
    if (call === undefined) continue;
    const { tool } = call;
    assertStringIncludes(text, renderCall(call));
    for (const filled of fillingsOf(call.args, rounds)) {
      made.push({ tool, args: filled, result: await server.call(tool, hurried(filled)) });
    }
  }
  return made;
}

/** A second shows what thirty show. */
function hurried(args: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.hasOwn(args, "sample_seconds") ? { ...args, "sample_seconds": 1 } : args;
}

/** Returns the arguments of a call, once for each round that fills its blanks. */
export function fillingsOf(
  args: Readonly<Record<string, CallValue | undefined>>,
  rounds: readonly Fillings[],
): readonly Readonly<Record<string, unknown>>[] {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  const blanks = given.flatMap(([, value]) => value instanceof Blank ? [`${value}`] : []);
  const fitting = blanks.length === 0
    ? [{}]
    : rounds.filter((round) => blanks.every((blank) => Object.hasOwn(round, blank)));
  return fitting.map((round: Fillings) =>
    Object.fromEntries(
      given.map(([key, value]) => [key, value instanceof Blank ? round[`${value}`] : value]),
    )
  );
}
