import { assertRejects } from "@std/assert";
import { readTextFile } from "../../../client/internal.ts";

Deno.test("readTextFile() rejects an endless file", async () => {
  await assertRejects(() => readTextFile("/dev/zero"), RangeError, "is over 16777216 bytes");
});
