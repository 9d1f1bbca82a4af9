import { z } from "zod";
import { seconds } from "../fields.ts";
import type {
  CallOptions,
  ContainariumClient,
  Container,
  ContainerMetrics,
  HostFacts,
} from "../../client/mod.ts";
import { delay, parseShare } from "../../client/internal.ts";
import { formatBytes, formatTable } from "../text/format.ts";
import { fleetViewUri } from "../fleet_view/fleet_view_uri.ts";
import { distinctWarnings, warnings } from "../host/limits.ts";
import { username } from "../schemas.ts";
import { defineTool, type ToolContext } from "../tool.ts";
import { coarseWarnings, type Rate, rateFields, rateOf, sampleInside } from "./rates.ts";
import { memoryLimitBytes, metrics, metricsAnswer, metricsFacts } from "./usage.ts";
import { readOr } from "../read_or.ts";

const row = metrics.extend(rateFields);

type Row = z.infer<typeof row>;

const totals = z.strictObject({
  memory_bytes: z.number().describe("Memory in use"),
  disk_bytes: z.number().describe("Disk in use"),
  process_count: z.number().describe("Running processes"),
});

const sorts = ["cpu", "memory", "disk"] as const;

/** Shows what containers use; `GET /v1/metrics`, `GET /v1/metrics/{username}`. */
export const getMetrics = defineTool({
  name: "get_metrics",
  title: "Get metrics",
  description: "Show how much CPU, memory, disk and network one container or every container has " +
    "used since it started: who used or is eating the most. sample_seconds gives current rates. " +
    "A stopped one shows zeros.",
  effect: "read",
  idempotent: true,
  scopes: [],
  view: fleetViewUri,
  input: z.strictObject({
    username: username.optional().describe("Owner, e.g. alice; default: all"),
    sample_seconds: seconds.min(1).max(120).optional()
      .describe("How long to measure: CPU in percent of one core, bytes/s"),
    sort: z.enum(sorts).optional().describe("Highest first"),
    limit: z.int().min(1).max(500).optional().describe("Maximum number"),
  }),
  output: z.strictObject({
    containers: z.array(row),
    omitted: z.number().optional().describe("Containers not shown because of limit; absent: none"),
    totals: totals.optional().describe(
      "Totals of all containers, shown or not, if there are several",
    ),
    warnings,
  }),

  run: async ({ username, sample_seconds: seconds, sort, limit }, context) => {
    const { client, signal } = context;
    const [first, limits] = await Promise.all([
      sample(client, username, { signal }),
      memoryLimits(client, username, { signal }),
    ]);
    const { now, rates, warnings } = seconds === undefined
      ? { now: first, rates: new Map<string, Rate>(), warnings: [] }
      : await watch(first, seconds, username, context);
    const rows = now.map((one): Row => ({
      ...metricsAnswer(one, limits.get(one.username)),
      ...rates.get(one.name),
    }));
    const shown = sorted(rows, sort).slice(0, limit);
    return {
      containers: shown,
      omitted: rows.length - shown.length || undefined,
      totals: now.length < 2 ? undefined : sumOf(now),
      warnings: distinctWarnings(warnings),
    };
  },

  render: ({ containers, omitted = 0, totals, warnings = [] }) => {
    if (containers.length === 0) return "No containers.";
    const facts = containers.map((from) => ({
      username: from.username ?? from.name ?? "",
      ...metricsFacts(from),
      ...rateFacts(from),
    }));
    const header = Object.keys(Object.assign({}, ...facts));
    const table = formatTable(
      header,
      facts.map((fact: Readonly<Record<string, string>>) => header.map((key) => fact[key] ?? "")),
    );
    return [
      table,
      ...(totals === undefined ? [] : [
        `in all: memory ${formatBytes(totals.memory_bytes)}, ` +
        `disk ${formatBytes(totals.disk_bytes)}, ${totals.process_count} processes`,
      ]),
      ...(omitted === 0 ? [] : [`${omitted} more are not shown`]),
      ...(header.includes("cpu_%") ? ["cpu_%: percent of one core"] : []),
      ...warnings,
    ].join("\n");
  },
});

/** Reads a second time after an interval, during which the containers are measured inside. */
async function watch(
  first: readonly ContainerMetrics[],
  seconds: number,
  username: string | undefined,
  context: ToolContext,
): Promise<
  { now: readonly ContainerMetrics[]; rates: Map<string, Rate>; warnings: readonly string[] }
> {
  const { client, signal, progress } = context;
  const started = performance.now();
  progress(1, 2, `First sample taken; the second follows in ${seconds} s`);
  const [inside] = await Promise.all([
    sampleInside(first, seconds, context),
    delay(seconds * 1_000, signal),
  ]);
  const now = await sample(client, username, { signal });
  const elapsed = (performance.now() - started) / 1_000;
  const rates = now.map((one): [string, Rate] => [
    one.name,
    rateOf(one, first, elapsed, inside.samples.get(one.name)),
  ]);
  return { now, rates: new Map(rates), warnings: coarseWarnings(inside, elapsed) };
}

async function sample(
  client: ContainariumClient,
  username: string | undefined,
  options: CallOptions,
): Promise<readonly ContainerMetrics[]> {
  return username === undefined
    ? await client.metrics.list(options)
    : [await client.metrics.get(username, options)];
}

/** Returns memory limits by username; none if the token lacks the scope, which metrics do not need. */
async function memoryLimits(
  client: ContainariumClient,
  username: string | undefined,
  options: CallOptions,
): Promise<ReadonlyMap<string | undefined, number | undefined>> {
  return await readOr(async () => {
    const containers = username === undefined
      ? await client.containers.list(options)
      : [await client.containers.get(username, options)];
    const hosts = await hostsOfShares(containers, client, options);
    return new Map(
      containers.map((one) => [one.username, memoryLimitBytes(one, hosts.get(one.backendId))]),
    );
  }, () => new Map<string, never>());
}

/** Returns the hosts of the containers whose limit is a share of their host's memory. */
async function hostsOfShares(
  containers: readonly Container[],
  client: ContainariumClient,
  options: CallOptions,
): Promise<ReadonlyMap<string | undefined, HostFacts | undefined>> {
  const shares = containers.filter(({ memory = "" }) => parseShare(memory) !== undefined);
  const hosts = new Map<string | undefined, HostFacts | undefined>();
  // Sequentially: the first call reads the hosts for all.
  for (const id of new Set(shares.map(({ backendId }) => backendId))) {
    hosts.set(id, await client.backends.hostOf(id, options));
  }
  return hosts;
}

function sumOf(found: readonly ContainerMetrics[]): z.infer<typeof totals> {
  const sum = (of: (from: ContainerMetrics) => number) =>
    found.reduce((total, from) => total + of(from), 0);
  return {
    memory_bytes: sum(({ memoryBytes }) => memoryBytes),
    disk_bytes: sum(({ diskBytes }) => diskBytes),
    process_count: sum(({ processCount }) => processCount),
  };
}

function sorted(rows: readonly Row[], sort: typeof sorts[number] | undefined): readonly Row[] {
  switch (sort) {
    case undefined:
      return rows;
    case "cpu":
      return rows.toSorted((a, b) =>
        (b.cpu_percent ?? 0) - (a.cpu_percent ?? 0) || b.cpu_seconds - a.cpu_seconds
      );
    case "memory":
      return rows.toSorted((a, b) => b.memory_bytes - a.memory_bytes);
    case "disk":
      return rows.toSorted((a, b) => b.disk_bytes - a.disk_bytes);
  }
}

function rateFacts(from: Row): Readonly<Record<string, string>> {
  const { cpu_percent: percent, cpu_percent_resolution: resolution } = from;
  const { network_rx_bytes_per_second: rx, network_tx_bytes_per_second: tx } = from;
  if (percent === undefined) return {};
  return {
    "cpu_%": resolution === 0 ? String(percent) : `${percent} ± ${resolution}`,
    "rx/s": formatBytes(rx ?? 0),
    "tx/s": formatBytes(tx ?? 0),
  };
}
