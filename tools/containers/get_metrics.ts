import { z } from "zod";
import type { ContainerMetrics } from "../../client/mod.ts";
import { formatBytes, formatTable } from "../format.ts";
import { username } from "../schemas.ts";
import { defineTool } from "../tool.ts";

const metrics = z.strictObject({
  name: z.string().describe("Name of the container"),
  username: z.string().optional().describe("Owner; absent for the daemon's own containers"),
  cpu_seconds: z.number().describe("CPU time since it started, s"),
  memory_bytes: z.number().describe("Memory in use"),
  memory_peak_bytes: z.number().describe("Most memory used since it started"),
  disk_bytes: z.number().describe("Disk in use"),
  network_rx_bytes: z.number().describe("Received since it started"),
  network_tx_bytes: z.number().describe("Sent since it started"),
  process_count: z.number().describe("Processes running"),
});

/** What containers use; `GET /v1/metrics`, `GET /v1/metrics/{username}`. */
export const getMetrics = defineTool({
  name: "get_metrics",
  title: "Get metrics",
  description: "Show what one container, or every container, uses of CPU, memory, disk and " +
    "network. A stopped one shows zeros.",
  effect: "read",
  idempotent: true,
  scopes: ["containers:read"],
  input: z.strictObject({
    username: username.optional().describe("Whose container, e.g. alice; all when absent"),
  }),
  output: z.strictObject({ containers: z.array(metrics) }),

  run: async ({ username }, { client, signal }) => {
    const found = username === undefined
      ? await client.metrics.list({ signal })
      : [await client.metrics.get(username, { signal })];
    return { containers: found.map(metricsAnswer) };
  },

  render: ({ containers }) => {
    if (containers.length === 0) return "No containers.";
    const rows = containers.map((from) => [
      from.username ?? from.name,
      String(from.cpu_seconds),
      formatBytes(from.memory_bytes),
      formatBytes(from.memory_peak_bytes),
      formatBytes(from.disk_bytes),
      formatBytes(from.network_rx_bytes),
      formatBytes(from.network_tx_bytes),
      String(from.process_count),
    ]);
    return formatTable(
      ["username", "cpu_s", "memory", "peak", "disk", "net_rx", "net_tx", "processes"],
      rows,
    );
  },
});

function metricsAnswer(from: ContainerMetrics): z.infer<typeof metrics> {
  return {
    name: from.name,
    username: from.username,
    cpu_seconds: from.cpuSeconds,
    memory_bytes: from.memoryBytes,
    memory_peak_bytes: from.memoryPeakBytes,
    disk_bytes: from.diskBytes,
    network_rx_bytes: from.networkRxBytes,
    network_tx_bytes: from.networkTxBytes,
    process_count: from.processCount,
  };
}
