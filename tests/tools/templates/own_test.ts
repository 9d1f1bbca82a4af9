import { assertEquals } from "@std/assert";
import { ownAnswer } from "../../../tools/templates/own.ts";

Deno.test("a template's answer keeps the credentials of a repository's address to itself", () => {
  const fields = { "git_source": "https://bot:s3cret@git.example/a.git" };
  assertEquals(ownAnswer({ name: "web", fields }).sets, {
    "git_source": "https://***@git.example/a.git",
  });
});
