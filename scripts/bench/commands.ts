/** What commands in a container cost, beside a plain local `bash -c`. @module */
import { assert } from "@std/assert";
import { ContainariumClient } from "../../client/mod.ts";
import { startDaemon, whyNoPty } from "../../tests/daemon/mod.ts";

const RUNS = 15;
const LARGE_RUNS = 5;
const MEGABYTE = 1_000_000;

/** Measurements of one kind of work, over the terminal and locally. */
export interface CommandFigures {
  /** Kind of work. */
  readonly what: string;
  /** Over the terminal, from call to result; median. */
  readonly terminalMs: number;
  /** With a local `bash -c`; median. */
  readonly bashMs: number;
}

/** Returns the measurements, or why there is no pty. */
export async function measureCommands(): Promise<readonly CommandFigures[] | string> {
  const lacking = await whyNoPty();
  if (lacking !== undefined) return lacking;
  await using daemon = await startDaemon({ containers: [{ username: "alice" }], shell: {} });
  const options = { serverUrl: daemon.url, token: await daemon.token() };
  const oneShot = async () => {
    using client = new ContainariumClient(options);
    await client.terminal("alice").run("true");
    await client.closeTerminals();
  };
  using client = new ContainariumClient(options);
  const terminal = client.terminal("alice");
  const run = async (command: string) => {
    const { exitCode } = await terminal.run(command, { maxBytes: 8 * MEGABYTE });
    assert(exitCode === 0, command);
  };
  const bash = async (command: string) => {
    const { code } = await new Deno.Command("bash", { args: ["-c", command] }).output();
    assert(code === 0, command);
  };
  const text = (bytes: number) => `yes 'a line of text' | head -c ${bytes}`;
  const noise = (bytes: number) => `head -c ${bytes} /dev/urandom`;
  const compare = async (what: string, command: string, count: number, over = run) => ({
    what,
    terminalMs: await median(count, () => over(command)),
    bashMs: await median(count, () => bash(command)),
  });
  const figures = [
    await compare("true, one session each", "true", RUNS, oneShot),
    await compare("true, kept session", "true", RUNS),
    await compare("1 MB of text", text(MEGABYTE), LARGE_RUNS),
    await compare("1 MB of noise", noise(MEGABYTE), LARGE_RUNS),
    await compare("5 MB of noise", noise(5 * MEGABYTE), LARGE_RUNS),
    await followLatency(client),
  ];
  await client.closeTerminals();
  return figures;
}

/** Measures the time from printing a line in the container to its report. */
async function followLatency(client: ContainariumClient): Promise<CommandFigures> {
  const lines = "for i in 1 2 3 4 5 6 7 8 9; do date +%s%N; sleep 0.05; done";
  const latenciesOf = (texts: readonly (readonly [string, number])[]) =>
    texts.flatMap(([text, heardAt]) =>
      text.trim().split("\n").map((nanoseconds) => heardAt - Number(nanoseconds) / 1e6)
    );
  const now = () => performance.timeOrigin + performance.now();
  const reported: [string, number][] = [];
  await client.terminal("alice").run(lines, {
    onOutput: (piece) => reported.push([new TextDecoder().decode(piece), now()]),
  });
  const local: [string, number][] = [];
  const bash = new Deno.Command("bash", { args: ["-c", lines], stdout: "piped" }).spawn();
  for await (const text of bash.stdout.pipeThrough(new TextDecoderStream())) {
    local.push([text, now()]);
  }
  await bash.status;
  return {
    what: "a line while it runs",
    terminalMs: middle(latenciesOf(reported)),
    bashMs: middle(latenciesOf(local)),
  };
}

/** Returns the measurements as a table. */
export function commandTable(figures: readonly CommandFigures[]): string {
  const rows = figures.map(({ what, terminalMs, bashMs }) =>
    [
      what.padEnd(24),
      terminalMs.toFixed(1).padEnd(14),
      bashMs.toFixed(1).padEnd(12),
      `${(terminalMs / bashMs).toFixed(1)}x`,
    ].join("")
  );
  return ["a command               terminal, ms  bash -c, ms", ...rows].join("\n");
}

async function median(count: number, work: () => Promise<void>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return middle(times);
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
