/** What becomes of the last lines on stderr. */
import { assertEquals } from "@std/assert";
import { StderrLog } from "../../cli/stderr_log.ts";

/** A stderr that takes a while: what was written is there once it is read. */
function slowStderr() {
  const lines: string[] = [];
  const read = Promise.withResolvers<void>();
  return {
    lines,
    read: read.resolve,
    write: async (bytes: Uint8Array) => {
      await read.promise;
      lines.push(new TextDecoder().decode(bytes));
      return bytes.length;
    },
  };
}

Deno.test("flush() waits for why a process fails longer than for the last lines of one that ends", async () => {
  const stderr = slowStderr();
  const log = new StderrLog(stderr);
  log.write("why\n");
  const failing = log.flush({ failed: true });
  // Begun later, so over first only if it waits for less.
  await log.flush();
  assertEquals(stderr.lines, []);
  stderr.read();
  await failing;
  assertEquals(stderr.lines, ["why\n"]);
});

Deno.test("flush() gives up on a stderr that nobody reads", async () => {
  const stderr = slowStderr();
  const log = new StderrLog(stderr);
  log.write("last words\n");
  await log.flush();
  await log.flush({ failed: true });
  assertEquals(stderr.lines, []);
  stderr.read();
});
