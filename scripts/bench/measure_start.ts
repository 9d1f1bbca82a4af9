/** From nothing to the first answer, and the memory that it takes. @module */
import type { Target } from "../../tests/connect.ts";
import { BenchDaemon } from "./bench_daemon.ts";
import type { BenchContext } from "./bench_context.ts";
import { interleave, type Work } from "./interleave.ts";
import { statOf } from "./process_stat.ts";
import type { Section } from "./section.ts";
import { median } from "./statistics.ts";
import { bareLoop, bundle, type Subject } from "./subject.ts";
import { NoResult, WireClient } from "./wire_client.ts";

/** Issue 12. */
const MOST_LOOPS = 3.5;
const MOST_MIB = 55;

type Opening = (client: WireClient) => Promise<{ readonly at: number }>;

const openings: Readonly<Record<string, Opening>> = {
  "2025-11-25": (client) => client.initialize(),
  "2026-07-28": (client) => client.discover(),
};

interface Start {
  readonly ms: number;
  readonly memoryMiB: number | undefined;
}

/** Measures starts in both revisions of MCP. */
export async function measureStart({ plan, servers }: BenchContext): Promise<Section> {
  await using daemon = await BenchDaemon.start();
  const notes: string[] = [];
  const works: Work<Start>[] = [];
  for (const subject of [bareLoop, ...servers]) {
    for (const [revision, open] of Object.entries(openings)) {
      const run = () => startOnce(subject, daemon, open);
      const why = await whyNot(subject, run);
      if (why === undefined) works.push({ name: `${subject.name}, ${revision}`, run });
      else notes.push(`start, ${subject.name}, ${revision}: ${why}`);
    }
  }
  const starts = await interleave(works, { warmUp: 1, runs: plan.starts });
  return sectionOf(starts, notes);
}

function sectionOf(
  starts: ReadonlyMap<string, readonly Start[]>,
  notes: readonly string[],
): Section {
  const figuresOf = (name: string) => {
    const found = starts.get(name) ?? [];
    const memories = found.flatMap(({ memoryMiB }) => memoryMiB ?? []);
    return {
      ms: median(found.map(({ ms }) => ms)),
      memoryMiB: memories.length === 0 ? undefined : median(memories),
    };
  };
  const loopMs = (name: string) => figuresOf(`${bareLoop.name}, ${name.split(", ")[1]}`).ms;
  const [ours] = Object.keys(openings).map((revision) => figuresOf(`${bundle.name}, ${revision}`));
  const worst = Math.max(
    ...Object.keys(openings).map((revision) => {
      const name = `${bundle.name}, ${revision}`;
      return figuresOf(name).ms / loopMs(name);
    }),
  );
  return {
    tables: [{
      title: "From the start to the first answer",
      columns: ["program, revision", "ms", "× loop", "MiB then"],
      rows: [...starts.keys()].map((name) => {
        const { ms, memoryMiB } = figuresOf(name);
        return [name, ms, ms / loopMs(name), memoryMiB];
      }),
    }],
    targets: [
      { what: "start, × loop", found: worst, bound: "at most", limit: MOST_LOOPS },
      { what: "memory, MiB", found: ours?.memoryMiB, bound: "at most", limit: MOST_MIB },
    ],
    notes,
  };
}

async function startOnce(subject: Subject, target: Target, open: Opening): Promise<Start> {
  await using client = new WireClient(subject.command(target), target);
  const { at } = await open(client);
  const stat = await statOf(client.pid);
  return { ms: at - client.startedAt, memoryMiB: stat?.memoryMiB };
}

/** Returns why a peer does not speak a revision. */
async function whyNot(
  { kind }: Subject,
  run: () => Promise<unknown>,
): Promise<string | undefined> {
  if (kind !== "peer") return undefined;
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof NoResult) return error.message.slice(0, 200);
    throw error;
  }
}
