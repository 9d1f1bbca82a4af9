import { assertEquals } from "@std/assert";
import { matchUri } from "../../../server/reading/uri_template.ts";

Deno.test("matchUri() finds the values of variables, decoded, and nothing across a slash", () => {
  const template = "box://c/{user}/s/{name}?x={x}";
  assertEquals(matchUri(template, "box://c/al%20ice/s/a.b?x=1&y"), {
    user: "al ice",
    name: "a.b",
    x: "1&y",
  });
  const user = "a".repeat(1_984);
  assertEquals(matchUri(template, `box://c/${user}/s/a?x=1`), { user, name: "a", x: "1" });
  for (
    const uri of [
      "box://c/alice/s/a",
      "box://c//s/a?x=1",
      "box://c/a/b/s/a?x=1",
      "box://c/a#b/s/a?x=1",
      "box://c/%zz/s/a?x=1",
      "xbox://c/a/s/a?x=1",
      `box://c/${user}a/s/a?x=1`,
    ]
  ) assertEquals(matchUri(template, uri), undefined, uri);
});

Deno.test("matchUri() takes a URI without variables as it is, and no sign in it for a pattern", () => {
  assertEquals(matchUri("box://a.b", "box://a.b"), {});
  assertEquals(matchUri("box://a.b", "box://axb"), undefined);
  assertEquals(matchUri("box://a.b", "box://a.b\n"), undefined);
});
