/** Creating and deleting several containers. @module */
import { BenchDaemon } from "./bench_daemon.ts";
import type { BenchContext } from "./bench_context.ts";
import { timed } from "./interleave.ts";
import { Lineup } from "./lineup.ts";
import type { Section } from "./section.ts";
import type { WireClient } from "./wire_client.ts";

const CREATE_MS = 2_000;
const WAIT_SECONDS = 600;

type Way = (client: WireClient, usernames: readonly string[]) => Promise<unknown>;

const creating: Readonly<Record<string, Way>> = {
  "create_containers, one call": (client, usernames) =>
    client.call("create_containers", { usernames, wait_seconds: WAIT_SECONDS }),
  "create_container, all at once": (client, usernames) =>
    Promise.all(usernames.map((username) => client.call("create_container", { username }))),
};

const deleting: Readonly<Record<string, Way>> = {
  "delete_containers, one call": (client, usernames) =>
    client.call("delete_containers", { usernames, wait_seconds: WAIT_SECONDS }),
  "delete_container, all at once": (client, usernames) =>
    Promise.all(usernames.map((username) => client.call("delete_container", { username }))),
};

/** Measures both ways of creating and deleting several containers. */
export async function measureBulk({ plan, servers }: BenchContext): Promise<Section> {
  const count = plan.creations;
  await using daemon = await BenchDaemon.start({
    delays: { creatingMs: CREATE_MS, provisioningMs: 0, syncCreateMs: CREATE_MS, deleteMs: 100 },
  });
  await using lineup = await Lineup.open({
    subjects: servers.filter(({ kind }) => kind === "server"),
    target: daemon,
    what: "creating several",
    attempt: (client) => client.call("list_containers"),
  });
  const rows: [string, number, number, number][] = [];
  for (const { name, client } of lineup.members) {
    const ways = Object.entries(deleting);
    for (const [at, [way, create]] of Object.entries(creating).entries()) {
      const usernames = Array.from({ length: count }, (_, n) => `u${rows.length}-${at}-${n}`);
      const created = await measureOnce(daemon, () => create(client, usernames));
      rows.push([
        `${name}: ${way}`,
        created.ms,
        (count * CREATE_MS) / created.ms,
        created.requests,
      ]);
      const [deletion, remove] = ways[at] ?? [];
      if (deletion === undefined || remove === undefined) continue;
      const deleted = await measureOnce(daemon, () => remove(client, usernames));
      rows.push([`${name}: ${deletion}`, deleted.ms, (count * 100) / deleted.ms, deleted.requests]);
    }
  }
  return {
    tables: [{
      title: `${count} containers: a create takes ${CREATE_MS} ms, a delete 100 ms`,
      columns: ["way", "ms", "× as fast as one by one", "requests"],
      rows,
    }],
    targets: [],
    notes: lineup.notes,
  };
}

async function measureOnce(
  daemon: BenchDaemon,
  work: () => Promise<unknown>,
): Promise<{ readonly ms: number; readonly requests: number }> {
  const before = await daemon.requests();
  const ms = await timed(work);
  return { ms, requests: await daemon.requests() - before };
}
