/** A request of several megabytes. @module */
import { BenchDaemon } from "./bench_daemon.ts";
import type { BenchContext } from "./bench_context.ts";
import { interleave } from "./interleave.ts";
import { Lineup } from "./lineup.ts";
import type { Section } from "./section.ts";
import { type AtSize, growthPerDoubling, median } from "./statistics.ts";
import { bundle } from "./subject.ts";
import type { WireClient } from "./wire_client.ts";

const SIZES_MB = [1.25, 2.5, 5] as const;
const MEGABYTE = 1_000_000;
/** Linear is 2, quadratic 4. What no longer fits the caches, and collections, add some. */
const MOST_GROWTH = 2.5;

/** Measures requests that carry ever more text. */
export async function measureLongLine({ plan, servers }: BenchContext): Promise<Section> {
  await using daemon = await BenchDaemon.start();
  const send = (client: WireClient, megabytes: number) =>
    client.request("tools/list", { _meta: { text: "x".repeat(megabytes * MEGABYTE) } });
  await using lineup = await Lineup.open({
    subjects: servers,
    target: daemon,
    what: "long lines",
    attempt: (client) => send(client, 1),
  });
  const works = lineup.members.flatMap(({ name, client }) =>
    SIZES_MB.map((megabytes) => ({
      name: `${name}, ${megabytes} MB`,
      run: async () => (await send(client, megabytes)).ms,
    }))
  );
  const times = await interleave(works, { warmUp: 2, runs: plan.longLines });
  const costsOf = (name: string): readonly AtSize[] =>
    SIZES_MB.map((size) => ({ size, cost: median(times.get(`${name}, ${size} MB`) ?? []) }));
  return {
    tables: [{
      title: "A line that is long, to its answer (tools/list)",
      columns: ["program", ...SIZES_MB.map((size) => `${size} MB, ms`), "per doubling"],
      rows: lineup.members.map(({ name }) => [
        name,
        ...costsOf(name).map(({ cost }) => cost),
        growthPerDoubling(costsOf(name)).at(-1),
      ]),
    }],
    targets: [{
      what: "growth of a long line per doubling",
      found: growthPerDoubling(costsOf(bundle.name)).at(-1),
      bound: "at most",
      limit: MOST_GROWTH,
    }],
    notes: lineup.notes,
  };
}
