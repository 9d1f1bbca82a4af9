import { assertEquals } from "@std/assert";
import { didYouMean, ifMeant, nearest } from "../../../client/internal.ts";

Deno.test("nearest() finds a typo's name, and no other", () => {
  const people = ["alice", "bob", "carol"];
  assertEquals(nearest("alcie", people), "alice");
  assertEquals(nearest("Carol", people), "carol");
  assertEquals(nearest("bo", people), "bob");
  assertEquals(nearest("zoe", people), undefined);
  assertEquals(nearest("x", people), undefined);
  assertEquals(nearest("alice", []), undefined);
});

Deno.test("nearest() ignores overlong names", () => {
  const long = Array.from({ length: 10_000 }, (_, n) => `${n}`.padEnd(65_536, "x"));
  assertEquals(nearest("alcie", [...long, "alice"]), "alice");
});

Deno.test("didYouMean() names what was meant, or what there is", () => {
  assertEquals(didYouMean("alcie", ["alice", "bob"]), "did you mean alice?");
  assertEquals(didYouMean("zoe", ["alice", "bob"]), "known: alice, bob");
  assertEquals(didYouMean("zoe", []), "there are none");
});

Deno.test("ifMeant() names what was meant, or nothing", () => {
  assertEquals(ifMeant("alcie", ["alice", "bob"]), "; did you mean alice?");
  assertEquals(ifMeant("zoe", ["alice", "bob"]), "");
});
