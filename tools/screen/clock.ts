/** Clock of terminals; tests use one of their own. */
export interface Clock {
  /** Milliseconds since an arbitrary time. */
  now(): number;
  /** Calls back after so many milliseconds. Returns a function that cancels it. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** Clock of this machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/**
 * Resolves after so many milliseconds.
 *
 * @throws The signal's reason, as soon as it is aborted
 */
export async function pause(
  clock: Clock,
  milliseconds: number,
  signal: AbortSignal,
): Promise<void> {
  await waitAtMost(clock, Promise.withResolvers<void>().promise, milliseconds, signal);
}

/**
 * Waits for a promise, at most so many milliseconds.
 *
 * @throws The signal's reason, as soon as it is aborted
 */
export async function waitAtMost(
  clock: Clock,
  promise: Promise<void>,
  milliseconds: number,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const { promise: over, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  const callOff = clock.after(Math.max(milliseconds, 0), resolve);
  try {
    await Promise.race([promise, over]);
  } finally {
    callOff();
    signal.removeEventListener("abort", abort);
  }
}
