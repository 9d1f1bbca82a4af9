import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Utf8Decoder } from "../../../client/text/utf8_decoder.ts";

function decoded(pieces: readonly Uint8Array[]): string {
  const decoder = new Utf8Decoder();
  return pieces.map((piece) => decoder.push(piece)).join("") + decoder.end();
}

Deno.test("Utf8Decoder decodes any bytes however they are cut as TextDecoder does the whole", () => {
  const text = fc.array(fc.oneof(fc.constantFrom("\ufeff", "é", "😀", "a"), fc.string()))
    .map((all) => new TextEncoder().encode(all.join("")));
  const cuts = fc.array(fc.nat(8), { minLength: 1 });
  fc.assert(fc.property(fc.oneof(text, fc.uint8Array()), cuts, (bytes, cuts) => {
    const pieces: Uint8Array[] = [];
    let at = 0;
    for (let n = 0; at < bytes.length; n++) {
      const end = at + (cuts[n % cuts.length] ?? 0) + 1;
      pieces.push(bytes.subarray(at, end));
      at = end;
    }
    assertEquals(decoded(pieces), new TextDecoder().decode(bytes));
  }));
});

Deno.test("Utf8Decoder keeps a byte order mark that begins a later piece", () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  assertEquals(decoded([encode("\ufeffa"), encode("\ufeffb")]), "a\ufeffb");
});
