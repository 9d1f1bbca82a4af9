import { assertEquals, assertRejects } from "@std/assert";
import { readArguments, UsageError } from "../../cli/arguments.ts";

Deno.test("readArguments() knows its flags", () => {
  assertEquals(readArguments([]), { kind: "serve", envFile: undefined, debug: false });
  assertEquals(readArguments(["--debug", "--env-file", "a.env"]), {
    kind: "serve",
    envFile: "a.env",
    debug: true,
  });
  assertEquals(readArguments(["--env-file=b"]), { kind: "serve", envFile: "b", debug: false });
  assertEquals(readArguments(["--help"]), { kind: "help" });
  assertEquals(readArguments(["--version"]), { kind: "version" });
});

Deno.test("readArguments() refuses what it does not know, and says what it does", async (t) => {
  for (const args of [["--debgu"], ["serve"], ["-x"], ["--allow-all"], ["--env-file"]]) {
    await t.step(args.join(" "), async () => {
      await assertRejects(() => Promise.try(() => readArguments(args)), UsageError, "--env-file");
    });
  }
});
