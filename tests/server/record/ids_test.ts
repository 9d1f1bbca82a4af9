import { assertEquals } from "@std/assert";
import { idsIn } from "../../../server/record/ids.ts";

Deno.test("idsIn() finds what was made or changed by its name in the result", () => {
  const rows: readonly (readonly [output: Readonly<Record<string, unknown>>, ids: unknown])[] = [
    [{}, undefined],
    [{ id: "a-1", job_id: "j", jti: "t", container_name: "alice-container" }, {
      id: "a-1",
      job_id: "j",
      jti: "t",
      container_name: "alice-container",
    }],
    [{ container: { name: "alice", state: "running" }, snapshot: { name: "s", id: "7" } }, {
      "container.name": "alice",
      "snapshot.name": "s",
      "snapshot.id": "7",
    }],
    [
      { name: "x", idle: "x", grid: "x", recipe: { name: "web" }, my: { snapshot: "x" } },
      undefined,
    ],
    [{ id: 7, jti: "", job_id: "two words", run_id: "x".repeat(129) }, undefined],
    [{ id: "ctnr_0123456789abcdef", job_id: "x".repeat(128) }, { job_id: "x".repeat(128) }],
  ];
  for (const [output, ids] of rows) {
    assertEquals<unknown>(idsIn(output), { ids, results: undefined }, JSON.stringify(output));
  }
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`a${at}_id`, `${at}`]));
  assertEquals(Object.keys(idsIn(many).ids ?? {}).length, 10);
});

Deno.test("idsIn() has what became of each container: its result, its code, or that it is there", () => {
  const containers = [
    { username: "alice", result: "deleted", code: "x" },
    { username: "bob", code: "not_found" },
    { username: "carol" },
    { username: "two words", result: "deleted" },
    { username: "dave", result: "two words" },
    { username: 7, result: "deleted" },
    "erin",
    null,
  ];
  assertEquals<unknown>(idsIn({ containers }), {
    ids: undefined,
    results: { alice: "deleted", bob: "not_found", carol: "ok" },
  });
  assertEquals(idsIn({ containers: "x" }).results, undefined);
  const many = Array.from({ length: 101 }, (_, at) => ({ username: `u${at}` }));
  assertEquals(Object.keys(idsIn({ containers: many }).results ?? {}).length, 100);
});
