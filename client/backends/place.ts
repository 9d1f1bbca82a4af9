import { ContainariumError } from "../errors.ts";
import { parseCpu, parseShare, parseSize } from "../containers/quantities.ts";
import type { Limits } from "../containers/container.ts";
import { type Backend, type Capacity, headroomOf } from "./backend.ts";

/** Placement of a container. */
export interface Placement<Demand extends Limits = Limits> {
  /** The demand. */
  readonly demand: Demand;
  /** The host. */
  readonly backend: Backend;
  /** Whether its limits fit the host's headroom; `undefined` if that is unknown. */
  readonly fits: boolean | undefined;
}

const resources = ["cpu", "memory", "disk"] as const;
type Resource = typeof resources[number];

/** A host with what has been placed on it. */
interface Site {
  readonly backend: Backend;
  placed: number;
  readonly left: Partial<Record<Resource, number>>;
}

/**
 * Chooses a host for each of several new containers, in order: the one whose scarcest of CPU,
 * memory and disk has the largest share left afterwards. Hosts that do not report their capacity
 * come last, and ties go to the host with the fewest containers. Overcommit is allowed: a container
 * that fits nowhere is still placed, with `fits: false`.
 *
 * @param backends Hosts, from `client.backends.list()`. Only healthy ones are chosen
 * @param demands Limits of each container, in the daemon's format; absent ones count as nothing
 * @typeParam Demand Demand, returned with its place
 * @returns A place for each demand, in their order
 * @throws {ContainariumError} `failed_precondition` when no host is healthy
 */
export function placeByHeadroom<Demand extends Limits>(
  backends: readonly Backend[],
  demands: readonly Demand[],
): readonly Placement<Demand>[] {
  const sites = backends.filter(({ healthy }) => healthy).map(siteOf);
  return demands.map((demand) => {
    const [best, ...others] = sites.map((site) => ({ site, after: leftAfter(site, demand) }));
    if (best === undefined) {
      throw new ContainariumError(
        "failed_precondition",
        "No backend is healthy, so nothing can be placed",
      );
    }
    const { site, after } = others.reduce((a, b) => isBetter(b, a) ? b : a, best);
    Object.assign(site.left, after);
    site.placed += 1;
    const known = Object.values(after);
    return {
      demand,
      backend: site.backend,
      fits: known.length === 0 ? undefined : known.every((left) => left >= 0),
    };
  });
}

function siteOf(backend: Backend): Site {
  const left: Site["left"] = {};
  for (const resource of resources) {
    const capacity = backend[resource];
    if (capacity !== undefined) left[resource] = headroomOf(capacity);
  }
  return { backend, placed: 0, left };
}

function leftAfter({ backend, left }: Site, demand: Limits): Site["left"] {
  const after: Site["left"] = {};
  for (const resource of resources) {
    const [now, capacity] = [left[resource], backend[resource]];
    if (now === undefined || capacity === undefined) continue;
    after[resource] = now - amountOf(resource, demand[resource] ?? "", capacity);
  }
  return after;
}

function amountOf(resource: Resource, limit: string, { total }: Capacity): number {
  switch (resource) {
    case "cpu":
      return parseCpu(limit)?.cpus ?? 0;
    case "memory":
      return parseSize(limit) ?? (parseShare(limit) ?? 0) / 100 * total;
    case "disk":
      return parseSize(limit) ?? 0;
  }
}

interface Candidate {
  readonly site: Site;
  readonly after: Site["left"];
}

function isBetter(one: Candidate, other: Candidate): boolean {
  const [a, b] = [scarcest(one), scarcest(other)];
  return a === b ? crowd(one.site) < crowd(other.site) : a > b;
}

/** Returns the share left of the scarcest resource. */
function scarcest({ site, after }: Candidate): number {
  const shares = resources.flatMap((resource) => {
    const [left, total] = [after[resource], site.backend[resource]?.total];
    return left === undefined || total === undefined ? [] : [left / total];
  });
  return shares.length === 0 ? -Infinity : Math.min(...shares);
}

function crowd({ backend, placed }: Site): number {
  return backend.containers + placed;
}
