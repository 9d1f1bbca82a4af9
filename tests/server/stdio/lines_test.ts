import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { readLines, tooLong } from "../../../server/stdio/lines.ts";

async function lines(
  chunks: readonly Uint8Array[],
  maxBytes = 1_000_000,
): Promise<(string | typeof tooLong)[]> {
  return await Array.fromAsync(readLines(ReadableStream.from(chunks), maxBytes));
}

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("readLines() returns the same lines however the bytes are split", async () => {
  const line = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", ""));
  await fc.assert(fc.asyncProperty(
    fc.array(line),
    fc.array(fc.nat(40), { minLength: 1 }),
    async (texts, sizes) => {
      const whole = bytes(texts.map((text) => `${text}\n`).join(""));
      const chunks: Uint8Array[] = [];
      let at = 0;
      for (let i = 0; at < whole.length; i++) {
        const size = (sizes[i % sizes.length] ?? 0) + 1;
        chunks.push(whole.subarray(at, at + size));
        at += size;
      }
      assertEquals(await lines(chunks), texts);
    },
  ));
});

Deno.test("readLines() reads the last line without its newline, and no line after the last", async () => {
  assertEquals(await lines([bytes("a\nb")]), ["a", "b"]);
  assertEquals(await lines([bytes("a\n")]), ["a"]);
  assertEquals(await lines([]), []);
});

Deno.test("readLines() drops a line over the limit and continues", async () => {
  const parts = [bytes("short\n"), bytes("x".repeat(8)), bytes("x".repeat(8)), bytes("\nnext\n")];
  assertEquals(await lines(parts, 10), ["short", tooLong, "next"]);
  assertEquals(await lines([bytes("0123456789\n")], 10), ["0123456789"]);
});

Deno.test("readLines() reads any bytes, cut anywhere, as lines of at most the limit", async () => {
  const byte = fc.oneof(fc.nat(255), fc.constantFrom(10, 10, 13, 0xc3, 0xf0, 0xef, 0xbb, 0xbf));
  const chunks = fc.array(fc.array(byte, { maxLength: 30 }).map((all) => Uint8Array.from(all)));
  await fc.assert(fc.asyncProperty(chunks, fc.integer({ min: 1, max: 40 }), async (made, limit) => {
    const whole = made.flatMap((chunk) => [...chunk]);
    const parts: number[][] = [[]];
    for (const one of whole) {
      if (one === 10) parts.push([]);
      else parts.at(-1)?.push(one);
    }
    if (parts.at(-1)?.length === 0) parts.pop();
    const expected = parts.map((part) =>
      part.length > limit ? tooLong : new TextDecoder().decode(Uint8Array.from(part))
    );
    assertEquals(await lines(made, limit), expected);
  }));
});
