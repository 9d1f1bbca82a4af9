/**
 * Amounts that quotas count, and how they are written.
 *
 * @module
 */
import type { Limits } from "../../client/mod.ts";
import { parseCpu, parseSize } from "../../client/internal.ts";
import { formatBytes } from "../text/format.ts";

/** Resources that quotas sum over containers. */
export const limitedResources = ["containers", "cpu", "memory", "disk"] as const;

/** Resource that quotas sum over containers. */
export type LimitedResource = typeof limitedResources[number];

/**
 * Amount of each resource: containers, thousandths of a CPU (integers, so that sums are exact), bytes,
 * bytes; `undefined` if it is unknown.
 */
export type Amounts = Readonly<Record<LimitedResource, number | undefined>>;

/** Returns what a container with these limits counts as; a set of CPUs counts the CPUs in it. */
export function amountsOf({ cpu, memory, disk }: Limits): Amounts {
  const cpus = parseCpu(cpu ?? "")?.cpus;
  return {
    containers: 1,
    cpu: cpus === undefined ? undefined : Math.ceil(thousandths(cpus)),
    memory: parseSize(memory ?? ""),
    disk: parseSize(disk ?? ""),
  };
}

/** Returns thousandths of a CPU, without the rounding error of the product. */
export function thousandths(cpus: number): number {
  return Math.round(cpus * 1_000_000) / 1_000;
}

/** Returns an amount in the unit that results have: containers, CPUs, bytes. */
export function inUnits(resource: LimitedResource, amount: number): number {
  return resource === "cpu" ? amount / 1_000 : amount;
}

/** Formats an amount in that unit: `14`, `64.0 GB`. */
export function formatUnits(resource: LimitedResource | "snapshots", units: number): string {
  switch (resource) {
    case "containers":
    case "cpu":
    case "snapshots":
      return String(units);
    case "memory":
    case "disk":
      return formatBytes(units);
  }
}
