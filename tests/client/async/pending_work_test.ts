import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { PendingWork, type Work } from "../../../client/async/pending_work.ts";
import { ContainariumError } from "../../../client/mod.ts";

const never = undefined;
const name = { key: "a", title: "The work" };
const failure = new ContainariumError("internal", "It broke");

Deno.test("PendingWork starts work once and returns its result to all callers", async () => {
  using pending = new PendingWork<string>();
  const { promise, resolve } = Promise.withResolvers<string>();
  let begun = 0;
  const ask = () => pending.begin("alice", name, () => (begun++, promise));
  const waits = [ask(), ask()].map((work) => pending.wait("alice", work, 60_000, never));
  resolve("done");
  assertEquals(await Promise.all(waits), [{ value: "done" }, { value: "done" }]);
  assertEquals(begun, 1);
});

Deno.test("PendingWork returns the result once to a caller that comes back", async () => {
  using pending = new PendingWork<string>();
  const { promise, resolve } = Promise.withResolvers<string>();
  const work = pending.begin("alice", name, () => promise);
  assertEquals(await pending.wait("alice", work, 0, never), undefined);
  resolve("done");
  await work.outcome;
  assertEquals(pending.join("alice", "a"), work);
  assertEquals(await pending.wait("alice", work, 0, never), { value: "done" });
  assertEquals(pending.join("alice", "a"), undefined);
});

Deno.test("PendingWork adds its age to a failure that nobody saw", async () => {
  let now = 0;
  using pending = new PendingWork<string>(() => now);
  const work = pending.begin("alice", name, () => Promise.reject(failure));
  await work.outcome;
  now = 42_000;
  const error = await assertRejects(
    () => pending.wait("alice", work, 0, never),
    ContainariumError,
    "It broke. That was 42 s ago, in the previous call; this call sent nothing",
  );
  assertEquals(error.code, "internal");
});

Deno.test("PendingWork keeps an outcome for ten minutes", async () => {
  let now = 0;
  using pending = new PendingWork<string>(() => now);
  const work = pending.begin("alice", name, () => Promise.resolve("done"));
  await work.outcome;
  now = 600_000;
  assertEquals(pending.join("alice", "a"), work);
  now = 600_001;
  assertEquals(pending.join("alice", "a"), undefined);
});

Deno.test("PendingWork refuses other work for the same user meanwhile", async () => {
  using pending = new PendingWork<string>();
  const { promise, resolve } = Promise.withResolvers<string>();
  const work = pending.begin("alice", name, () => promise);
  const other = () => pending.begin("alice", { ...name, key: "b" }, () => promise);
  const expected = "The work is in progress with other arguments";
  await assertRejects(() => Promise.try(other), ContainariumError, expected);
  resolve("done");
  await work.outcome;
  assert(other() !== work, "what has ended stands in nobody's way");
});

Deno.test("PendingWork continues when a caller cancels its wait", async () => {
  using pending = new PendingWork<string>();
  const { promise, resolve } = Promise.withResolvers<string>();
  const given: AbortSignal[] = [];
  const work = pending.begin("alice", name, (signal) => (given.push(signal), promise));
  const cancel = new AbortController();
  const wait = pending.wait("alice", work, 60_000, cancel.signal);
  cancel.abort();
  const error = await assertRejects(
    () => wait,
    ContainariumError,
    "The work continues on the daemon",
  );
  assertEquals([error.code, given[0]?.aborted], ["cancelled", false]);
  resolve("done");
  assertEquals(await pending.wait("alice", work, 60_000, never), { value: "done" });
});

Deno.test("PendingWork aborts its requests when it is disposed", () => {
  const pending = new PendingWork<string>();
  const given: AbortSignal[] = [];
  const { promise } = Promise.withResolvers<string>();
  pending.begin("alice", name, (signal) => (given.push(signal), promise));
  pending[Symbol.dispose]();
  assertEquals(given[0]?.aborted, true);
});

const usernames = ["alice", "bob"] as const;
type Event = readonly ["ask" | "end" | "fail", typeof usernames[number]];
const event: fc.Arbitrary<Event> = fc.tuple(
  fc.constantFrom("ask", "end", "fail"),
  fc.constantFrom(...usernames),
);

/** What is known of one user's work. */
class Model {
  readonly waits: Promise<string>[] = [];
  finish: ((failed: boolean) => void) | undefined;
  begun = 0;
  ended: Promise<unknown> = Promise.resolve();

  /** Asks for the work, and waits for as long as it takes. */
  ask(pending: PendingWork<string>, username: string): void {
    const work: Work<string> = pending.begin(username, name, () => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const own = `${username} ${++this.begun}`;
      this.finish = (failed) =>
        failed ? reject(new ContainariumError("internal", own)) : resolve(own);
      return promise;
    });
    this.ended = work.outcome;
    this.waits.push(
      pending.wait(username, work, 3_600_000, never).then(
        (ended) => ended?.value ?? "goes on",
        (error: Error) => error.message,
      ),
    );
  }
}

Deno.test("PendingWork runs one work per user and returns to each call its own result, in any order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 30 }), async (events) => {
      using pending = new PendingWork<string>();
      const models = new Map(usernames.map((username) => [username, new Model()]));
      const expected = new Map<string, string[]>(usernames.map((username) => [username, []]));
      for (const [what, username] of events) {
        const model = models.get(username);
        assert(model !== undefined);
        if (what === "ask") {
          const under = model.finish === undefined ? model.begun + 1 : model.begun;
          model.ask(pending, username);
          assertEquals(model.begun, under, "begun only when none was under way");
          expected.get(username)?.push(`${username} ${under}`);
        } else if (model.finish !== undefined) {
          model.finish(what === "fail");
          model.finish = undefined;
          await model.ended;
          await Promise.all(model.waits);
        }
      }
      for (const [username, model] of models) {
        model.finish?.(false);
        assertEquals(await Promise.all(model.waits), expected.get(username));
      }
    }),
    { numRuns: 200 },
  );
});
