import { assert, assertEquals } from "@std/assert";
import { classifyAnswer } from "../../client/transport/response_error.ts";
import { refuseIncomplete } from "../../client/catalog/deploy_checks.ts";
import { readRecipe } from "../../client/catalog/recipe.ts";
import { readContainer } from "../../client/containers/container_row.ts";
import { ContainariumError } from "../../client/mod.ts";
import { daemonKeyProblem, own, readCredentials } from "../../client/internal.ts";
import { parseCpu } from "../../client/containers/quantities.ts";
import { readNumber, readStringMap } from "../../client/wire.ts";
import { startDaemon } from "../daemon/mod.ts";
import { inheritedKeys } from "../inherited_keys.ts";
import { clientOf } from "./connect.ts";

Deno.test("own() finds a table's own keys, and no inherited ones", () => {
  for (const key of inheritedKeys) {
    assertEquals(own({ a: 1 }, key), undefined);
    assertEquals(own(Object.fromEntries([[key, 1]]), key), 1);
  }
});

Deno.test("a daemon's word that every object inherits is an unknown one", async (t) => {
  for (const key of inheritedKeys) {
    await t.step(`a container's state, ${key}`, () => {
      assertEquals(readContainer({ username: "alice", state: key }).state, "unknown");
    });
    await t.step(`gRPC's code, ${key}`, () => {
      assertEquals(classifyAnswer(500, { grpcCode: key, message: "no" }).code, "internal");
    });
    await t.step(`a required parameter of a recipe, ${key}`, () => {
      const recipe = readRecipe({ id: "r", parameters: [{ name: key, required: true }] });
      let problem: unknown;
      try {
        refuseIncomplete(recipe, { username: "alice" });
      } catch (error) {
        problem = error;
      }
      assert(problem instanceof ContainariumError);
      assert(problem.message.includes(`needs parameter "${key}"`), problem.message);
    });
    await t.step(`a curve of a key, ${key}`, () => {
      assert(daemonKeyProblem(`ecdsa-sha2-${key} AAAAB3NzaC1yc2EAAAADAQABAAABAQ==`) !== undefined);
    });
    await t.step(`an address in the credentials file, ${key}`, () => {
      const text = `{"servers":{"${key}":{"token":"a"},"http://h:1":{"token":"b"}}}`;
      const file = readCredentials(text, "credentials.json");
      assertEquals(file.servers.map(({ url }) => url), ["http://h:1"]);
      assertEquals(file.tokenFor(new URL("http://h:1")), "b");
    });
  }
});

Deno.test("readStringMap() keeps a key __proto__ as any other, and touches no prototype", () => {
  const map = readStringMap(JSON.parse('{"__proto__":"x","constructor":"y","a":1}'), "labels");
  assertEquals(Object.entries(map), [["__proto__", "x"], ["constructor", "y"], ["a", ""]]);
  assertEquals(Object.getPrototypeOf({}), Object.prototype);
});

Deno.test("list() filters by a label that every object inherits", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const labels = Object.fromEntries(inheritedKeys.map((key) => [key, "x"]));
  const body = JSON.stringify({ containers: [{ username: "alice", labels }, { username: "bob" }] });
  daemon.inject({ kind: "answer", method: "GET", status: 200, body, times: Infinity });
  for (const key of inheritedKeys) {
    const names = async (value: string) =>
      (await client.containers.list({ labels: Object.fromEntries([[key, value]]) }))
        .map(({ username }) => username);
    assertEquals([await names("x"), await names("")], [["alice"], ["bob"]], key);
  }
});

Deno.test("readNumber() returns a number that can be summed, whatever the text", () => {
  for (const text of ["1e308", "-1e308", "1e400", "NaN", "Infinity", "9".repeat(400)]) {
    const number = readNumber(text);
    assert(Number.isFinite(number + number) && Math.abs(number) <= 2 ** 63, text);
  }
});

Deno.test("parseCpu() rejects overlong amounts and sets", () => {
  assertEquals(parseCpu("9".repeat(400)), undefined);
  assertEquals(parseCpu("0-9999,".repeat(10_000) + "1"), undefined);
});
