/**
 * What containers use during an interval: counters read twice, and the CPU measured inside.
 *
 * @module
 */
import { z } from "zod";
import { ContainariumError, type ContainerMetrics } from "../../client/mod.ts";
import { type CpuSample, oneLine, sampleCpu, visible } from "../../client/internal.ts";
import { formatNames } from "../text/format.ts";
import type { ToolContext } from "../tool.ts";
import { toTenths } from "./usage.ts";

/** Rates of one container in a result. */
export const rateFields = {
  "cpu_percent": z.number().optional().describe("CPU used, percent of one core: 200 is two cores"),
  "cpu_percent_resolution": z.number().optional().describe("Precision of cpu_percent"),
  "network_rx_bytes_per_second": z.number().optional().describe("Received"),
  "network_tx_bytes_per_second": z.number().optional().describe("Sent"),
};

/** Rates of one container. */
export type Rate = z.infer<z.ZodObject<typeof rateFields>>;

/** Maximum number of containers measured inside at a time: each takes a terminal. */
const MAX_MEASURED = 8;
/** How much longer than requested a measurement may take. */
const GRACE_MS = 10_000;

/** Measurements inside the containers, by name. */
export interface Inside {
  /** Measurements. */
  readonly samples: ReadonlyMap<string, CpuSample>;
  /** Why there is no measurement of the others, by name. */
  readonly failures: ReadonlyMap<string, string>;
}

/** Measures the running containers inside, as far as the token and the containers allow. */
export async function sampleInside(
  found: readonly ContainerMetrics[],
  seconds: number,
  { client, signal }: ToolContext,
): Promise<Inside> {
  const samples = new Map<string, CpuSample>();
  const failures = new Map<string, string>();
  const running = found.filter(isRunning);
  const mayEnter = await mayUseTerminals(client);
  // If there are too many, measures those that have used most CPU so far.
  const order = running.toSorted((a, b) => b.cpuSeconds - a.cpuSeconds);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(seconds * 1_000 + GRACE_MS)]);
  await Promise.all(order.map(async ({ name, username }, at) => {
    if (username === undefined) return void failures.set(name, "it is the daemon's own");
    if (!mayEnter) return void failures.set(name, "the token lacks the scope containers:write");
    if (at >= MAX_MEASURED) {
      return void failures.set(name, `only ${MAX_MEASURED} are measured at a time`);
    }
    try {
      samples.set(name, await sampleCpu(client.terminal(username), { seconds, signal: limit }));
    } catch (error) {
      if (signal.aborted) throw error;
      failures.set(name, limit.aborted ? "it took too long" : reasonOf(error));
    }
  }));
  return { samples, failures };
}

function reasonOf(error: unknown): string {
  if (error instanceof ContainariumError) return oneLine(error.message);
  throw error;
}

/** Whether the token may run commands in this container. */
async function mayUseTerminals(client: ToolContext["client"]): Promise<boolean> {
  const { scopes } = await client.tokenClaims() ?? {};
  if (scopes === undefined || scopes.includes("*")) return true;
  return scopes.includes("containers:read") && scopes.includes("containers:write");
}

/** Returns whether a container is running: one that is stopped uses only its disk. */
export function isRunning({ processCount, memoryBytes }: ContainerMetrics): boolean {
  return processCount > 0 || memoryBytes > 0;
}

/**
 * Returns the rates between two readings of the daemon; none for a container that is new. A counter that
 * decreased was reset.
 */
export function rateOf(
  now: ContainerMetrics,
  first: readonly ContainerMetrics[],
  seconds: number,
  sample: CpuSample | undefined,
): Rate {
  const before = first.find(({ name }) => name === now.name);
  if (before === undefined) return {};
  const per = (later: number, earlier: number) => Math.max(0, later - earlier) / seconds;
  return {
    cpu_percent: toTenths(sample?.cpuPercent ?? 100 * per(now.cpuSeconds, before.cpuSeconds)),
    cpu_percent_resolution: toTenths(
      sample?.resolutionPercent ?? (isRunning(now) ? wholeSecondsPercent(seconds) : 0),
    ),
    network_rx_bytes_per_second: Math.round(per(now.networkRxBytes, before.networkRxBytes)),
    network_tx_bytes_per_second: Math.round(per(now.networkTxBytes, before.networkTxBytes)),
  };
}

/** The daemon counts whole seconds of CPU time. */
function wholeSecondsPercent(seconds: number): number {
  return 100 / seconds;
}

/** Returns a warning for each reason why containers were not measured inside. */
export function coarseWarnings({ failures }: Inside, seconds: number): readonly string[] {
  const byReason = Map.groupBy(failures, ([, reason]) => reason);
  return [...byReason].map(([reason, failed]) => {
    const names = formatNames(failed.map(([name]) => visible(name)));
    return `cpu_percent of ${names} is from the daemon's count of whole seconds, exact to ` +
      `${toTenths(wholeSecondsPercent(seconds))}, as it was not measured inside: ${reason}. ` +
      "For a precision of 1, pass sample_seconds=100.";
  });
}
