import type { ContainariumClient, Logger } from "../../client/mod.ts";
import { formatTime } from "../../client/internal.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;

/** When the token is looked at again. */
export interface ExpiryTimes {
  /** Resolves when there is time for a timer: Deno loads modules of Node for the first one. */
  readonly idle: Promise<void>;
  /**
   * Milliseconds between two looks.
   *
   * @default An hour
   */
  readonly everyMs?: number | undefined;
}

/**
 * Says when the token expires, from a day before, and that it has; once for each token. Looks at
 * once and then every hour.
 *
 * @throws {ContainariumError} `unauthenticated` when the token's file cannot be used at the start
 */
export async function watchExpiry(
  client: Pick<ContainariumClient, "tokenClaims">,
  log: Logger,
  { idle, everyMs = HOUR_MS }: ExpiryTimes,
): Promise<Disposable> {
  const logged = new Set<string>();
  const look = async () => {
    const line = sayExpiry((await client.tokenClaims())?.expiresAt, new Date());
    if (line === undefined || logged.has(line)) return;
    logged.add(line);
    log("warning", line);
  };
  await look();
  let timer: ReturnType<typeof setInterval> | undefined;
  let isWatching = true;
  idle.then(() => {
    if (!isWatching) return;
    timer = setInterval(() => {
      look().catch((error: Error) => log("warning", error.message));
    }, everyMs);
  });
  return {
    [Symbol.dispose]: () => {
      isWatching = false;
      clearInterval(timer);
    },
  };
}

function sayExpiry(expiresAt: Date | undefined, now: Date): string | undefined {
  if (expiresAt === undefined) return undefined;
  const left = expiresAt.getTime() - now.getTime();
  if (left <= 0) return `token expired at ${formatTime(expiresAt)}: ask for a new one`;
  return left <= DAY_MS ? `token expires at ${formatTime(expiresAt)}` : undefined;
}
