/** Calls side by side, and beside one that takes long. @module */
import { delay } from "../../client/internal.ts";
import { atOnce } from "./at_once.ts";
import { BenchDaemon } from "./bench_daemon.ts";
import type { BenchContext } from "./bench_context.ts";
import { usernameAt } from "./daemon_setup.ts";
import { interleave, timed } from "./interleave.ts";
import { Lineup } from "./lineup.ts";
import type { Section } from "./section.ts";
import { median } from "./statistics.ts";
import { bareLoop, bundle } from "./subject.ts";
import type { WireClient } from "./wire_client.ts";

const CALLS = 200;
/** One by one they take long, so fewer are measured. */
const SERIAL_CALLS = 50;
const IN_FLIGHT = 32;
const LATENCY_MS = 20;
/** Issue 16. */
const LEAST_TIMES = 15;
const MOST_MS_BEHIND_CREATE = 10;
const CREATE_MS = 2_000;

/** Measures a burst of calls, each for another container, to a daemon that takes a while for each request. */
export async function measureBurst({ plan, servers }: BenchContext): Promise<Section> {
  await using daemon = await BenchDaemon.start({ latencyMs: LATENCY_MS, containers: CALLS });
  const getMetrics = (client: WireClient, at: number) =>
    client.call("get_metrics", { username: usernameAt(at) });
  await using lineup = await Lineup.open({
    subjects: [bareLoop, ...servers],
    target: daemon,
    what: "calls side by side",
    attempt: (client) => getMetrics(client, 0),
  });
  const works = lineup.members.flatMap(({ name, client, subject }) => {
    const call = (at: number) => getMetrics(client, at);
    const serial = {
      name: `${name}, one by one`,
      run: async () => await timed(() => atOnce(SERIAL_CALLS, 1, call)) * CALLS / SERIAL_CALLS,
    };
    const burst = {
      name: `${name}, ${IN_FLIGHT} in flight`,
      run: () => timed(() => atOnce(CALLS, IN_FLIGHT, call)),
    };
    // The loop does one thing at a time, whatever it is asked.
    return subject.kind === "loop" ? [serial] : [serial, burst];
  });
  const times = await interleave(works, { warmUp: 1, runs: plan.bursts });
  const at = (name: string) => median(times.get(name) ?? []);
  const serialMs = at(`${bundle.name}, one by one`);
  return {
    tables: [{
      title: `${CALLS} get_metrics, ${LATENCY_MS} ms in the daemon for each request`,
      columns: ["program", "ms", "× as fast"],
      rows: [...times].map(([name, all]) => [name, median(all), serialMs / median(all)]),
    }],
    targets: [{
      what: `${CALLS} calls, ${IN_FLIGHT} in flight, × as fast as one by one`,
      found: serialMs / at(`${bundle.name}, ${IN_FLIGHT} in flight`),
      bound: "at least",
      limit: LEAST_TIMES,
    }],
    notes: lineup.notes,
  };
}

/** Measures `tools/list` while a container is created. */
export async function measureBehindCreate({ servers }: BenchContext): Promise<Section> {
  await using daemon = await BenchDaemon.start({
    delays: { creatingMs: CREATE_MS, syncCreateMs: CREATE_MS },
  });
  const list = (client: WireClient) => client.request("tools/list", {});
  await using lineup = await Lineup.open({
    subjects: servers,
    target: daemon,
    what: "tools/list behind a create",
    attempt: async (client) => {
      for (let i = 0; i < 20; i++) await list(client);
      await client.call("list_containers");
    },
  });
  const rows: [string, number, number, number, number][] = [];
  for (const { name, client } of lineup.members) {
    const before = await spacedLists(client, list);
    const creation = timed(() => client.call("create_container", { username: `u${rows.length}` }));
    const behind = await spacedLists(client, list);
    rows.push([name, median(before), median(behind), Math.max(...behind), await creation]);
  }
  return {
    tables: [{
      title: `tools/list while a container is created, which takes ${CREATE_MS} ms`,
      columns: ["program", "before it, ms", "during it, ms", "slowest, ms", "the create, ms"],
      rows,
    }],
    targets: [{
      what: "tools/list behind a create, ms",
      found: rows.find(([name]) => name === bundle.name)?.[2],
      bound: "at most",
      limit: MOST_MS_BEHIND_CREATE,
    }],
    notes: lineup.notes,
  };
}

/** Lists the tools several times in most of the time that a create takes. */
async function spacedLists(
  client: WireClient,
  list: (client: WireClient) => Promise<{ readonly ms: number }>,
): Promise<readonly number[]> {
  const times: number[] = [];
  const count = 20;
  for (let i = 0; i < count; i++) {
    times.push((await list(client)).ms);
    await delay(CREATE_MS * 0.8 / count);
  }
  return times;
}
