/** Takes turns between programs, so that other load on the machine affects all of them. @module */

/** Something that is measured many times. */
export interface Work<T> {
  /** What it is called. */
  readonly name: string;
  /** Does it once. */
  readonly run: () => Promise<T>;
}

/** How often. */
export interface Turns {
  /** Runs before anything counts. */
  readonly warmUp: number;
  /** Runs of each that count. */
  readonly runs: number;
  /** Runs of one before it is another's turn. @default {1} */
  readonly atATime?: number;
}

/** Runs each work as often as the others, in turns. Returns what they returned, in order. */
export async function interleave<T>(
  works: readonly Work<T>[],
  { warmUp, runs, atATime = 1 }: Turns,
): Promise<ReadonlyMap<string, readonly T[]>> {
  for (const { run } of works) for (let i = 0; i < warmUp; i++) await run();
  const results = new Map(works.map(({ name }): [string, T[]] => [name, []]));
  for (let done = 0; done < runs; done += atATime) {
    for (const { name, run } of works) {
      const count = Math.min(atATime, runs - done);
      for (let i = 0; i < count; i++) results.get(name)?.push(await run());
    }
  }
  return results;
}

/** Measures one run. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
