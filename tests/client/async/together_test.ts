import { assertEquals, assertRejects } from "@std/assert";
import { together } from "../../../client/async/together.ts";

Deno.test("together() resolves to the results in order", async () => {
  assertEquals(await together([Promise.resolve(1), Promise.resolve("two")]), [1, "two"]);
});

Deno.test("together() rejects with the first failure, once all have ended", async () => {
  const slow = Promise.withResolvers<void>();
  let hasEnded = false;
  const waiting = together([
    Promise.reject(new Error("first")),
    slow.promise.then(() => hasEnded = true),
    Promise.reject(new Error("second")),
  ]);
  const rejected = assertRejects(() => waiting, Error, "first").then(() => hasEnded);
  slow.resolve();
  assertEquals(await rejected, true);
});
