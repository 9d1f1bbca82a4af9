/** Commands in the test's own process, as a user starts them. @module */
import { assert } from "@std/assert";
import { run } from "../../cli/run.ts";
import type { ProcessTerminal } from "../../server/stdio/standard_streams.ts";
import type { Target } from "../connect.ts";
import type { Daemon } from "../daemon/mod.ts";

/** What a command printed. */
export interface Printed {
  /** The exit code. */
  readonly code: number;
  /** What went to stdout. */
  readonly stdout: string;
  /** What went to stderr. */
  readonly stderr: string;
}

/** What a command is started with. */
export interface CliOptions {
  /** Set in its environment, over what names the daemon. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** What is on its stdin; with a terminal, what is typed once the command asks. */
  readonly input?: string | undefined;
  /** Its terminal. */
  readonly terminal?: ProcessTerminal | undefined;
}

/** A terminal that is all three streams. */
export const terminal: ProcessTerminal = {
  isInput: true,
  isOutput: true,
  isError: true,
  size: () => ({ columns: 80, rows: 24 }),
  setRaw: () => {},
  setCbreak: () => {},
};

/** Runs a command; it shows no token, whatever it says. */
export async function runCli(
  daemon: Daemon | Target | undefined,
  args: readonly string[],
  { env = {}, input = "", terminal }: CliOptions = {},
): Promise<Printed> {
  const token = typeof daemon?.token === "function" ? await daemon.token() : daemon?.token ?? "";
  const variables: Readonly<Record<string, string>> = {
    CONTAINARIUM_SERVER_URL: daemon?.url ?? "",
    CONTAINARIUM_JWT_TOKEN: token,
    ...env,
  };
  let [stdout, stderr] = ["", ""];
  const asked = Promise.withResolvers<void>();
  if (terminal === undefined) asked.resolve();
  const code = await run(args, {
    input: ReadableStream.from(typedAfter(asked.promise, input)),
    write: (bytes) => {
      stdout += new TextDecoder().decode(bytes);
      return Promise.resolve();
    },
    terminal,
    readVariable: (name) => variables[name],
    writeLog: (line) => {
      stderr += line;
      if (stderr.endsWith("[y/N] ")) asked.resolve();
    },
    giveUpPermissions: () => Promise.resolve([]),
  });
  if (token !== "") assert(!`${stdout}${stderr}`.includes(token), "the token is shown");
  return { code, stdout, stderr };
}

async function* typedAfter(event: Promise<void>, text: string): AsyncGenerator<Uint8Array> {
  await event;
  if (text !== "") yield new TextEncoder().encode(text);
}

/** Checks that a text fits a pattern. */
export function assertMatch(text: string, pattern: RegExp): void {
  assert(pattern.test(text), `${pattern} does not fit:\n${text}`);
}
