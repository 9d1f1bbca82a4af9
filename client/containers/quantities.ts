/**
 * Sizes, CPU limits and durations, read by the daemon's own rules before anything is sent.
 *
 * @module
 */

const powers = ["", "k", "M", "G", "T", "P", "E"] as const;
const binaryPowers = ["", "K", "M", "G", "T", "P", "E"] as const;

/**
 * Reads an Incus byte size: `512MB`, `4GiB`, `1073741824`. Decimal and binary units differ. `4G`
 * and `4gb` are not valid.
 *
 * @returns Bytes, or `undefined` if it is not such a size or is zero
 */
export function parseSize(text: string): number | undefined {
  const [, digits, unit = ""] = /^(\d+)((?:[kMGTPE]?B|[KMGTPE]iB)?)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const bytes = Number(digits) * unitBytes(unit);
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined;
}

function unitBytes(unit: string): number {
  return unit.endsWith("iB")
    ? 1_024 ** binaryPowers.findIndex((power) => `${power}iB` === unit)
    : 1_000 ** Math.max(0, powers.findIndex((power) => `${power}B` === unit));
}

/**
 * Reads a share of the host's memory: `50%`.
 *
 * @returns 1 to 100, or `undefined`
 */
export function parseShare(text: string): number | undefined {
  const percent = Number(/^(\d{1,3})%$/.exec(text)?.[1]);
  return percent >= 1 && percent <= 100 ? percent : undefined;
}

/** A CPU limit: an amount of CPU time, or a set of CPUs to run on. */
export type CpuLimit =
  | {
    readonly kind: "amount";
    /** CPUs' worth of time, e.g. 0.25. */
    readonly cpus: number;
  }
  | {
    readonly kind: "set";
    /** How many CPUs the set holds. */
    readonly cpus: number;
    /** The highest CPU in it, counted from 0. */
    readonly highest: number;
  };

/** A set is read range by range, and each may be long. */
const MAX_SET_CHARS = 256;

/**
 * Reads a CPU limit: `4`, `0.5`, `250m`, or a set such as `0-3` or `0,2-4`.
 *
 * @returns `undefined` if it is not one, or is zero
 */
export function parseCpu(text: string): CpuLimit | undefined {
  const [, amount, milli] = /^(\d{1,9}(?:\.\d{1,9})?)(m?)$/.exec(text) ?? [];
  if (amount !== undefined) {
    if (milli === "m" && amount.includes(".")) return undefined;
    const cpus = Number(amount) / (milli === "m" ? 1_000 : 1);
    return cpus > 0 ? { kind: "amount", cpus } : undefined;
  }
  if (
    text.length > MAX_SET_CHARS || !/^\d{1,4}(?:-\d{1,4})?(?:,\d{1,4}(?:-\d{1,4})?)*$/.test(text)
  ) {
    return undefined;
  }
  const set = new Set<number>();
  for (const range of text.split(",")) {
    const [first = 0, last = first] = range.split("-").map(Number);
    if (last < first) return undefined;
    for (let cpu = first; cpu <= last; cpu++) set.add(cpu);
  }
  return { kind: "set", cpus: set.size, highest: Math.max(...set) };
}

/**
 * Returns whether two CPU limits are known to be the same: the daemon reports `0.25` as `250m`, and sets as they
 * were sent.
 */
export function isSameCpu(one: string, other: string): boolean {
  if (one === other) return true;
  const [first, second] = [parseCpu(one), parseCpu(other)];
  return first?.kind === "amount" && second?.kind === "amount" && first.cpus === second.cpus;
}

const unitSeconds: ReadonlyMap<string, number> = new Map([
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
]);

/** The longest time to live that the daemon accepts: 7 days, in seconds. */
export const maxTtlSeconds = 604_800;

/**
 * Reads a duration: `8h`, `90m`, `1h30m`, `7d`, `45s`.
 *
 * @returns Seconds, or `undefined` if it is not a duration, or is zero
 */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d{1,9}[dhms])+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, digits, unit] of text.matchAll(/(\d{1,9})([dhms])/g)) {
    seconds += Number(digits) * (unitSeconds.get(`${unit}`) ?? 0);
  }
  return seconds > 0 ? seconds : undefined;
}
