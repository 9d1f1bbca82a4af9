import { assertEquals, assertRejects } from "@std/assert";
import { poll, type PollOptions } from "../../../client/async/poll.ts";

/** Polls without waiting; returns what was seen last, and the pauses. */
async function pollAtOnce(
  isDone: (count: number) => boolean,
  options: Omit<PollOptions, "pause">,
): Promise<{ readonly seen: number; readonly pausesMs: readonly number[] }> {
  const pausesMs: number[] = [];
  let count = 0;
  const pause = (ms: number) => Promise.resolve(pausesMs.push(ms));
  const seen = await poll(() => ++count, isDone, { ...options, pause });
  return { seen, pausesMs };
}

Deno.test("poll() polls until done, with pauses that grow up to a maximum", async () => {
  const options = { firstMs: 100, factor: 2, maxMs: 300 };
  assertEquals(await pollAtOnce((count) => count === 5, options), {
    seen: 5,
    pausesMs: [100, 200, 300, 300],
  });
});

Deno.test("poll() does not pause if the first attempt is enough", async () => {
  assertEquals(await pollAtOnce(() => true, { firstMs: 100 }), { seen: 1, pausesMs: [] });
});

Deno.test("poll() stops after the maximum of attempts and returns the last result", async () => {
  assertEquals(await pollAtOnce(() => false, { firstMs: 100, looks: 3 }), {
    seen: 3,
    pausesMs: [100, 100],
  });
});

Deno.test("poll() polls once with a timeout of 0", async () => {
  assertEquals(await pollAtOnce(() => false, { firstMs: 100, timeoutMs: 0 }), {
    seen: 1,
    pausesMs: [],
  });
});

Deno.test("poll() shortens the last pause to its timeout, and polls once more", async () => {
  const pausesMs: number[] = [];
  let count = 0;
  const seen = await poll(() => ++count, () => false, {
    firstMs: 60_000,
    timeoutMs: 20,
    pause: async (ms) => {
      pausesMs.push(ms);
      await new Promise((resolve) => setTimeout(resolve, 30));
    },
  });
  assertEquals([seen, pausesMs.length, (pausesMs[0] ?? 0) <= 20], [2, 1, true]);
});

Deno.test("poll() throws its signal's reason in a pause", async () => {
  const stop = new AbortController();
  const look = () => stop.abort(new Error("enough"));
  const { signal } = stop;
  await assertRejects(() => poll(look, () => false, { firstMs: 60_000, signal }), Error, "enough");
});

Deno.test("poll() throws what an attempt throws", async () => {
  const look = () => Promise.reject(new Error("gone"));
  await assertRejects(() => poll(look, () => false, { firstMs: 1 }), Error, "gone");
});
