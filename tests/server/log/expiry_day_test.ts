import { assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { formatTime } from "../../../client/internal.ts";
import { watchExpiry } from "../../../server/log/expiry.ts";

const DAY_SECONDS = 86_400;

/** What is logged at the start of a token that is valid for so long. */
async function saidOf(expiresAt: Date | undefined): Promise<readonly string[]> {
  const lines: string[] = [];
  const client = { tokenClaims: () => Promise.resolve({ roles: [], expiresAt }) };
  const log = (level: string, line: string) => lines.push(`${level}: ${line}`);
  using _watch = await watchExpiry(client, log, { idle: new Promise(() => {}) });
  return lines;
}

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000);

Deno.test("watchExpiry() warns from a day before a token expires", async () => {
  const soon = inSeconds(DAY_SECONDS - 1);
  const past = inSeconds(-1);
  assertEquals(await saidOf(soon), [`warning: token expires at ${formatTime(soon)}`]);
  assertEquals(await saidOf(past), [
    `warning: token expired at ${formatTime(past)}: ask for a new one`,
  ]);
  assertEquals(await saidOf(inSeconds(DAY_SECONDS + 60)), []);
  assertEquals(await saidOf(undefined), []);
});

Deno.test("watchExpiry() fails where the token cannot be read at the start, and logs it later", async () => {
  const failing = () =>
    Promise.reject(new ContainariumError("unauthenticated", "The token is gone"));
  await assertRejects(
    () => watchExpiry({ tokenClaims: failing }, () => {}, { idle: Promise.resolve() }),
    ContainariumError,
  );
  const logged = Promise.withResolvers<string>();
  let looks = 0;
  const tokenClaims = () => looks++ === 0 ? Promise.resolve(undefined) : failing();
  const log = (level: string, line: string) => logged.resolve(`${level}: ${line}`);
  using _watch = await watchExpiry({ tokenClaims }, log, { idle: Promise.resolve(), everyMs: 1 });
  assertEquals(await logged.promise, "warning: The token is gone");
});

Deno.test("watchExpiry() looks no more once it was ended, also before there was time for it", async () => {
  let looks = 0;
  const tokenClaims = () => Promise.resolve(void looks++);
  const { promise: idle, resolve } = Promise.withResolvers<void>();
  const watch = await watchExpiry({ tokenClaims }, () => {}, { idle, everyMs: 1 });
  watch[Symbol.dispose]();
  resolve();
  // A timer that is still set would be reported as a leak of this test.
  await idle;
  assertEquals(looks, 1);
});
