import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { cksum } from "../../../client/terminal/cksum.ts";
import { Damaged, decodeBlock } from "../../../client/terminal/decode.ts";
import { OutputBuffer } from "../../../client/terminal/output_buffer.ts";
import { heldBytes } from "./held_bytes.ts";

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function block(sent: Uint8Array, bytes: Uint8Array, isGzip = false) {
  return { bytes: bytes.length, checksum: cksum(bytes), isGzip, data: new Uint8Array(sent) };
}

Deno.test("decodeBlock() returns the original bytes, plain or gzip", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), async (made) => {
      const bytes = new Uint8Array(made);
      assertEquals(await decodeBlock(block(bytes, bytes), 5_000), bytes);
      assertEquals(await decodeBlock(block(await gzip(bytes), bytes, true), 5_000), bytes);
    }),
  );
});

Deno.test("decodeBlock() rejects a damaged block", async (t) => {
  const bytes = new TextEncoder().encode("some output of some command");
  const zeros = new Uint8Array(1_000_000);
  const whole = block(bytes, bytes);
  const zipped = block(await gzip(zeros), zeros, true);
  const damaged = {
    "a byte changed": { ...whole, data: whole.data.map((byte, at) => at === 3 ? byte ^ 1 : byte) },
    "the end is missing": { ...whole, data: new Uint8Array() },
    "another checksum": { ...whole, checksum: 1 },
    "not the gzip that it says": { ...whole, isGzip: true },
    "a gzip cut off": { ...zipped, data: zipped.data.subarray(0, -76) },
    "more inside than it says": { ...zipped, bytes: 10 },
    "bigger than it can be": { ...zipped, bytes: 2_000_000 },
    "a size that is no number": { ...whole, bytes: NaN },
  };
  for (const [name, one] of Object.entries(damaged)) {
    await t.step(name, async () => {
      await assertRejects(() => decodeBlock(one, 1_000_000), Damaged);
    });
  }
});

Deno.test("OutputBuffer keeps the first and the last half, and counts the bytes between", () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
  fc.assert(fc.property(pieces, fc.nat({ max: 200 }), (made, limit) => {
    const kept = new OutputBuffer(limit);
    for (const piece of made) kept.push(piece);
    const all = made.flatMap((piece) => [...piece]);
    const { bytes, omission } = kept.result();
    assertEquals(bytes.length + omission.bytes, all.length);
    assertEquals(omission.bytes, Math.max(0, all.length - limit));
    assertEquals([...bytes.subarray(0, omission.at)], all.slice(0, omission.at));
    const tail = [...bytes.subarray(omission.at)];
    assertEquals(tail, tail.length === 0 ? [] : all.slice(-tail.length));
  }));
});

Deno.test("OutputBuffer counts skipped bytes with dropped ones", () => {
  const kept = new OutputBuffer(10);
  kept.push(Uint8Array.of(1, 2, 3, 4, 5, 6, 7));
  kept.skip(100, false);
  kept.push(Uint8Array.of(8, 9, 10, 11, 12, 13));
  const { bytes, omission } = kept.result();
  assertEquals([...bytes], [1, 2, 3, 4, 5, 9, 10, 11, 12, 13]);
  assertEquals(omission, { at: 5, bytes: 103 });
  kept.skip(1, true);
  kept.skip(1, false);
  assertEquals(kept.result().omission, { at: 5, bytes: 110, isAtLeast: true });
});

Deno.test("OutputBuffer needs no memory for each piece, however short a hostile container makes them", () => {
  const kept = new OutputBuffer(1_000_000);
  const before = heldBytes();
  for (let pushed = 0; pushed < 1_200_000; pushed++) kept.push(Uint8Array.of(pushed));
  const held = heldBytes() - before;
  const { bytes, omission } = kept.result();
  assertEquals([bytes.length, omission], [1_000_000, { at: 500_000, bytes: 200_000 }]);
  assert(held < 60_000_000, `${held} bytes for 1,000,000`);
});
