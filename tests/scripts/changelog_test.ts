import { assert, assertEquals, assertThrows } from "@std/assert";
import { readFragment, readFragments, withRelease } from "../../scripts/changelog.ts";

const intro = "# Changelog\n\nWhat changed, newest first.\n";
const fixed = readFragment("stop.fixed.md", "- `stop_container` asks first.\n");
const secret = readFragment("token.security.md", "- A token is no longer logged.\n");

Deno.test("withRelease() orders the kinds of changes, and puts the newest release on top", () => {
  const first = withRelease(intro, [fixed], "0.1.0", "2026-11-26");
  assertEquals(
    first,
    `${intro}\n## 0.1.0 (2026-11-26)\n\n### Fixed\n\n- \`stop_container\` asks first.\n`,
  );
  assertEquals(
    withRelease(first, [fixed, secret], "0.2.0", "2026-12-01"),
    `${intro}\n## 0.2.0 (2026-12-01)\n\n### Security\n\n- A token is no longer logged.\n\n` +
      `### Fixed\n\n- \`stop_container\` asks first.\n\n${first.slice(intro.length + 1)}`,
  );
});

Deno.test("withRelease() refuses an invalid or existing version, and an empty release", () => {
  const released = withRelease(intro, [fixed], "0.1.0", "2026-11-26");
  assertThrows(() => withRelease(released, [fixed], "0.1.0", "2026-11-27"), Error, "already");
  assertThrows(() => withRelease(intro, [fixed], "next", "2026-11-27"), Error, "1.2.3");
  assertThrows(() => withRelease(intro, [], "0.1.0", "2026-11-27"), Error, "no fragment");
});

Deno.test("readFragment() refuses a name without a kind, and a text that is not a list", () => {
  assertThrows(() => readFragment("stop.md", "- x"), Error, ".KIND.md");
  assertThrows(() => readFragment("stop.broken.md", "- x"), Error, ".KIND.md");
  assertThrows(() => readFragment("stop.fixed.md", "x"), Error, "list");
});

Deno.test("each fragment in changes.d can be released", async () => {
  const fragments = await readFragments();
  const changelog = await Deno.readTextFile(new URL("../../CHANGELOG.md", import.meta.url));
  if (fragments.length === 0) return;
  const released = withRelease(changelog, fragments, "999.0.0", "2026-11-26");
  for (const { text } of fragments) assert(released.includes(text));
});
