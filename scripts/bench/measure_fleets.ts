/** Lists of ever more containers. @module */
import { tokensIn } from "../tokens.ts";
import { BenchDaemon } from "./bench_daemon.ts";
import type { BenchContext } from "./bench_context.ts";
import { interleave, timed, type Work } from "./interleave.ts";
import { Lineup } from "./lineup.ts";
import { statOf } from "./process_stat.ts";
import type { Cell, Section, Table, Target } from "./section.ts";
import { type AtSize, growthPerDoubling, median } from "./statistics.ts";
import { bundle } from "./subject.ts";
import type { WireClient } from "./wire_client.ts";

/** Issue 16. */
const MOST_MS_ABOVE = 25;
const OF_CONTAINERS = 5_000;
/** Linear is 2, quadratic 4. What no longer fits the caches, and collections, add some. */
const MOST_GROWTH = 2.5;
/** Below it, what does not depend on the size is most of a call. */
const LARGE = 1_000;
const RAW = "raw fetch";

interface Measured {
  readonly size: number;
  readonly rawMs: number;
  readonly ms: ReadonlyMap<string, number>;
  readonly tokens: number;
  readonly cpuMs: number | undefined;
}

/** Measures `list_containers` by the number of containers. */
export async function measureFleets({ plan, servers }: BenchContext): Promise<Section> {
  const measured: Measured[] = [];
  const notes = new Set<string>();
  for (const size of plan.fleets) {
    await using daemon = await BenchDaemon.start({ containers: size });
    await using lineup = await Lineup.open({
      subjects: servers,
      target: daemon,
      what: "lists of many",
      attempt: (client) => client.call("list_containers"),
    });
    for (const note of lineup.notes) notes.add(note);
    const works: Work<number>[] = [
      { name: RAW, run: () => timed(() => daemon.fetch("/v1/containers")) },
      ...lineup.members.map(({ name, client }) => ({
        name,
        run: async () => (await client.call("list_containers")).ms,
      })),
    ];
    const times = await interleave(works, { warmUp: 3, runs: plan.lists });
    const ms = new Map([...times].map(([name, all]) => [name, median(all)]));
    const [first] = lineup.members;
    if (first === undefined) continue;
    const { result } = await first.client.call("list_containers");
    const tokens = tokensIn(JSON.stringify(result.structuredContent ?? ""));
    const cpuMs = await cpuOf(first.client, plan.lists);
    measured.push({ size, rawMs: ms.get(RAW) ?? NaN, ms, tokens, cpuMs });
  }
  return { tables: [tableOf(measured)], targets: targetsOf(measured), notes: [...notes] };
}

/** Returns the processor time of one list. */
async function cpuOf(client: WireClient, lists: number): Promise<number | undefined> {
  const before = await statOf(client.pid);
  for (let i = 0; i < lists; i++) await client.call("list_containers");
  const after = await statOf(client.pid);
  return before && after && (after.cpuMs - before.cpuMs) / lists;
}

function costsOf(measured: readonly Measured[], name: string): readonly AtSize[] {
  return measured.map(({ size, rawMs, ms }) => ({ size, cost: (ms.get(name) ?? NaN) - rawMs }));
}

function tableOf(measured: readonly Measured[]): Table {
  const names = [...measured[0]?.ms.keys() ?? []].filter((name) => name !== RAW);
  const growths = new Map(names.map((name) => [name, growthOf(measured, name)]));
  return {
    title: "list_containers by the number of containers (its answer shows 50 at a time)",
    columns: [
      "containers",
      "raw fetch, ms",
      ...names.flatMap((name) => [`${name}, above, ms`, "per doubling"]),
      `${bundle.name}, CPU ms`,
      "tokens",
    ],
    rows: measured.map(({ size, rawMs, ms, tokens, cpuMs }, at) => [
      String(size),
      rawMs,
      ...names.flatMap((name): Cell[] => [
        (ms.get(name) ?? NaN) - rawMs,
        growths.get(name)?.[at],
      ]),
      cpuMs,
      tokens,
    ]),
  };
}

/** Returns the growth up to each size; none up to the first. */
function growthOf(measured: readonly Measured[], name: string): readonly (number | undefined)[] {
  return [undefined, ...growthPerDoubling(costsOf(measured, name))];
}

function targetsOf(measured: readonly Measured[]): readonly Target[] {
  const costs = costsOf(measured, bundle.name);
  const large = costs.filter(({ size }) => size >= LARGE);
  return [
    {
      what: `a list of ${OF_CONTAINERS} above a raw fetch, ms`,
      found: costs.find(({ size }) => size === OF_CONTAINERS)?.cost,
      bound: "at most",
      limit: MOST_MS_ABOVE,
    },
    {
      what: `growth of a list per doubling, from ${LARGE} on`,
      found: Math.max(...growthPerDoubling(large).flatMap((growth) => growth ?? [])),
      bound: "at most",
      limit: MOST_GROWTH,
    },
  ];
}
