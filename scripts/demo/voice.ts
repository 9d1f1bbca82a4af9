/** How the demo speaks: what is explained, asked, and answered. @module */
import { assert } from "@std/assert";
import type { Session } from "../../tests/connect.ts";

const isColored = Deno.stdout.isTerminal() && !Deno.noColor;
const paint = (code: number, text: string) => isColored ? `\x1b[${code}m${text}\x1b[0m` : text;

async function say(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
}

/** Prints what is sent. */
export function asked(text: string): Promise<void> {
  return say(paint(36, `→ ${text}`));
}

/** Prints the response. */
export function answered(text: string): Promise<void> {
  return say(text.replaceAll(/^/gm, paint(32, "← ")));
}

/** Prints what comes next. */
export function explained(text: string): Promise<void> {
  return say(paint(1, `\n${text}`));
}

/** Prints a call's progress. */
export function reported(message: unknown): Promise<void> {
  return say(paint(33, `… ${message}`));
}

/** Calls a tool that must succeed. */
export async function call(
  server: Session,
  name: string,
  args: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { isError, text } = await ask(server, name, args);
  assert(!isError, `${name} failed: ${text}`);
}

/** Calls a tool that must refuse. */
export async function refused(
  server: Session,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { isError, text } = await ask(server, name, args);
  assert(isError, `${name} was not refused: ${text}`);
}

async function ask(server: Session, name: string, args: Readonly<Record<string, unknown>>) {
  await asked(`tools/call ${name} ${JSON.stringify(args)}`);
  const answer = await server.call(name, args);
  await answered(answer.text);
  return answer;
}
