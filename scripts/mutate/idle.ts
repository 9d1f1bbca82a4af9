const TICK_MS = 250;
/** A process that uses less in a tick does nothing: a tick by itself uses some. */
const BUSY_MICROSECONDS = 10_000;

/** A watch over this process. */
export interface IdleWatch extends Disposable {
  /** Resolves once the process has done nothing for long enough. */
  readonly promise: Promise<undefined>;
}

/**
 * Watches this process until it has done nothing for some milliseconds on end, although it could have: a tick
 * that comes late shows that the machine was busy, and does not count.
 */
export function untilIdle(milliseconds: number): IdleWatch {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let idleTicks = 0;
  let [at, used] = [performance.now(), cpuMicroseconds()];
  const timer = setInterval(() => {
    const [now, usedNow] = [performance.now(), cpuMicroseconds()];
    const isIdle = usedNow - used < BUSY_MICROSECONDS;
    const isLate = now - at > 2 * TICK_MS;
    [at, used] = [now, usedNow];
    if (!isIdle) idleTicks = 0;
    else if (!isLate) idleTicks++;
    if (idleTicks * TICK_MS >= milliseconds) resolve(undefined);
  }, TICK_MS);
  // A process in which nothing can happen any more ends by itself.
  Deno.unrefTimer(timer);
  return { promise, [Symbol.dispose]: () => clearInterval(timer) };
}

function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
