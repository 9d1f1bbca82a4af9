/** Memory after many calls. @module */
import { BenchDaemon } from "./bench_daemon.ts";
import type { BenchContext } from "./bench_context.ts";
import { Lineup } from "./lineup.ts";
import { statOf } from "./process_stat.ts";
import type { Section } from "./section.ts";
import { bundleWith } from "./subject.ts";

/** Issue 12. */
const MOST_MIB = 110;
const AT_A_TIME = 100;

/** Measures it with V8's defaults, and with the flags of the binary. */
export async function measureMemory(
  { plan, servers, binaryFlags }: BenchContext,
): Promise<Section> {
  await using daemon = await BenchDaemon.start();
  const flagged = bundleWith("bundle, V8 as in the binary", binaryFlags);
  const args = { username: "alice" };
  await using lineup = await Lineup.open({
    subjects: [...servers, flagged],
    target: daemon,
    what: "memory after many calls",
    attempt: (client) => client.call("get_container", args),
  });
  for (let done = 0; done < plan.manyCalls; done += AT_A_TIME) {
    for (const { client } of lineup.members) {
      for (let i = 0; i < AT_A_TIME; i++) await client.call("get_container", args);
    }
  }
  const memories = new Map<string, number | undefined>();
  for (const { name, client } of lineup.members) {
    memories.set(name, (await statOf(client.pid))?.memoryMiB);
  }
  return {
    tables: [{
      title: `Memory after ${plan.manyCalls} get_container`,
      columns: ["program", "MiB"],
      rows: [...memories].map(([name, memory]) => [name, memory]),
    }],
    targets: [{
      what: `memory after ${plan.manyCalls} calls, MiB (V8 as in the binary)`,
      found: memories.get(flagged.name),
      bound: "at most",
      limit: MOST_MIB,
    }],
    notes: lineup.notes,
  };
}
