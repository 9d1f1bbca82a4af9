import type { InFlightLimit } from "../../client/internal.ts";

/** How a task stands. */
export type Fate<T> =
  | { readonly kind: "ended"; readonly value: T }
  | { readonly kind: "under_way" }
  | { readonly kind: "not_begun" };

/** How tasks are run. */
export interface FanOutOptions<T> {
  /** Limits how many run at once. */
  readonly limit: InFlightLimit;
  /** When it aborts, no more are started, and those in progress are not awaited. */
  readonly stop: AbortSignal;
  /**
   * Told each end, once a task.
   *
   * @param isLate Whether the fates had been returned before: the task was in progress then
   */
  readonly onEnd: (value: T, isLate: boolean) => void;
}

/**
 * Runs tasks, each at most once, and returns the status of every one when all have ended or `stop`
 * has aborted, whichever comes first. What is in progress then continues. A task that rejects is a
 * defect: what can go wrong is to be part of what it returns.
 */
export async function fanOut<T>(
  tasks: readonly (() => Promise<T>)[],
  { limit, stop, onEnd }: FanOutOptions<T>,
): Promise<readonly Fate<T>[]> {
  const fates = tasks.map((): Fate<T> => ({ kind: "not_begun" }));
  let isOver = false;
  const run = async (task: () => Promise<T>, at: number) => {
    // Its turn may have come in the moment of the end.
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
  return [...fates];
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
