import { assertEquals, assertRejects } from "@std/assert";
import { InFlightLimit } from "../../../client/internal.ts";
import { fanOut } from "../../../tools/bulk/fan_out.ts";

/** Runs tasks with a limit of two, and notes what is reported. */
function start(tasks: readonly (() => Promise<string>)[], stop: AbortSignal) {
  const ended: string[] = [];
  const left: Promise<unknown>[] = [];
  const fates = fanOut(tasks, {
    limit: new InFlightLimit(2),
    stop,
    onEnd: (value, isLate) => void ended.push(`${value}${isLate ? ", late" : ""}`),
    onLeft: (work) => void left.push(work),
  });
  return { fates, ended, left };
}

Deno.test("fanOut() returns the value of each task in order, and leaves no work", async () => {
  const stop = new AbortController().signal;
  const tasks = ["a", "b", "c"].map((name) => () => Promise.resolve(name));
  const { fates, ended, left } = start(tasks, stop);
  assertEquals(await fates, [
    { kind: "ended", value: "a" },
    { kind: "ended", value: "b" },
    { kind: "ended", value: "c" },
  ]);
  assertEquals([ended, left], [["a", "b", "c"], []]);
});

Deno.test("fanOut() that is stopped hands on what is under way, and begins no more", async () => {
  const stop = new AbortController();
  const slow = Promise.withResolvers<string>();
  const tasks = [
    () => Promise.resolve("a"),
    () => slow.promise,
    () => {
      stop.abort();
      return new Promise<string>(() => {});
    },
    () => Promise.resolve("never"),
  ];
  const { fates, ended, left } = start(tasks.slice(0, 2), stop.signal);
  const other = start(tasks.slice(2), stop.signal);
  assertEquals((await other.fates)[0], { kind: "under_way" });
  assertEquals(await fates, [{ kind: "ended", value: "a" }, { kind: "under_way" }]);
  assertEquals([ended, left.length], [["a"], 1]);
  slow.resolve("b");
  await left[0];
  assertEquals(ended, ["a", "b, late"]);
});

Deno.test("fanOut() begins nothing if it is stopped before, and leaves no work", async () => {
  let begun = 0;
  const task = () => Promise.resolve(`${++begun}`);
  const { fates, ended, left } = start([task, task], AbortSignal.abort());
  assertEquals(await fates, [{ kind: "not_begun" }, { kind: "not_begun" }]);
  assertEquals([begun, ended, left], [0, [], []]);
});

Deno.test("fanOut() does not hide that a task rejected, which none may", async () => {
  const stop = new AbortController().signal;
  const { fates } = start([() => Promise.reject(new TypeError("a bug"))], stop);
  await assertRejects(() => fates, TypeError, "a bug");
});
