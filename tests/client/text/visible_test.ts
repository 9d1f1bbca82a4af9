import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { oneLine, visible, visibleOnce } from "../../../client/text/visible.ts";

Deno.test("visible() leaves visible characters and escapes the others", async (t) => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["plain text, accents, emoji", "team é 漢字 🙂", "team é 漢字 🙂"],
    ["letters with marks on them", "e\u0301 हिन्दी עִבְרִית العَرَبِيَّة", "e\u0301 हिन्दी עִבְרִית العَرَبِيَّة"],
    ["the space of Japanese", "漢\u3000字", "漢\u3000字"],
    ["a no-break space, which passes for another", "team\u00a0", "team\\u{a0}"],
    ["an escape sequence", "\u001b[2J", "\\u{1b}[2J"],
    ["a line end", "a\r\nb", "a\\u{d}\\u{a}b"],
    ["right-to-left override", "a\u202eb", "a\\u{202e}b"],
    ["zero width", "a\u200bb", "a\\u{200b}b"],
    ["tag characters, which models read and people do not", "\u{e0041}", "\\u{e0041}"],
    ["variation selectors", "\u{e0100}❤\ufe0f\u{180b}", "\\u{e0100}❤\\u{fe0f}\\u{180b}"],
    ["reserved for what is ignored", "\u{e01f0}\u{2065}", "\\u{e01f0}\\u{2065}"],
    ["fillers", "\u3164\u115f\uffa0\u2800", "\\u{3164}\\u{115f}\\u{ffa0}\\u{2800}"],
    ["half a character, and none", "\ud800\uffff\u{1fffe}", "\\u{d800}\\u{ffff}\\u{1fffe}"],
    ["a space that passes for another", "a\u2009b", "a\\u{2009}b"],
    ["what looks like one of these", "\\u{1b}", "\\u{5c}u{1b}"],
  ];
  for (const [name, text, expected] of cases) {
    await t.step(name, () => assertEquals(visible(text), expected));
  }
});

/** General categories of Unicode, and whether their characters are visible. */
const hidden = [
  /\p{Default_Ignorable_Code_Point}/u,
  /\p{Other}/u,
  /\p{Separator}/u,
  /\p{Variation_Selector}/u,
  /\p{Bidi_Control}/u,
  /\p{Join_Control}/u,
  /\p{Noncharacter_Code_Point}/u,
  /[\u{2800}\u{1d159}\u{13441}\u{13442}\u{16fe4}]/u,
];
/** Spaces in common use, and code points that a later version of Unicode may assign. */
const seen = /[ \u3000]|(?!\p{Default_Ignorable_Code_Point}|\p{Noncharacter_Code_Point})\p{Cn}/u;

Deno.test("visible() shows every code point that can hide, and leaves every other as it is", () => {
  const wrong: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    const isHidden = hidden.some((kind) => kind.test(character)) && !seen.test(character);
    const expected = isHidden ? `\\u{${code.toString(16)}}` : character;
    if (visible(character) !== expected) wrong.push(code.toString(16));
  }
  assertEquals(wrong, []);
});

Deno.test("visible() shows different texts differently", () => {
  const unit = fc.constantFrom("\\", "u", "{", "}", "1", "b", "\u001b", "\u{e0041}", "5", "c");
  fc.assert(fc.property(fc.string({ unit }), fc.string({ unit }), (one, other) => {
    assertEquals(visible(one) === visible(other), one === other);
  }));
});

Deno.test("visibleOnce() keeps escapes and the given characters", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assertEquals(visibleOnce(visible(text)), visible(text));
    assert(!/[\p{Cc}\p{Default_Ignorable_Code_Point}]/u.test(visibleOnce(text)));
  }));
  assertEquals(visibleOnce("a\n\tb\u001b", "\n\t"), "a\n\tb\\u{1b}");
});

Deno.test("oneLine() makes one line of several, and escapes what hides in it", () => {
  assertEquals(oneLine(" no such\n\tuser \u001b[2J\n"), "no such user \\u{1b}[2J");
});
