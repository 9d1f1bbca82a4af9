import { assert, assertEquals } from "@std/assert";
import { changes, surface, surfaceUrl } from "../../scripts/surface.ts";

Deno.test("what clients are listed is as golden/surface.txt has it", async () => {
  const changed = changes(await Deno.readTextFile(surfaceUrl), await surface());
  assert(
    changed === "",
    `What clients see has changed. If it is meant to, run "make surface" and commit the file.\n${changed}`,
  );
});

Deno.test("changes() shows the lines that differ, below what they belong to", () => {
  const before = "tool a: A\n  Does it.\n  x* string\n\ntool b: B\n  Does that.\n";
  assertEquals(changes(before, before), "");
  const after = "tool a: A\n  Does it.\n  x* integer\n\ntool c: C\n  Does more.\n";
  assertEquals(
    changes(before, after),
    [
      "tool a",
      "-   x* string",
      "+   x* integer",
      "tool b",
      "- tool b: B",
      "-   Does that.",
      "tool c",
      "+ tool c: C",
      "+   Does more.",
    ].join("\n"),
  );
  const turned = "tool b: B\n  Does that.\n\ntool a: A\n  Does it.\n  x* string\n";
  assertEquals(changes(before, turned), "The order has changed.");
});
