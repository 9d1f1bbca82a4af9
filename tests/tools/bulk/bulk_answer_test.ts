import { assertEquals } from "@std/assert";
import { unseenContainer } from "../../../client/containers/container.ts";
import {
  factsOf,
  nothingWorked,
  renderBulk,
  type Row,
  sumUp,
} from "../../../tools/bulk/bulk_answer.ts";

const done: Row = { username: "alice", result: "done" };

Deno.test("sumUp() counts each result, and leaves out what there is none of", () => {
  const rows: readonly Row[] = [
    done,
    { username: "bob", result: "done" },
    { username: "carol", result: "cancelled" },
  ];
  assertEquals(sumUp(rows, "call again"), {
    totals: { done: 2, cancelled: 1 },
    containers: [...rows],
    next: "call again",
  });
  assertEquals(sumUp([]), { totals: {}, containers: [], next: undefined });
});

Deno.test("nothingWorked() holds if some failed, and none is done, planned or perhaps done", () => {
  const cases: readonly (readonly [readonly Row["result"][], boolean])[] = [
    [[], false],
    [["failed"], true],
    [["failed", "skipped", "cancelled"], true],
    [["skipped", "cancelled"], false],
    [["failed", "done"], false],
    [["failed", "unknown"], false],
    [["failed", "planned"], false],
    // Two that cancel each other out in a sum.
    [["failed", "unknown", "planned"], false],
    [["failed", "done", "planned"], false],
  ];
  for (const [results, isNothing] of cases) {
    const rows = results.map((result, at) => ({ username: `u${at}`, result }));
    assertEquals(nothingWorked(sumUp(rows)), isNothing, results.join());
  }
});

Deno.test("factsOf() describes a container by what is known of it", () => {
  assertEquals(
    factsOf({
      ...unseenContainer("alice"),
      state: "running",
      ipAddress: "10.77.0.5",
      backendId: "far",
    }),
    { username: "alice", state: "running", ip_address: "10.77.0.5", backend: "far" },
  );
  const { username, state, ip_address: address, backend } = factsOf(unseenContainer("a\u202eb"));
  assertEquals([username.includes("\u202e"), state], [false, unseenContainer("a").state]);
  assertEquals([address, backend], [undefined, undefined]);
});

Deno.test("renderBulk() shows totals, a column for each fact, and each next step once", () => {
  const rows: readonly Row[] = [
    {
      username: "alice",
      result: "done",
      state: "running",
      ip_address: "10.77.0.5",
      cpu: "2",
      memory: "4GB",
      disk: "50GB",
      backend: "far",
    },
    {
      username: "bob",
      result: "planned",
      plan: { image: "images:debian/12", docker: false },
    },
    { username: "carol", result: "failed", code: "conflict", why: "busy", next: "wait" },
    { username: "dave", result: "failed", code: "internal", why: "broken", next: "wait" },
    { username: "erin", result: "unknown", why: "lost", next: "look" },
  ];
  const answer = { ...sumUp(rows, "call again"), warnings: ["The disk is small."] };
  assertEquals(renderBulk(answer).split("\n").map((line) => line.replace(/ {2,}/g, " | ")), [
    "5 containers: 1 done, 2 failed, 1 unknown, 1 planned",
    "username | result | state | ip_address | cpu | memory | disk | plan | backend | code | why",
    "alice | done | running | 10.77.0.5 | 2 | 4GB | 50GB | far",
    "bob | planned | images:debian/12, no docker",
    "carol | failed | conflict | busy",
    "dave | failed | internal | broken",
    "erin | unknown | lost",
    "The disk is small.",
    "Next for carol, dave: wait",
    "Next for erin: look",
    "Next: call again",
  ]);
});

Deno.test("renderBulk() shows one container in the singular, and no empty lines", () => {
  assertEquals(renderBulk(sumUp([done])), "1 container: 1 done\nusername  result\nalice     done");
  assertEquals(renderBulk(sumUp([])), "No containers match.");
  assertEquals(renderBulk(sumUp([], "look")), "No containers match.\nNext: look");
});

Deno.test("renderBulk() shows under a user's name which commands of the template failed", () => {
  const failed = { command: "make", "exit_code": 2, output: "no rule" };
  const text = renderBulk(sumUp([{ ...done, "post_create": [failed] }]));
  const [, , , heading, first = ""] = text.split("\n");
  assertEquals([heading, first.startsWith("exit 2: make")], ["alice:", true], text);
});
