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
