/** What commands in a container cost, beside a plain local `bash -c`. @module */
import { assert } from "@std/assert";
import { ContainariumClient } from "../../client/mod.ts";
import { Sitting } from "../../tests/daemon/terminal_client.ts";
import { whyNoPty } from "../../tests/daemon/mod.ts";
import { BenchDaemon } from "./bench_daemon.ts";
import type { BenchContext } from "./bench_context.ts";
import { followLatencies } from "./follow_latency.ts";
import { interleave, timed, type Work } from "./interleave.ts";
import { nothing, type Section, type Target } from "./section.ts";
import { median } from "./statistics.ts";

const MEGABYTE = 1_000_000;
/** Issue 16. */
const MOST_MS_ABOVE_HANDSHAKE = 60;
const MOST_TIMES_BASH = 4;
const HANDSHAKE = "terminal, to its prompt";
const ONE_SHOT = "true, one session each";

/** A kind of command, and what it is compared with. */
interface Pair {
  readonly name: string;
  readonly terminal: () => Promise<unknown>;
  readonly bash: () => Promise<unknown>;
  readonly runs: number;
}

/** Measures commands by the client, without MCP. */
export async function measureCommands({ plan }: BenchContext): Promise<Section> {
  const lacking = await whyNoPty();
  if (lacking !== undefined) return { ...nothing, notes: [`commands: ${lacking}`] };
  await using daemon = await BenchDaemon.start({ hasShells: true });
  const options = { serverUrl: daemon.url, token: daemon.token };
  using client = new ContainariumClient(options);
  const oneShot = async () => {
    using own = new ContainariumClient(options);
    await own.terminal("alice").run("true");
    return async () => await own.closeTerminals();
  };
  const run = async (command: string) => {
    const { exitCode } = await client.terminal("alice").run(command, { maxBytes: 16 * MEGABYTE });
    assert(exitCode === 0, command);
  };
  const compare = (name: string, command: string, runs: number): Pair => ({
    name,
    terminal: () => run(command),
    bash: () => bash(command),
    runs,
  });
  const pairs = [
    compare("true, kept session", "true", plan.commands),
    ...plan.outputs.flatMap((size) => [
      compare(`${size} MB of text`, text(size * MEGABYTE), plan.largeCommands),
      compare(`${size} MB of noise`, noise(size * MEGABYTE), plan.largeCommands),
    ]),
  ];
  const opening = await interleave<number>([
    { name: HANDSHAKE, run: () => handshake(daemon) },
    { name: ONE_SHOT, run: () => timedWithoutEnd(oneShot) },
    { name: "bash", run: () => timed(() => bash("true")) },
  ], { warmUp: 2, runs: plan.commands });
  const rows: [string, number, number][] = [];
  const openingMs = (name: string) => median(opening.get(name) ?? []);
  rows.push([HANDSHAKE, openingMs(HANDSHAKE), openingMs("bash")]);
  rows.push([ONE_SHOT, openingMs(ONE_SHOT), openingMs("bash")]);
  for (const pair of pairs) rows.push(await comparePair(pair));
  const followed = await followLatencies(client);
  rows.push(["a line while it runs", median(followed.terminal), median(followed.bash)]);
  await client.closeTerminals();
  return {
    tables: [{
      title: "Commands in a container, by the client",
      columns: ["command", "terminal, ms", "bash -c, ms", "ratio"],
      rows: rows.map(([name, terminal, local]) => [name, terminal, local, terminal / local]),
    }],
    targets: targetsOf(rows, openingMs(ONE_SHOT) - openingMs(HANDSHAKE)),
    notes: [],
  };
}

function targetsOf(
  rows: readonly (readonly [string, number, number])[],
  above: number,
): readonly Target[] {
  return [
    {
      what: "a one-shot command above the daemon's handshake, ms",
      found: above,
      bound: "at most",
      limit: MOST_MS_ABOVE_HANDSHAKE,
    },
    ...rows.filter(([name]) => name.includes("MB")).map(([name, terminal, local]): Target => ({
      what: `${name}, × bash -c`,
      found: terminal / local,
      bound: "at most",
      limit: MOST_TIMES_BASH,
    })),
  ];
}

async function comparePair(
  { name, terminal, bash, runs }: Pair,
): Promise<[string, number, number]> {
  const works: Work<number>[] = [
    { name: "terminal", run: () => timed(terminal) },
    { name: "bash", run: () => timed(bash) },
  ];
  const times = await interleave(works, { warmUp: 1, runs });
  return [name, median(times.get("terminal") ?? []), median(times.get("bash") ?? [])];
}

/** Measures how long the daemon itself takes to show a prompt, by a plain WebSocket. */
async function handshake({ url, token }: BenchDaemon): Promise<number> {
  const started = performance.now();
  await using sitting = await Sitting.at(url, "alice", token);
  await sitting.shows(/\S/);
  const ms = performance.now() - started;
  sitting.type("exit\n");
  await sitting.closed;
  return ms;
}

/** Measures work without what it leaves to be ended. */
async function timedWithoutEnd(work: () => Promise<() => Promise<void>>): Promise<number> {
  const started = performance.now();
  const end = await work();
  const ms = performance.now() - started;
  await end();
  return ms;
}

async function bash(command: string): Promise<void> {
  const { code } = await new Deno.Command("bash", { args: ["-c", command] }).output();
  assert(code === 0, command);
}

function text(bytes: number): string {
  return `yes 'a line of text' | head -c ${bytes}`;
}

function noise(bytes: number): string {
  return `head -c ${bytes} /dev/urandom`;
}
