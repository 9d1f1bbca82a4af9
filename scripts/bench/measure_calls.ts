/** What one call costs, beside the request to the daemon that it takes. @module */
import { BenchDaemon } from "./bench_daemon.ts";
import type { BenchContext } from "./bench_context.ts";
import { interleave, timed, type Work } from "./interleave.ts";
import { Lineup, type Member } from "./lineup.ts";
import { statOf } from "./process_stat.ts";
import type { Section, Table } from "./section.ts";
import { median, quantile } from "./statistics.ts";
import { bareLoop, bundle } from "./subject.ts";
import type { WireClient } from "./wire_client.ts";

/** Issue 12. */
const MOST_MS_ABOVE = 0.6;
const RAW = "raw fetch";
const RAW_ALL = "raw fetch of all it asks for";
/** V8 optimizes what has run some hundred times. */
const WARM_UP = 400;
const AT_A_TIME = 25;

interface Kind {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** What the call asks the daemon for, side by side; the first alone is what the bare loop asks for. */
  readonly paths: readonly [string, ...string[]];
}

const kinds: readonly Kind[] = [
  {
    tool: "get_container",
    args: { username: "alice" },
    paths: [
      "/v1/containers/alice",
      "/v1/containers?username=alice",
      "/v1/metrics/alice",
      "/v1/network/routes",
      "/v1/network/passthrough",
    ],
  },
  { tool: "list_containers", args: {}, paths: ["/v1/containers"] },
];

/** Measures calls of two tools. */
export async function measureCalls({ plan, servers }: BenchContext): Promise<Section> {
  await using daemon = await BenchDaemon.start();
  await using lineup = await Lineup.open({
    subjects: [bareLoop, ...servers],
    target: daemon,
    what: "calls",
    attempt: async (client) => {
      for (const { tool, args } of kinds) await client.call(tool, args);
    },
  });
  const sections: Section[] = [];
  for (const kind of kinds) sections.push(await measureKind(kind, plan.calls, lineup, daemon));
  return {
    tables: sections.flatMap(({ tables }) => tables),
    targets: sections.flatMap(({ targets }) => targets),
    notes: lineup.notes,
  };
}

async function measureKind(
  kind: Kind,
  runs: number,
  { members }: Lineup,
  daemon: BenchDaemon,
): Promise<Section> {
  const call = (client: WireClient) => client.call(kind.tool, kind.args);
  const [first] = kind.paths;
  const hasMore = kind.paths.length > 1;
  const fetchAll = () => Promise.all(kind.paths.map((path) => daemon.fetch(path)));
  const works: Work<number>[] = [
    { name: RAW, run: () => timed(() => daemon.fetch(first)) },
    ...hasMore ? [{ name: RAW_ALL, run: () => timed(fetchAll) }] : [],
    ...members.map(({ name, client }) => ({ name, run: async () => (await call(client)).ms })),
  ];
  const times = await interleave(works, { warmUp: WARM_UP, runs, atATime: AT_A_TIME });
  const costs = new Map<string, Cost>();
  for (const member of members) costs.set(member.name, await costOf(member, call, daemon, runs));
  const at = (name: string) => median(times.get(name) ?? []);
  return {
    tables: [tableOf(kind, times, costs)],
    targets: [RAW, ...hasMore ? [RAW_ALL] : []].map((raw) => ({
      what: `${kind.tool} above a ${raw}, ms`,
      found: at(bundle.name) - at(raw),
      bound: "at most",
      limit: MOST_MS_ABOVE,
    })),
    notes: [],
  };
}

function tableOf(
  kind: Kind,
  times: ReadonlyMap<string, readonly number[]>,
  costs: ReadonlyMap<string, Cost>,
): Table {
  const at = (name: string) => median(times.get(name) ?? []);
  return {
    title: `One ${kind.tool}`,
    columns: [
      "program",
      "ms",
      "p95, ms",
      "above raw, ms",
      "above loop, ms",
      "CPU ms",
      "requests",
      "bytes",
    ],
    rows: [...times].map(([name, measured]) => [
      name,
      median(measured),
      quantile(measured, 0.95),
      name === RAW ? undefined : at(name) - at(RAW),
      [RAW, RAW_ALL, bareLoop.name].includes(name) ? undefined : at(name) - at(bareLoop.name),
      costs.get(name)?.cpuMs,
      costs.get(name)?.requests,
      costs.get(name)?.bytes,
    ]),
  };
}

interface Cost {
  readonly cpuMs: number | undefined;
  readonly requests: number;
  readonly bytes: number;
}

/** Counts what calls take of the processor and of the daemon. */
async function costOf(
  { client }: Member,
  call: (client: WireClient) => Promise<{ readonly bytes: number }>,
  daemon: BenchDaemon,
  runs: number,
): Promise<Cost> {
  const [requestsBefore, before] = [await daemon.requests(), await statOf(client.pid)];
  let bytes = 0;
  for (let i = 0; i < runs; i++) bytes = (await call(client)).bytes;
  const [requestsAfter, after] = [await daemon.requests(), await statOf(client.pid)];
  return {
    cpuMs: before && after && (after.cpuMs - before.cpuMs) / runs,
    requests: (requestsAfter - requestsBefore) / runs,
    bytes,
  };
}
