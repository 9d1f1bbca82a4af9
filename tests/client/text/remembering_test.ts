import { assertEquals } from "@std/assert";
import { remembering } from "../../../client/text/remembering.ts";

Deno.test("remembering() does the work once for each text, and keeps so many at most", () => {
  const asked: string[] = [];
  const length = remembering((text) => {
    asked.push(text);
    return text.length || undefined;
  }, 2);
  assertEquals(["a", "", "a", "", "a"].map(length), [1, undefined, 1, undefined, 1]);
  assertEquals(asked, ["a", ""]);
  assertEquals(["bcd", "", "a"].map(length), [3, undefined, 1]);
  assertEquals(asked, ["a", "", "bcd", "a"]);
});
