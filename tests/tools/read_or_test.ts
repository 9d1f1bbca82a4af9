import { assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../client/mod.ts";
import { readOr } from "../../tools/read_or.ts";

Deno.test("readOr() returns what is read, or what stands for it where that fails", async () => {
  const failing = () => Promise.reject(new ContainariumError("unavailable", "It is off"));
  assertEquals(await readOr(() => Promise.resolve(7), () => 0), 7);
  assertEquals(await readOr(failing, ({ message }) => message), "It is off");
});

Deno.test("readOr() throws a cancellation, and what is no error of the library", async () => {
  const cancelled = new ContainariumError("cancelled", "Cancelled");
  for (const error of [cancelled, new TypeError("a bug")]) {
    const read = () => Promise.reject(error);
    const thrown = await assertRejects(() => readOr(read, () => 0), Error, error.message);
    assertEquals(thrown, error);
  }
});
