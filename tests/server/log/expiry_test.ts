import { assert, assertEquals } from "@std/assert";
import { formatTime } from "../../../client/internal.ts";
import { watchExpiry } from "../../../server/log/expiry.ts";

const claims = (secondsLeft: number) => ({
  roles: [],
  expiresAt: new Date(Date.now() + secondsLeft * 1_000),
});

Deno.test("an expiring token is logged once, and so is its successor", async () => {
  const [soon, past] = [claims(60), claims(-60)];
  let inForce = claims(30 * 86_400);
  const warnings: string[] = [];
  const news = new Map<number, () => void>();
  const when = (count: number) => new Promise<void>((resolve) => news.set(count, resolve));
  const [first, second] = [when(1), when(2)];
  let looks = 0;
  const client = {
    tokenClaims: () => {
      looks++;
      return Promise.resolve(inForce);
    },
  };
  using _watch = await watchExpiry(client, (level, line) => {
    warnings.push(`${level}: ${line}`);
    news.get(warnings.length)?.();
  }, { idle: Promise.resolve(), everyMs: 1 });
  assertEquals([warnings, looks], [[], 1]);
  inForce = soon;
  await first;
  inForce = past;
  await second;
  assertEquals(warnings, [
    `warning: token expires at ${formatTime(soon.expiresAt)}`,
    `warning: token expired at ${formatTime(past.expiresAt)}: ask for a new one`,
  ]);
  assert(looks >= 3);
});
