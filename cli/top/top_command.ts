import { type ContainariumClient, ContainariumError, type Container } from "../../client/mod.ts";
import { delay, oneLine, visibleOnce } from "../../client/internal.ts";
import type { Command, CommandContext } from "../command.ts";
import { type Given, settingFlags } from "../command_line.ts";
import { INTERRUPTED, Interrupts } from "../interrupts.ts";
import { openDaemon } from "../open_daemon.ts";
import { print } from "../print.ts";
import { UsageError } from "../usage_error.ts";
import { sortKeys, sortRows, type TopSort, topTable } from "./render_top.ts";
import { TopScreen } from "./top_screen.ts";
import { RecentUsage, type UsageRow } from "./recent_usage.ts";

const KEYS = "c m d n u sort by cpu, memory, disk, network, username   q quits";

/** Shows what containers use, as it changes. */
export const topCommand: Command = {
  usage: "[FLAG…]",
  about:
    "Shows what containers use, the most CPU first, until q is pressed. c, m, d, n and u sort\n" +
    "by CPU, memory, disk, network and username. Without a terminal, prints a table once.",
  flags: {
    ...settingFlags,
    interval: { value: "SECONDS", help: "Read anew after so many seconds, 1 to 60 (2)" },
  },
  notes:
    "cpu is percent of one core, over the last 10 s: the daemon counts whole seconds. Bars show\n" +
    "memory and disk by their limits, lines what was used lately.",
  run: top,
};

async function top(given: Given, context: CommandContext): Promise<number> {
  const intervalMs = intervalOf(given) * 1_000;
  using daemon = await openDaemon(given, context);
  const { client } = daemon.options;
  const { terminal } = context;
  if (terminal?.isInput !== true || !terminal.isOutput) {
    using interrupts = new Interrupts();
    try {
      return await once(client, intervalMs, interrupts.signal, context);
    } catch (error) {
      if (interrupts.signal.aborted) return INTERRUPTED;
      throw error;
    }
  }
  let drawn: Promise<unknown> = Promise.resolve();
  using screen = new TopScreen(terminal, (text) => {
    drawn = drawn.then(() => print(text, context));
  });
  using interrupts = new Interrupts(() => screen[Symbol.dispose]());
  await watch(client, intervalMs, screen, interrupts.signal, context);
  screen[Symbol.dispose]();
  await drawn;
  return 0;
}

function intervalOf({ options: { interval = "2" } }: Given): number {
  const seconds = Number(interval);
  if (seconds >= 1 && seconds <= 60) return seconds;
  throw new UsageError(`--interval "${interval}": expected a number of seconds from 1 to 60`);
}

/** Reads twice, since rates take two readings, and prints a table. */
async function once(
  client: ContainariumClient,
  intervalMs: number,
  signal: AbortSignal,
  context: CommandContext,
): Promise<number> {
  const usage = new RecentUsage();
  await read(client, usage, signal);
  await delay(intervalMs, signal);
  const rows = sortRows(await read(client, usage, signal), "cpu");
  await print(`${await topTable(rows)}\n`, context);
  return 0;
}

async function read(
  client: ContainariumClient,
  usage: RecentUsage,
  signal: AbortSignal,
): Promise<readonly UsageRow[]> {
  const [metrics, containers] = await Promise.all([
    client.metrics.list({ signal }),
    containersOf(client, signal),
  ]);
  return usage.take(metrics, containers, performance.now());
}

/** Only for the limits: a token that may not list containers may still read what they use. */
async function containersOf(
  client: ContainariumClient,
  signal: AbortSignal,
): Promise<readonly Container[]> {
  try {
    return await client.containers.list({ signal });
  } catch (error) {
    if (error instanceof ContainariumError && error.code === "permission_denied") return [];
    throw error;
  }
}

/** Draws until `q`, Ctrl-C or a signal: after each reading, each key and each change of size. */
async function watch(
  client: ContainariumClient,
  intervalMs: number,
  screen: TopScreen,
  signal: AbortSignal,
  { input }: CommandContext,
): Promise<void> {
  const quit = new AbortController();
  const ended = AbortSignal.any([signal, quit.signal]);
  let [sort, problem]: [TopSort, string] = ["cpu", ""];
  let rows: readonly UsageRow[] | undefined;
  const draw = async () => {
    const status = problem === "" ? statusOf(rows, sort) : visibleOnce(problem);
    const table = await topTable(sortRows(rows ?? [], sort));
    screen.show([status, "", ...table.split("\n"), "", KEYS]);
  };
  const onResize = () => void draw();
  const reader = input.getReader();
  ended.addEventListener("abort", () => void reader.cancel().catch(() => {}));
  const readKeys = async () => {
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      for (const key of decoder.decode(value, { stream: true })) {
        if (key === "q" || key === "\x03") return quit.abort();
        sort = sortOf(key) ?? sort;
      }
      if (done) return quit.abort();
      await draw();
    }
  };
  const usage = new RecentUsage();
  const readUsage = async () => {
    while (!ended.aborted) {
      try {
        rows = await read(client, usage, ended);
        problem = "";
      } catch (error) {
        if (ended.aborted) return;
        if (!(error instanceof ContainariumError)) throw error;
        problem = oneLine(error.message);
      }
      await draw();
      await delay(intervalMs, ended).catch(() => {});
    }
  };
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGWINCH", onResize);
  try {
    const keys = readKeys();
    keys.catch(() => quit.abort());
    await readUsage();
  } finally {
    quit.abort();
    if (Deno.build.os !== "windows") Deno.removeSignalListener("SIGWINCH", onResize);
  }
}

function statusOf(rows: readonly UsageRow[] | undefined, sort: TopSort): string {
  if (rows === undefined) return "reading what containers use …";
  return `${rows.length} ${rows.length === 1 ? "container" : "containers"}, by ${sort}`;
}

function sortOf(key: string): TopSort | undefined {
  return Object.entries(sortKeys).find(([known]) => known === key)?.[1];
}
