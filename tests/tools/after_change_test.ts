import { assert, assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../client/mod.ts";
import { afterChange } from "../../tools/after_change.ts";

Deno.test("afterChange() returns what follows, and adds what was changed to its failure", async () => {
  assertEquals(await afterChange("3 files were sent", () => Promise.resolve(7)), 7);
  const failure = new ContainariumError("ambiguous", "The connection was lost", {
    reason: "response_lost",
    containerText: "make: started",
  });
  const error = await assertRejects(
    () => afterChange("3 files were sent", () => Promise.reject(failure)),
    ContainariumError,
    "The connection was lost. Before that, 3 files were sent",
  );
  assertEquals([error.code, error.reason, error.containerText], [
    "ambiguous",
    "response_lost",
    "make: started",
  ]);
});

Deno.test("afterChange() leaves a bug as it is", async () => {
  const bug = new TypeError("a bug");
  const error = await afterChange("it was sent", () => Promise.reject(bug))
    .catch((error: unknown) => error);
  assert(error === bug);
});
