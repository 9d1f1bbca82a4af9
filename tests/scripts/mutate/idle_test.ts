import { assertEquals } from "@std/assert";
import { untilIdle } from "../../../scripts/mutate/idle.ts";

Deno.test("untilIdle() resolves once the process only waits", async () => {
  using _hours = keepAlive();
  using idle = untilIdle(500);
  await idle.promise;
});

Deno.test("untilIdle() does not resolve while the process works", async () => {
  using idle = untilIdle(500);
  let isIdle = false;
  idle.promise.then(() => isIdle = true);
  const end = performance.now() + 2_000;
  while (performance.now() < end) {
    for (let n = 0; n < 1_000_000; n++) Math.sqrt(n);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  assertEquals(isIdle, false);
});

/** A process whose only timer is one that nothing waits for would end. */
function keepAlive(): Disposable {
  const timer = setTimeout(() => {}, 3_600_000);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
