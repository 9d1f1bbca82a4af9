/** What a bulk start or stop says of each container. */
import { assert, assertEquals } from "@std/assert";
import { type Container, unseenContainer } from "../../../client/containers/container.ts";
import type { Row } from "../../../tools/bulk/bulk_answer.ts";
import { changeStep, type StateChange } from "../../../tools/bulk/state_change.ts";

const running = { ...unseenContainer("alice"), state: "running", disk: "50GB" } as const;
const stopped = { ...running, state: "stopped" } as const;
/** As a start leaves it: it goes on being deleted. */
const deleted = {
  ...running,
  deletion: { deletedAt: new Date(), wasRunning: true },
  ttlExpiresAt: new Date(Date.now() + 3_600_000),
} as const;

/** The rows of a container before and after a change. */
async function rowsOf(
  to: StateChange["to"],
  before: Container,
  after: Container,
  changed = true,
): Promise<readonly [planned: Row, done: Row]> {
  const apply = () => Promise.resolve({ changed, container: after });
  const step = changeStep({ kind: "found", container: before }, { to, apply });
  assert(step.kind === "act");
  return [step.expected, await step.act()];
}

Deno.test("a stop says that it starts a deletion, and when, before and after it", async () => {
  const doomed = { ...running, deleteAfterStoppedSeconds: 600 };
  const why =
    "it will be deleted 10 min later, with its 50GB disk, unless it is started before then";
  const [planned, done] = await rowsOf("stopped", doomed, stopped);
  assertEquals([planned.result, planned.why], ["planned", why]);
  assertEquals([done.result, done.state, done.why], ["done", "stopped", why]);
});

Deno.test("a stop that loses nothing and a start need no remark", async () => {
  for (
    const [to, before, after] of [
      ["stopped", running, stopped],
      ["running", stopped, running],
      // What a stop would have started, a start ends.
      ["running", { ...stopped, deleteAfterStoppedSeconds: 600 }, running],
      ["running", { ...running, state: "frozen", deleteAfterStoppedSeconds: 600 }, running],
      ["stopped", deleted, { ...deleted, state: "stopped" }],
    ] as const
  ) {
    const [planned, done] = await rowsOf(to, before, after);
    assertEquals([planned.why, done.why, done.state], [undefined, undefined, to]);
  }
});

Deno.test("a start of what is deleted and still there says how to keep it", async () => {
  const [planned, done] = await rowsOf("running", { ...deleted, state: "stopped" }, deleted);
  assertEquals(planned.why, undefined);
  assert(/^It is still deleting .*: undelete_container keeps it\.$/.test(done.why ?? ""), done.why);
});

Deno.test("a container that is in the wanted state already is skipped, planned or not", async () => {
  for (const [to, container] of [["running", running], ["stopped", stopped]] as const) {
    for (const row of await rowsOf(to, container, container, false)) {
      assertEquals([row.result, row.why, row.state], ["skipped", `it was already ${to}`, to]);
    }
  }
});
