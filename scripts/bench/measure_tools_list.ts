/** What a client pays to learn of the tools. @module */
import { tokensIn } from "../tokens.ts";
import { BenchDaemon } from "./bench_daemon.ts";
import type { BenchContext } from "./bench_context.ts";
import { interleave } from "./interleave.ts";
import { Lineup } from "./lineup.ts";
import type { Section } from "./section.ts";
import { median } from "./statistics.ts";
import type { WireClient } from "./wire_client.ts";

const AT_A_TIME = 10;
const WARM_UP = 10;

/** Measures `tools/list`. */
export async function measureToolsList({ plan, servers }: BenchContext): Promise<Section> {
  await using daemon = await BenchDaemon.start();
  const list = (client: WireClient) => client.request("tools/list", {});
  await using lineup = await Lineup.open({
    subjects: servers,
    target: daemon,
    what: "tools/list",
    attempt: list,
  });
  const works = lineup.members.map(({ name, client }) => ({ name, run: () => list(client) }));
  const arrivals = await interleave(works, {
    warmUp: WARM_UP,
    runs: plan.calls,
    atATime: AT_A_TIME,
  });
  return {
    tables: [{
      title: "tools/list",
      columns: ["program", "ms", "bytes", "tools", "tokens"],
      rows: [...arrivals].map(([name, lists]) => {
        const tools = lists[0]?.result.tools;
        const listed: readonly Readonly<Record<string, unknown>>[] = Array.isArray(tools)
          ? tools
          : [];
        return [
          name,
          median(lists.map(({ ms }) => ms)),
          lists[0]?.bytes,
          String(listed.length),
          tokensIn(JSON.stringify(listed.map(whatModelsSee))),
        ];
      }),
    }],
    targets: [],
    notes: lineup.notes,
  };
}

/** Returns the parts of a tool that clients pass on to a model. */
function whatModelsSee(tool: Readonly<Record<string, unknown>>): unknown {
  const { name, title, description, inputSchema } = tool;
  return { name, title, description, inputSchema };
}
