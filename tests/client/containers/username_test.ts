import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { newUsernameProblem, usernameProblem } from "../../../client/internal.ts";
import { containerPath } from "../../../client/containers/username.ts";

const wild = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."aZ9-_./%?# \u202e\u0000é") }),
);

Deno.test("containerPath() keeps an accepted username as one segment", () => {
  fc.assert(fc.property(wild, (username) => {
    if (usernameProblem(username) !== undefined) return;
    const path = containerPath(username, "start").text;
    const { pathname } = new URL(path, "http://daemon");
    assertEquals(pathname, `/v1/containers/${username}/start`);
    assertEquals(pathname.split("/").length, 5);
  }));
});

Deno.test("usernameProblem() accepts every username that newUsernameProblem() accepts", () => {
  fc.assert(fc.property(wild, (username) => {
    if (newUsernameProblem(username) === undefined) {
      assertEquals(usernameProblem(username), undefined);
      assert(/^[a-z][a-z0-9-]{0,31}$/.test(username) && !username.endsWith("-"));
    }
  }));
});

Deno.test("newUsernameProblem() says what is wrong and what would happen", async (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ["terminal", "/terminal"],
    ["labels2", "/labels"],
    ["Alice", "lower-case"],
    ["9lives", "without its user"],
    ["a".repeat(33), "at most 32"],
    ["alice-", "not ending in a dash"],
    ["alice-container", "which the daemon adds"],
    ["root", "system account"],
    ["ubuntu", "system account"],
    ["a_b", "letters, digits and dashes"],
    ["Alice Smith", "start with a lower-case letter"],
  ];
  for (const [username, words] of cases) {
    await t.step(username, () => assertStringIncludes(newUsernameProblem(username) ?? "", words));
  }
  for (const username of ["alice", "a", "a-1", "x".repeat(32)]) {
    await t.step(
      `${username} is fine`,
      () => assertEquals(newUsernameProblem(username), undefined),
    );
  }
});

Deno.test("usernameProblem() accepts odd names that the daemon accepted", () => {
  for (const username of ["SnpCap", "9snp", "123", "b".repeat(53), "root"]) {
    assertEquals(usernameProblem(username), undefined);
  }
});
