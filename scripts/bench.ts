/**
 * `make bench`: start, memory and cost of a call, compared with a bare JSON-RPC loop on Deno in the same run,
 * and how long `make test` took. Times depend on the machine; the ratios do not.
 *
 * @module
 */
import { assert } from "@std/assert";
import { commandTable, measureCommands } from "./bench/commands.ts";
import {
  connectProcess,
  type ProcessSession,
  shippedCommand,
  type Target,
} from "../tests/connect.ts";
import { startDaemon } from "../tests/daemon/mod.ts";

const STARTS = 15;
const CALLS = 300;
const CALLS_AT_A_TIME = 25;
const WARM_UP = 30;
const MANY_CALLS = 10_000;

/** Targets for the bundle, from issue 12: start relative to the loop, MiB, milliseconds above a fetch. */
const targets = { startRatio: 3.5, memoryMiB: 55, aboveFetchMs: 0.6, memoryAfterMiB: 110 };

type Command = readonly [string, ...string[]];

/** Measurements of one program. */
interface Figures {
  readonly program: string;
  /** From spawning to the response to `initialize`; median. */
  readonly startMs: number;
  /** Resident memory after that; median. Absent if the system does not report it. */
  readonly memoryMiB: number | undefined;
  /** One list_containers call, which is one request to the daemon; median. */
  readonly callMs: number;
  readonly callP95Ms: number;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

async function memoryMiB(pid: number): Promise<number | undefined> {
  try {
    const ps = new Deno.Command("ps", { args: ["-o", "rss=", "-p", String(pid)] });
    const kibibytes = Number(new TextDecoder().decode((await ps.output()).stdout));
    return kibibytes > 0 ? kibibytes / 1024 : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function timesOf(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) times.push(await timed(work));
  return times;
}

/** Measures programs alternately, so that other load on the machine affects all of them. */
async function measure(
  target: Target,
  programs: Readonly<Record<string, Command>>,
  callTimes: ReadonlyMap<string, readonly number[]>,
): Promise<readonly Figures[]> {
  const starts: Record<string, Start[]> = {};
  for (let i = 0; i < STARTS; i++) {
    for (const [program, command] of Object.entries(programs)) {
      (starts[program] ??= []).push(await measureStart(target, command));
    }
  }
  const figures: Figures[] = [];
  for (const program of Object.keys(programs)) {
    const measured = starts[program] ?? [];
    const memories = measured.flatMap(({ memoryMiB }) =>
      memoryMiB === undefined ? [] : [memoryMiB]
    );
    const calls = callTimes.get(program) ?? [];
    figures.push({
      program,
      startMs: quantile(measured.map(({ milliseconds }) => milliseconds), 0.5),
      memoryMiB: memories.length === 0 ? undefined : quantile(memories, 0.5),
      callMs: quantile(calls, 0.5),
      callP95Ms: quantile(calls, 0.95),
    });
  }
  return figures;
}

interface Start {
  readonly milliseconds: number;
  readonly memoryMiB: number | undefined;
}

async function measureStart(target: Target, command: Command): Promise<Start> {
  const started = performance.now();
  await using server = await connectProcess(target, { command });
  const milliseconds = performance.now() - started;
  return { milliseconds, memoryMiB: await memoryMiB(server.pid) };
}

/** Measures calls of each program, and raw fetches, some of each at a time. */
async function measureCalls(
  target: Target,
  programs: Readonly<Record<string, Command>>,
  rawFetch: () => Promise<unknown>,
): Promise<ReadonlyMap<string, readonly number[]>> {
  await using servers = new AsyncDisposableStack();
  const works = new Map([[RAW_FETCH, rawFetch]]);
  for (const [program, command] of Object.entries(programs)) {
    const server = servers.use(await connectProcess(target, { command }));
    works.set(program, () => call(server, "list_containers"));
  }
  for (const work of works.values()) await timesOf(WARM_UP, work);
  const times = new Map<string, number[]>();
  for (let done = 0; done < CALLS; done += CALLS_AT_A_TIME) {
    for (const [name, work] of works) {
      times.set(name, [...times.get(name) ?? [], ...await timesOf(CALLS_AT_A_TIME, work)]);
    }
  }
  return times;
}

const RAW_FETCH = "raw fetch";

/** V8 flags of the binary, from the command line. */
const binaryFlags = Deno.args.filter((arg) => arg.startsWith("--v8-flags="));

/** Memory after many calls that read a container whole. */
async function memoryAfter(target: Target, command: Command): Promise<number | undefined> {
  await using server = await connectProcess(target, { command });
  await timesOf(MANY_CALLS, () => call(server, "get_container", { username: "alice" }));
  return await memoryMiB(server.pid);
}

async function call(
  server: ProcessSession,
  name: string,
  args: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { isError, text } = await server.call(name, args);
  assert(!isError && text !== "", text);
}

/** The same program as a bundle, without a `deno.json`, which users do not have beside it. */
function bundled(command: Command, flags: readonly string[] = []): Command {
  const [deno, ...args] = command;
  const kept = args.filter((arg) => !/^--(import-map|lock)=|main\.ts$/.test(arg));
  const file = new URL("../dist/mcp-server.js", import.meta.url).pathname;
  return [deno, ...kept, ...flags, "--no-config", file];
}

function table(figures: readonly Figures[], fetchMs: number): string {
  const bare = figures[0];
  assert(bare !== undefined);
  const times = (value: number, base: number) =>
    `${value.toFixed(1)} (${(value / base).toFixed(2)}x)`;
  const rows = figures.map((row) =>
    [
      row.program.padEnd(18),
      times(row.startMs, bare.startMs).padEnd(15),
      (row.memoryMiB === undefined || bare.memoryMiB === undefined
        ? "unknown"
        : times(row.memoryMiB, bare.memoryMiB)).padEnd(15),
      times(row.callMs, bare.callMs).padEnd(14),
      row.callP95Ms.toFixed(2).padEnd(9),
      (row.callMs - fetchMs).toFixed(2),
    ].join("")
  );
  return [
    "                  start, ms      memory, MiB    call, ms      p95, ms  above fetch, ms",
    ...rows,
    `raw fetch of the same URL: ${
      fetchMs.toFixed(2)
    } ms. Medians of ${STARTS} starts and ${CALLS} calls; ` +
    `(1.00x) is the bare JSON-RPC loop.`,
  ].join("\n");
}

/** Resident memory after many calls. */
interface MemoryAfter {
  /** With V8's defaults, as under `deno run`. */
  readonly bundleMiB: number | undefined;
  /** With the V8 flags of the binary. */
  readonly binaryMiB: number | undefined;
}

/** Compares the bundle with its targets. */
function held(
  [loop, , bundle]: readonly Figures[],
  fetchMs: number,
  { bundleMiB, binaryMiB }: MemoryAfter,
): string {
  assert(loop !== undefined && bundle !== undefined);
  const line = (what: string, found: number | undefined, most: number) =>
    `${what.padEnd(32)}${(found?.toFixed(2) ?? "unknown").padEnd(10)}at most ${most}`;
  return [
    line("the bundle's start, in loops", bundle.startMs / loop.startMs, targets.startRatio),
    line("memory, MiB", bundle.memoryMiB, targets.memoryMiB),
    line("a call above a raw fetch, ms", bundle.callMs - fetchMs, targets.aboveFetchMs),
    `${"… of which the bare loop has".padEnd(32)}${(loop.callMs - fetchMs).toFixed(2)}`,
    line(`MiB after ${MANY_CALLS} calls`, binaryMiB, targets.memoryAfterMiB),
    `${"… without the binary's V8 flags".padEnd(32)}${bundleMiB?.toFixed(2) ?? "unknown"}`,
  ].join("\n");
}

/** Seconds of the last `make test` that passed; `undefined` if there was none. */
async function suite(): Promise<{ readonly seconds: number; readonly at: Date } | undefined> {
  const note = new URL("../.deno/test_seconds", import.meta.url);
  try {
    const { mtime } = await Deno.stat(note);
    return { seconds: Number(await Deno.readTextFile(note)), at: mtime ?? new Date(0) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function bench(): Promise<void> {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  const target = { url: daemon.url, token: await daemon.token() };
  const url = `${daemon.url}/v1/containers`;
  const authorization = `Bearer ${target.token}`;
  const rawFetch = async () => {
    const response = await fetch(url, { headers: { authorization } });
    await response.text();
  };
  const shipped = shippedCommand(daemon.url);
  const [deno] = shipped;
  const loop = new URL("./bench/bare_loop.ts", import.meta.url).pathname;
  const flags = ["run", "--no-prompt", "--no-config", `--allow-net=${new URL(url).host}`];
  const programs: Readonly<Record<string, Command>> = {
    "bare loop": [deno, ...flags, loop, url, authorization],
    "deno run main.ts": shipped,
    "bundled, minified": bundled(shipped),
  };
  const callTimes = await measureCalls(target, programs, rawFetch);
  const fetchMs = quantile(callTimes.get(RAW_FETCH) ?? [], 0.5);
  const figures = await measure(target, programs, callTimes);
  const after: MemoryAfter = {
    bundleMiB: await memoryAfter(target, bundled(shipped)),
    binaryMiB: await memoryAfter(target, bundled(shipped, binaryFlags)),
  };
  const commands = await measureCommands();
  const commandsText = typeof commands === "string"
    ? `Commands were not measured: ${commands}`
    : commandTable(commands);
  const tests = await suite();
  const ran = tests === undefined
    ? "make test has not passed here yet, so how long it takes is not known."
    : `make test took ${tests.seconds} s on ${navigator.hardwareConcurrency} processors ` +
      `(${tests.at.toISOString()}).`;
  const text = Deno.args.includes("--json")
    ? JSON.stringify({ fetchMs, figures, after, targets, commands, tests }, undefined, 2)
    : [table(figures, fetchMs), held(figures, fetchMs, after), commandsText, ran].join("\n\n");
  await Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
}

await bench();
