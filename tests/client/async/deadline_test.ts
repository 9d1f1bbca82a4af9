import { assertEquals } from "@std/assert";
import { settled, within } from "../../../client/async/deadline.ts";
import { delay } from "../../../client/async/delay.ts";

Deno.test("within() waits without a limit, and for longer than a timer can", async () => {
  for (const milliseconds of [Infinity, 2 ** 31, Number.MAX_VALUE]) {
    assertEquals(await within(delay(20), milliseconds), true);
  }
});

Deno.test("within() gives up at its limit or signal, and settles whatever the promise does", async () => {
  const never = new Promise(() => {});
  assertEquals(await within(never, 1), false);
  assertEquals(await within(never, Infinity, AbortSignal.abort()), false);
  assertEquals(await within(Promise.reject(new Error("failed")), Infinity), true);
});

Deno.test("settled() returns whether a promise settles before its signal aborts", async () => {
  const { signal } = new AbortController();
  assertEquals(await settled(Promise.reject(new Error("failed")), signal), true);
  assertEquals(await settled(new Promise(() => {}), AbortSignal.abort()), false);
});
