import type { InFlightLimit } from "../../client/internal.ts";

/** Status of a task. */
export type Fate<T> =
  | { readonly kind: "ended"; readonly value: T }
  | { readonly kind: "under_way" }
  | { readonly kind: "not_begun" };

/** How tasks are run. */
export interface FanOutOptions<T> {
  /** Limits how many run at a time. */
  readonly limit: InFlightLimit;
  /** When it aborts, no more are started, and those in progress are not awaited. */
  readonly stop: AbortSignal;
  /**
   * Receives each end, once per task.
   *
   * @param isLate Whether the task ended after `fanOut` returned
   */
  readonly onEnd: (value: T, isLate: boolean) => void;
  /** Receives the rest of the work, when `fanOut` returns before its end. */
  readonly onLeft: (work: Promise<unknown>) => void;
}

/**
 * Runs tasks, each at most once, and returns the status of every one when all have ended or `stop`
 * has aborted, whichever comes first. Tasks in progress continue. Tasks must not
 * reject: a failure is part of what they return.
 */
export async function fanOut<T>(
  tasks: readonly (() => Promise<T>)[],
  { limit, stop, onEnd, onLeft }: FanOutOptions<T>,
): Promise<readonly Fate<T>[]> {
  const fates = tasks.map((): Fate<T> => ({ kind: "not_begun" }));
  let isOver = false;
  const run = async (task: () => Promise<T>, at: number) => {
    // Its turn may have come just as `stop` aborted.
    if (stop.aborted) return;
    fates[at] = { kind: "under_way" };
    const value = await task();
    fates[at] = { kind: "ended", value };
    onEnd(value, isOver);
  };
  const runs = tasks.map((task, at) =>
    limit.run(() => run(task, at), stop).catch((error: unknown) => {
      if (!stop.aborted) throw error;
    })
  );
  await Promise.race([Promise.all(runs), whenAborted(stop)]);
  isOver = true;
  if (fates.some(({ kind }) => kind === "under_way")) onLeft(Promise.allSettled(runs));
  return [...fates];
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
