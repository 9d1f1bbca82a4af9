/** The little arithmetic of a benchmark. @module */

/** Returns the value below which that share of the values lies, the nearest one that was measured. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** Returns the middle one, the upper of two. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** A size, and what was measured at it. */
export interface AtSize {
  /** How much there was, more than 0. */
  readonly size: number;
  /** What it cost. */
  readonly cost: number;
}

/**
 * Returns by how much the cost multiplies where the size doubles, from one size to the next: 2 is
 * linear, 4 quadratic, 1 independent of the size. `undefined` for a cost that is not above 0.
 */
export function growthPerDoubling(measured: readonly AtSize[]): readonly (number | undefined)[] {
  return measured.slice(1).map(({ size, cost }, at) => {
    const before = measured[at];
    if (before === undefined || before.cost <= 0 || cost <= 0) return undefined;
    return 2 ** (Math.log2(cost / before.cost) / Math.log2(size / before.size));
  });
}
