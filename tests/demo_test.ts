import { assert, assertEquals } from "@std/assert";
import { comparable, runDemo, transcriptIn } from "../scripts/demo_page.ts";
import { pageAt } from "./scripts/pages.ts";
import { testWithPty } from "./with_pty.ts";

testWithPty(
  "make demo runs, and docs/demo.md shows what it prints; make docs writes it",
  async () => {
    assertEquals(
      comparable(transcriptIn(pageAt("docs/demo.md").text)),
      comparable(await runDemo()),
    );
  },
  ["vi"],
);

Deno.test("the README's excerpt of the demo is in docs/demo.md, line for line", () => {
  const whole = comparable(transcriptIn(pageAt("docs/demo.md").text)).split("\n");
  const excerpt = comparable(transcriptIn(pageAt("README.md").text)).split("\n")
    .filter((line) => line !== "" && line !== "…");
  assert(excerpt.length >= 10, "it is short");
  let at = 0;
  for (const line of excerpt) {
    at = whole.indexOf(line, at) + 1;
    assert(at > 0, `docs/demo.md has no such line, or not here: ${line}`);
  }
});
