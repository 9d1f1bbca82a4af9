import { MAX_TIMER_MS } from "./delay.ts";
import { LinkedSignal } from "./linked_signal.ts";

/** Returns whether a promise settles within a number of milliseconds; `Infinity` is no limit. */
export async function within(
  promise: Promise<unknown>,
  milliseconds: number,
  signal?: AbortSignal,
): Promise<boolean> {
  using over = new LinkedSignal(signal);
  const timer = setTimeout(() => over.abort(undefined), Math.min(milliseconds, MAX_TIMER_MS));
  try {
    return await settled(promise, over.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Returns whether a promise settles before the signal is aborted. */
export async function settled(promise: Promise<unknown>, signal: AbortSignal): Promise<boolean> {
  const over = Promise.withResolvers<false>();
  const giveUp = () => over.resolve(false);
  signal.addEventListener("abort", giveUp, { once: true });
  if (signal.aborted) giveUp();
  const came = promise.then(() => true, () => true);
  try {
    return await Promise.race([came, over.promise]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
