import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Base64Lines } from "../../../client/terminal/base64_lines.ts";
import { heldBytes } from "./held_bytes.ts";

Deno.test("Base64Lines.bytes() returns what was encoded, wherever it was cut", () => {
  const places = fc.array(fc.nat({ max: 200 }), { maxLength: 12 });
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), places, (bytes, cuts) => {
    const base64 = bytes.toBase64();
    const lines = new Base64Lines();
    let at = 0;
    for (const end of [...cuts.toSorted((a, b) => a - b), base64.length]) {
      assertEquals(lines.take(base64.slice(at, end)), true);
      at = Math.max(at, end);
    }
    assertEquals([...lines.bytes()], [...bytes]);
  }));
});

Deno.test("Base64Lines.take() rejects a line with anything else, and forgets it", () => {
  const others = [
    "AAAA AAAA",
    "AAAAAAA ",
    "AAAA\r",
    "AAAAA!",
    "AA=A",
    "=AAA",
    "AAA-",
    "AAA\u00e9",
    "A\tAA",
  ];
  for (const other of others) {
    const lines = new Base64Lines();
    assertEquals(
      [lines.take("aGVs"), lines.take(other), lines.take("bG8=")],
      [true, false, true],
      other,
    );
    assertEquals(new TextDecoder().decode(lines.bytes()), "hello");
  }
});

Deno.test("Base64Lines.take() needs no memory for each line, however short a hostile container makes them", () => {
  const lines = new Base64Lines();
  const before = heldBytes();
  for (let taken = 0; taken < 2_000_000; taken++) lines.take("A");
  const held = heldBytes() - before;
  assertEquals(lines.bytes().length, 1_500_000);
  assert(held < 100_000_000, `${held} bytes for 1,500,000`);
});
