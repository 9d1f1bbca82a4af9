import { InFlightLimit } from "../client/internal.ts";

/** As many as wait for something else at most of their time can share a processor. */
const AT_ONCE = 4;

/** What is done in each step, by the step's name. */
export type Steps = Readonly<Record<string, () => Promise<void>>>;

/**
 * Does several steps of a test at the same time, and then reports each as a step of its own. For steps
 * that have nothing in common and wait most of the time.
 */
export async function stepsAtOnce(t: Deno.TestContext, steps: Steps): Promise<void> {
  const outcomes = await settledAtOnce(Object.values(steps), (step) => step());
  for (const [at, name] of Object.keys(steps).entries()) {
    await t.step(name, () => {
      const outcome = outcomes[at];
      if (outcome?.status === "rejected") throw outcome.reason;
    });
  }
}

/** The same for cases that are tried in one way. */
export async function eachAtOnce<T>(
  t: Deno.TestContext,
  cases: Readonly<Record<string, T>>,
  attempt: (value: T, name: string) => Promise<void>,
): Promise<void> {
  const steps = Object.entries(cases).map(([name, value]) =>
    [name, () => attempt(value, name)] as const
  );
  await stepsAtOnce(t, Object.fromEntries(steps));
}

/**
 * Tries several values at the same time, and waits for all of them.
 *
 * @returns What came of each, in order
 * @throws What the first one that failed throws
 */
export async function allAtOnce<T, R>(
  values: readonly T[],
  attempt: (value: T) => Promise<R>,
): Promise<readonly R[]> {
  const outcomes = await settledAtOnce(values, attempt);
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}

async function settledAtOnce<T, R>(
  values: readonly T[],
  attempt: (value: T) => Promise<R>,
): Promise<readonly PromiseSettledResult<R>[]> {
  const limit = new InFlightLimit(AT_ONCE);
  const { signal } = new AbortController();
  return await Promise.allSettled(values.map((value) => limit.run(() => attempt(value), signal)));
}
