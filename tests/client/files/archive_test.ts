/** Archives as a container may send them. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { archivedNames, compress, pack, unpack } from "../../../client/files/archive.ts";

const path = fc.oneof(
  fc.constantFrom("a", "b/c", "b/d", "x".repeat(200), "déjà/vu", "-rf", "b/ c\nd"),
  fc.string({ minLength: 1 }).filter((text) => !/[\0/]/.test(text) && !/^[.]{1,2}$/.test(text)),
);
const files = fc.uniqueArray(
  fc.record({ path, bytes: fc.uint8Array({ maxLength: 2_000 }) }),
  { selector: ({ path }) => path, maxLength: 8 },
);

function pack1(made: readonly { readonly path: string; readonly bytes: Uint8Array }[]) {
  return pack(made.map(({ path, bytes }) => ({
    entry: { kind: "file" as const, path, size: bytes.length, mode: 0o644 },
    bytes,
  })));
}

Deno.test("unpack() returns what pack() was given", async () => {
  await fc.assert(fc.asyncProperty(files, async (made) => {
    const names = archivedNames(made);
    const found = await unpack(await pack1(made));
    assertEquals(found, new Map(made.map(({ bytes }, at) => [names[at] ?? "", bytes])));
  }));
});

Deno.test("unpack() of any bytes returns no more than they hold, or throws an error", async () => {
  const edit = fc.tuple(fc.nat(20_000), fc.uint8Array({ minLength: 1, maxLength: 12 }));
  const spoiled = fc.tuple(files, fc.array(edit, { maxLength: 5 }), fc.nat(20_000), fc.boolean());
  await fc.assert(fc.asyncProperty(spoiled, async ([made, edits, end, isCompressed]) => {
    const bytes = await pack1(made);
    for (const [at, put] of edits) {
      bytes.set(put.slice(0, Math.max(0, bytes.length - at % bytes.length)), at % bytes.length);
    }
    const cut = end < bytes.length ? bytes.slice(0, end) : bytes;
    const sent = isCompressed ? await compress(cut) : cut;
    try {
      const found = await unpack(sent);
      const sum = [...found.values()].reduce((sum, { length }) => sum + length, 0);
      assert(sum <= cut.length, `${sum} of ${cut.length}`);
    } catch (error) {
      assert(error instanceof Error && !(error instanceof TypeError), String(error));
    }
  }));
});
