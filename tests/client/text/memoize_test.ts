import { assertEquals } from "@std/assert";
import { memoize } from "../../../client/text/memoize.ts";

Deno.test("memoize() does the work once for each text, and keeps so many at most", () => {
  const asked: string[] = [];
  const length = memoize((text) => {
    asked.push(text);
    return text.length || undefined;
  }, 2);
  assertEquals(["a", "", "a", "", "a"].map(length), [1, undefined, 1, undefined, 1]);
  assertEquals(asked, ["a", ""]);
  assertEquals(["bcd", "", "a"].map(length), [3, undefined, 1]);
  assertEquals(asked, ["a", "", "bcd", "a"]);
});
