import { z } from "zod";
import type { CallOptions, ContainariumClient, ContainerMetrics } from "../../client/mod.ts";
import { delay } from "../../client/mod.ts";
import { formatBytes, formatTable } from "../format.ts";
import { username } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { metrics, metricsAnswer, metricsFacts } from "./usage.ts";

const rates = z.strictObject({
  name: z.string().describe("Name of the container"),
  cpu_percent: z.number().describe("CPU used; 100 is one CPU"),
  network_rx_bytes_per_second: z.number().describe("Received"),
  network_tx_bytes_per_second: z.number().describe("Sent"),
});

const totals = z.strictObject({
  memory_bytes: z.number().describe("Memory in use"),
  disk_bytes: z.number().describe("Disk in use"),
  process_count: z.number().describe("Processes running"),
});

/** What containers use; `GET /v1/metrics`, `GET /v1/metrics/{username}`. */
export const getMetrics = defineTool({
  name: "get_metrics",
  title: "Get metrics",
  description: "Show what one container, or every container, uses of CPU, memory, disk and " +
    "network, since it started; with sample_seconds the rates now. A stopped one shows zeros.",
  effect: "read",
  idempotent: true,
  scopes: [],
  input: z.strictObject({
    username: username.optional().describe("Whose container, e.g. alice; all when absent"),
    sample_seconds: z.int().min(5).max(60).optional()
      .describe("Measure twice, so far apart: CPU % and bytes/s"),
  }),
  output: z.strictObject({
    containers: z.array(metrics),
    totals,
    rates: z.array(rates).optional().describe("With sample_seconds: the rates between the samples"),
    cpu_percent_resolution: z.number().optional()
      .describe("With sample_seconds: cpu_percent is exact to so much"),
  }),

  run: async ({ username, sample_seconds: seconds }, { client, signal, progress }) => {
    const first = await sample(client, username, { signal });
    if (seconds === undefined) return answer(first);
    const started = performance.now();
    progress(1, 2, `First sample taken; the second follows in ${seconds} s`);
    await delay(seconds * 1_000, signal);
    const second = await sample(client, username, { signal });
    const elapsedSeconds = (performance.now() - started) / 1_000;
    return {
      ...answer(second),
      rates: second.flatMap((now) => rateOf(now, first, elapsedSeconds)),
      // The daemon counts whole seconds.
      cpu_percent_resolution: round(100 / elapsedSeconds),
    };
  },

  render: ({ containers, totals, rates = [], cpu_percent_resolution: resolution }) => {
    if (containers.length === 0) return "No containers.";
    const facts = containers.map((from) => {
      const rate = rates.find(({ name }) => name === from.name);
      return { username: from.username ?? from.name, ...metricsFacts(from), ...rateFacts(rate) };
    });
    const header = Object.keys(Object.assign({}, ...facts));
    const table = formatTable(
      header,
      facts.map((fact: Readonly<Record<string, string>>) => header.map((key) => fact[key] ?? "")),
    );
    const sum = containers.length < 2
      ? ""
      : `\nin all: memory ${formatBytes(totals.memory_bytes)}, ` +
        `disk ${formatBytes(totals.disk_bytes)}, ${totals.process_count} processes`;
    return table + sum + (resolution === undefined ? "" : `\ncpu_% is exact to ${resolution}`);
  },
});

async function sample(
  client: ContainariumClient,
  username: string | undefined,
  options: CallOptions,
): Promise<readonly ContainerMetrics[]> {
  return username === undefined
    ? await client.metrics.list(options)
    : [await client.metrics.get(username, options)];
}

function answer(
  found: readonly ContainerMetrics[],
): { containers: z.infer<typeof metrics>[]; totals: z.infer<typeof totals> } {
  const sum = (of: (from: ContainerMetrics) => number) =>
    found.reduce((total, from) => total + of(from), 0);
  return {
    containers: found.map(metricsAnswer),
    totals: {
      memory_bytes: sum(({ memoryBytes }) => memoryBytes),
      disk_bytes: sum(({ diskBytes }) => diskBytes),
      process_count: sum(({ processCount }) => processCount),
    },
  };
}

/** Nothing for a container that was not there before; counters that fell were started anew. */
function rateOf(
  now: ContainerMetrics,
  first: readonly ContainerMetrics[],
  seconds: number,
): z.infer<typeof rates>[] {
  const before = first.find(({ name }) => name === now.name);
  if (before === undefined) return [];
  const per = (later: number, earlier: number) => Math.max(0, later - earlier) / seconds;
  return [{
    name: now.name,
    cpu_percent: round(100 * per(now.cpuSeconds, before.cpuSeconds)),
    network_rx_bytes_per_second: Math.round(per(now.networkRxBytes, before.networkRxBytes)),
    network_tx_bytes_per_second: Math.round(per(now.networkTxBytes, before.networkTxBytes)),
  }];
}

function rateFacts(
  rate: z.infer<typeof rates> | undefined,
): Readonly<Record<string, string>> {
  return rate === undefined ? {} : {
    "cpu_%": String(rate.cpu_percent),
    "rx/s": formatBytes(rate.network_rx_bytes_per_second),
    "tx/s": formatBytes(rate.network_tx_bytes_per_second),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
