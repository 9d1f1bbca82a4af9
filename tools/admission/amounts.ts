import type { Limits } from "../../client/mod.ts";
import { parseCpu, parseSize } from "../../client/internal.ts";

/** What quotas sum over containers. */
export const limitedResources = ["containers", "cpu", "memory", "disk"] as const;

/** One of them. */
export type LimitedResource = typeof limitedResources[number];

/**
 * How much of each: containers, thousandths of a CPU (whole, so that sums are exact), bytes, bytes;
 * `undefined` if it is unknown.
 */
export type Amounts = Readonly<Record<LimitedResource, number | undefined>>;

/** What a container with these limits counts as; a set of CPUs counts as many as it holds. */
export function amountsOf({ cpu, memory, disk }: Limits): Amounts {
  const cpus = parseCpu(cpu ?? "")?.cpus;
  return {
    containers: 1,
    cpu: cpus === undefined ? undefined : Math.ceil(thousandths(cpus)),
    memory: parseSize(memory ?? ""),
    disk: parseSize(disk ?? ""),
  };
}

/** Thousandths of a CPU, without what a product of fractions is off by. */
export function thousandths(cpus: number): number {
  return Math.round(cpus * 1_000_000) / 1_000;
}
