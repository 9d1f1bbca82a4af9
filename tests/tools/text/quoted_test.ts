import { assertEquals } from "@std/assert";
import { diskOf, quoted } from "../../../tools/text/quoted.ts";

Deno.test("quoted() puts a name in quotes that it cannot close", () => {
  assertEquals(quoted("before upgrade"), '"before upgrade"');
  assertEquals(quoted('a"? Nothing is lost.'), '"a\\u{22}? Nothing is lost."');
  assertEquals(quoted("a\nb\x1b[2J"), '"a\\u{a}b\\u{1b}[2J"');
  assertEquals(quoted("x".repeat(300)), `"${"x".repeat(200)}…"`);
});

Deno.test("diskOf() quotes anything that is not a size", () => {
  assertEquals(diskOf({}), "its disk");
  assertEquals(diskOf({ disk: "50GB" }), "its 50GB disk");
  assertEquals(
    diskOf({ disk: "1GB disk? Nothing is lost on its\n" }),
    'its "1GB disk? Nothing is lost on its\\u{a}" disk',
  );
});
