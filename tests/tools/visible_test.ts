import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { visible } from "../../tools/visible.ts";

Deno.test("visible() leaves what can be seen and shows what cannot", async (t) => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["plain text, accents, emoji", "team é 漢字 🙂", "team é 漢字 🙂"],
    ["an escape sequence", "\u001b[2J", "\\u{1b}[2J"],
    ["a line end", "a\r\nb", "a\\u{d}\\u{a}b"],
    ["right-to-left override", "a\u202eb", "a\\u{202e}b"],
    ["zero width", "a\u200bb", "a\\u{200b}b"],
    ["tag characters, which models read and people do not", "\u{e0041}", "\\u{e0041}"],
    ["variation selectors", "\u{e0100}", "\\u{e0100}"],
  ];
  for (const [name, text, expected] of cases) {
    await t.step(name, () => assertEquals(visible(text), expected));
  }
});

Deno.test("visible() lets no control, format or tag character through", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert(!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(visible(text)));
  }));
});
