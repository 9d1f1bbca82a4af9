/** What the tools for several containers are, need and take. */
import { assertEquals } from "@std/assert";
import { tools } from "../../../mod.ts";
import { bulkAnswer } from "../../../tools/bulk/bulk_answer.ts";
import { createContainers } from "../../../tools/bulk/create_containers.ts";
import { deleteContainers } from "../../../tools/bulk/delete_containers.ts";
import { startContainers } from "../../../tools/bulk/start_containers.ts";
import { stopContainers } from "../../../tools/bulk/stop_containers.ts";

const all = [createContainers, deleteContainers, startContainers, stopContainers];

Deno.test("the bulk tools are offered by name, say what they do, and need the scopes of containers", () => {
  assertEquals(all.map(({ name, effect, idempotent }) => [name, effect, idempotent]), [
    ["create_containers", "write", false],
    ["delete_containers", "destroy", true],
    ["start_containers", "write", true],
    ["stop_containers", "write", true],
  ]);
  for (const { name, scopes } of all) {
    assertEquals(scopes, ["containers:read", "containers:write"]);
    assertEquals(tools.some((tool) => tool.name === name), true, name);
  }
});

Deno.test("the bulk tools act at once unless asked only to plan, and kill and spread only if asked to", () => {
  const usernames = ["alice"];
  const create = createContainers.input.parse({ usernames });
  assertEquals([create.dry_run, create.wait_seconds, create.spread], [false, 25, false]);
  const stop = stopContainers.input.parse({ usernames });
  assertEquals([stop.dry_run, stop.wait_seconds, stop.force], [false, 25, false]);
  assertEquals(startContainers.input.parse({ usernames }), {
    usernames,
    dry_run: false,
    wait_seconds: 25,
  });
  assertEquals(deleteContainers.input.parse({ usernames }).dry_run, false);
});

Deno.test("the bulk tools wait up to an hour, and select by the states that a container stays in", () => {
  const { input } = stopContainers;
  const messageOf = (args: unknown) => input.safeParse(args).error?.issues[0]?.message;
  for (const seconds of [0, 3_600]) {
    assertEquals(messageOf({ state: "running", wait_seconds: seconds }), undefined);
  }
  for (const seconds of [-1, 3_601]) {
    assertEquals(
      messageOf({ state: "running", wait_seconds: seconds }),
      "expected 0 to 3600 seconds",
    );
  }
  for (const state of ["running", "stopped", "frozen"]) {
    assertEquals(messageOf({ state }), undefined);
  }
  for (const state of ["", "creating"]) assertEquals(messageOf({ state }) === undefined, false);
});

Deno.test("the answer of a bulk call counts each result there is", () => {
  const results = ["done", "skipped", "failed", "cancelled", "unknown", "planned"] as const;
  for (const result of results) {
    const answer = { totals: { [result]: 1 }, containers: [{ username: "alice", result }] };
    assertEquals(bulkAnswer.parse(answer), answer);
  }
  const other = { totals: {}, containers: [{ username: "alice", result: "" }] };
  assertEquals(bulkAnswer.safeParse(other).success, false);
});
