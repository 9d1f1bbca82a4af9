import { assertEquals } from "@std/assert";
import { linesOf } from "../../scripts/lines.ts";
import { print } from "../../scripts/print.ts";

Deno.test("print() writes all of a text to a pipe that takes a little at a time", async () => {
  let written = "";
  const narrow = {
    write: (bytes: Uint8Array) => {
      const taken = bytes.subarray(0, 5);
      written += new TextDecoder("latin1").decode(taken);
      return Promise.resolve(taken.length);
    },
  };
  await print("a line\nthat is long", narrow);
  assertEquals(written, "a line\nthat is long\n");
});

Deno.test("linesOf() puts lines together however their bytes arrive, the last one without an end", async () => {
  const bytes = new TextEncoder().encode("one\n\ntwö\nrest");
  for (let size = 1; size <= bytes.length; size++) {
    const pieces = Array.from(
      { length: Math.ceil(bytes.length / size) },
      (_, at) => bytes.subarray(at * size, (at + 1) * size),
    );
    const lines = await Array.fromAsync(linesOf(ReadableStream.from(pieces)));
    assertEquals(lines, ["one", "", "twö", "rest"]);
  }
});
