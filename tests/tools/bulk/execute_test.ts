/** A call for several containers against a model of it: random ends and cancellations, driven by hand. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ContainariumClient } from "../../../client/mod.ts";
import { type BulkAnswer, nothingWorked } from "../../../tools/bulk/bulk_answer.ts";
import { countsOf } from "./ask.ts";
import { Call, type End, settled } from "./hand_driven.ts";
import { Model } from "./model.ts";

/** What happens next: one of the items in progress ends, or the call is cancelled. */
type Event =
  | { readonly kind: "end"; readonly which: number; readonly how: End }
  | {
    readonly kind: "end_and_cancel";
    readonly which: number;
    readonly how: End;
    readonly steps: number;
  }
  | { readonly kind: "cancel" };

const endNames: readonly End[] = ["done", "skipped", "failed", "unknown", "defect"];
const how = fc.constantFrom<End>(...endNames);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant("end"), which: fc.nat(9), how }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("end_and_cancel"),
      which: fc.nat(9),
      how,
      steps: fc.nat(24),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel") }) },
);

async function apply(event: Event, call: Call, model: Model): Promise<void> {
  if (event.kind !== "cancel" && model.running.length > 0) {
    const username = model.running.at(event.which % model.running.length) ?? "";
    const isMoment = event.kind === "end_and_cancel" && !model.isCancelled;
    call.end(username, event.how);
    model.end(username, event.how, isMoment);
  }
  if (event.kind === "end") return;
  // An end has several steps; the cancellation may come between any two.
  for (let step = 0; event.kind === "end_and_cancel" && step < event.steps; step++) {
    await Promise.resolve();
  }
  call.cancel();
  model.isCancelled = true;
}

const scenario = fc.record({
  count: fc.nat(12),
  decided: fc.array(fc.nat(11), { maxLength: 4 }),
  concurrency: fc.integer({ min: 1, max: 5 }),
  events: fc.array(event, { maxLength: 30 }),
});

Deno.test("execute() reports every container once, whatever ends, fails or is cancelled", async () => {
  using client = new ContainariumClient({ serverUrl: "http://127.0.0.1:1", token: "ctnr_example" });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ count, decided, concurrency, events }) => {
      const usernames = Array.from({ length: count }, (_, at) => `user${at}`);
      const known = new Set(decided.map((at) => `user${at}`));
      const acting = usernames.filter((username) => !known.has(username));
      const call = new Call(client, usernames, known, concurrency);
      const model = new Model(acting, concurrency);
      for (const event of events) {
        await settled();
        const running = [...call.running.keys()].filter((username) => username !== model.next);
        assertEquals(running.sort(), model.running.toSorted());
        await apply(event, call, model);
      }
      await endAll(call, model);
      checkAnswer(await call.answer, call, model, usernames);
    }),
    { numRuns: 150 },
  );
});

Deno.test("execute() hands on what is in progress when it answers, and nothing otherwise", async () => {
  using client = new ContainariumClient({ serverUrl: "http://127.0.0.1:1", token: "ctnr_example" });
  const call = new Call(client, ["alice", "bob"], new Set(), 1);
  await settled();
  call.cancel();
  const { totals, containers: [, bob] } = await call.answer;
  assertEquals([totals, call.left.length], [{ unknown: 1, cancelled: 1 }, 1]);
  assertEquals(bob?.why, "not started when the call was cancelled");
  call.end("alice", "done");
  await call.left[0];
  assertEquals(call.logged, [
    "try_containers was cut short: alice: unknown, bob: cancelled",
    "try_containers, after its answer: alice: done",
  ]);
  assertEquals(call.levels, ["warning", "info"]);

  const other = new Call(client, ["alice"], new Set(), 1);
  await settled();
  other.end("alice", "done");
  await other.answer;
  assertEquals(other.left, []);
});

Deno.test("execute() counts each end in its progress", async () => {
  using client = new ContainariumClient({ serverUrl: "http://127.0.0.1:1", token: "ctnr_example" });
  const call = new Call(client, ["alice", "bob", "carol"], new Set(["bob"]), 2);
  await settled();
  call.end("carol", "failed");
  await settled();
  call.end("alice", "done");
  await call.answer;
  assertEquals(call.counts, ["1 of 3", "2 of 3", "3 of 3"]);
  assertEquals(call.lines.map((line) => line.split(":")[0]), ["bob", "carol", "alice"]);
});

/** Lets the rest succeed; after its result if the call was cancelled. */
async function endAll(call: Call, model: Model): Promise<void> {
  await settled();
  while (model.running.length > 0) {
    await apply({ kind: "end", which: 0, how: "done" }, call, model);
    await settled();
  }
  if (model.next !== undefined) call.end(model.next, "done");
  await settled();
}

function checkAnswer(
  answer: BulkAnswer,
  call: Call,
  model: Model,
  usernames: readonly string[],
): void {
  const { containers, totals, next } = answer;
  assertEquals(containers.map(({ username }) => username), usernames, "each once, in order");
  const acting = containers.filter(({ why }) => why !== "it is protected");
  for (const row of acting) assert(model.allows(row), JSON.stringify(row));
  assertEquals(totals, countsOf(containers));
  assertEquals(call.tooLate, [], "nothing is begun after the cancellation");
  assertEquals(new Set(call.begun).size, call.begun.length, "nothing is begun twice");
  const notBegun = acting.filter(({ result }) => result === "cancelled");
  assertEquals(call.begun.length + notBegun.length, acting.length);
  for (const { username } of notBegun) assert(!call.begun.includes(username), username);
  assertEquals(next?.includes("try_containers") ?? false, notBegun.length > 0);

  const late = call.logged.filter((line) => line.startsWith("try_containers, after its answer"));
  const reported = [...call.lines, ...late].map((line) => /\b(user\d+): /.exec(line)?.[1]);
  const begunOrDecided = usernames.filter((name) =>
    !notBegun.some(({ username }) => username === name)
  );
  assertEquals(reported.sort(), begunOrDecided.sort(), "one line for each that came to its end");
  const isCutShort = call.logged.some((line) => line.startsWith("try_containers was cut short"));
  assertEquals(isCutShort, model.isCancelled && notBegun.length + late.length > 0);
  const { done = 0, unknown = 0, failed = 0 } = totals;
  const worked = done + unknown > 0;
  assertEquals(nothingWorked(answer), !worked && failed > 0);
}
