import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { decodeBytes } from "../../tools/text/decode_bytes.ts";
import { MAX_OUTPUT_CHARACTERS, showOutput } from "../../tools/command_output.ts";
import { LastLine } from "../../tools/terminal/last_line.ts";
import { fenced } from "./terminal/fenced.ts";

const encoder = new TextEncoder();

/** Returns the bytes of a decoded text. */
function bytesOf(text: string): Uint8Array {
  const bytes = [...text].flatMap((character) => {
    const code = character.charCodeAt(0);
    return code >= 0xdc80 && code <= 0xdcff && character.length === 1
      ? [code - 0xdc00]
      : [...encoder.encode(character)];
  });
  return new Uint8Array(bytes);
}

Deno.test("decodeBytes() reads UTF-8, and keeps invalid bytes distinguishable", () => {
  assertEquals(decodeBytes(encoder.encode("a€😀\n\ufeff")), "a€😀\n\ufeff");
  const cases: readonly (readonly [readonly number[], string])[] = [
    [[0x61, 0xff, 0x62], "a\udcffb"],
    [[0xe2, 0x82], "\udce2\udc82"],
    [[0xc0, 0xaf], "\udcc0\udcaf"],
    [[0xed, 0xa0, 0x80], "\udced\udca0\udc80"],
    [[0xf4, 0x90, 0x80, 0x80], "\udcf4\udc90\udc80\udc80"],
    [[0xf0, 0x9f, 0x98, 0x80, 0x80], "😀\udc80"],
  ];
  for (const [bytes, text] of cases) assertEquals(decodeBytes(new Uint8Array(bytes)), text);
});

Deno.test("decodeBytes() never returns the same text for different bytes", () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.string({ unit: "binary" }).map((text) => encoder.encode(text.toWellFormed())),
  );
  fc.assert(fc.property(anything, (bytes) => {
    assertEquals(bytesOf(decodeBytes(bytes)), new Uint8Array(bytes));
  }));
});

Deno.test("showOutput() shows a short output completely, and none as empty", () => {
  const whole = (text: string) => {
    const bytes = encoder.encode(text);
    return showOutput(bytes, { at: bytes.length, bytes: 0 }, "stdout");
  };
  assertEquals(whole(""), { text: "", omittedBytes: 0 });
  assertEquals(fenced(whole("hi\n\tthere").text), ["hi\n\tthere"]);
  assertStringIncludes(whole("x").text, "<<<stdout ");
  const long = "x".repeat(MAX_OUTPUT_CHARACTERS);
  assertEquals(fenced(whole(long).text), [long]);
});

Deno.test("showOutput() says where more may be left out than was counted", () => {
  const bytes = encoder.encode("ab");
  const shown = showOutput(bytes, { at: 1, bytes: 1_000, isAtLeast: true }, "stdout");
  assertStringIncludes(shown.text, "… at least 1,000 bytes left out …");
});

Deno.test("showOutput() keeps the start and the end of a long output, and counts the rest", () => {
  const bytes = encoder.encode(`€${"a".repeat(9_998)}€${"b".repeat(9_997)}€`);
  // The client cut within a character, on both sides.
  const shown = showOutput(bytes, { at: 10_002, bytes: 1_000_000 }, "stdout");
  assertEquals(fenced(shown.text), [`€${"a".repeat(9_998)}`, `${"b".repeat(9_997)}€`]);
  assertEquals(shown.omittedBytes, 1_000_003);
  assertStringIncludes(shown.text, "\n… 1,000,003 bytes left out …\n<<<end of stdout");
});

Deno.test("showOutput() counts escaped characters as they are shown, and bytes as they are", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 8_000, maxLength: 12_000 }),
      fc.nat(1_000),
      (bytes, missing) => {
        const at = Math.floor(bytes.length / 2);
        const { text, omittedBytes } = showOutput(bytes, { at, bytes: missing }, "stdout");
        const parts = fenced(text);
        assertEquals(parts.length, 2);
        for (const part of parts) assert(part.length <= MAX_OUTPUT_CHARACTERS / 2 + 100);
        assert(omittedBytes > missing && omittedBytes < missing + bytes.length);
      },
    ),
    { numRuns: 20 },
  );
});

Deno.test("LastLine keeps the last line that is not blank, without colors", () => {
  const last = new LastLine();
  assertEquals(last.text, "");
  last.take(encoder.encode("one\ntw"));
  assertEquals(last.text, "tw");
  last.take(encoder.encode("o\r\n\x1b[32m 50%\r100% \u202e\n\n"));
  assertEquals(last.text, "100% \\u{202e}");
  const [first, ...rest] = encoder.encode("€");
  last.take(new Uint8Array([first ?? 0]));
  last.take(new Uint8Array(rest));
  assertEquals(last.text, "€");
  last.take(encoder.encode("x".repeat(10_000)));
  assertEquals(last.text, "x".repeat(160));
});
