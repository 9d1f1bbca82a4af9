import { assertEquals, assertRejects } from "@std/assert";
import { InFlightLimit } from "../../../client/async/in_flight.ts";

const never = new AbortController().signal;

Deno.test("InFlightLimit runs tasks up to the limit, first come first served", async () => {
  const limit = new InFlightLimit(2);
  const gates = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
  const began: number[] = [];
  const tasks = gates.map((gate, index) =>
    limit.run(() => {
      began.push(index);
      return gate.promise;
    }, never)
  );
  await Promise.resolve();
  assertEquals(began, [0, 1]);
  gates[1]?.resolve();
  await tasks[1];
  assertEquals(began, [0, 1, 2]);
  gates.forEach((gate) => gate.resolve());
  await Promise.all(tasks);
  assertEquals(began, [0, 1, 2, 3]);
});

Deno.test("InFlightLimit frees the slot of a failed task and of an aborted wait", async () => {
  const limit = new InFlightLimit(1);
  await assertRejects(() => limit.run(() => Promise.reject(new TypeError("no")), never), TypeError);
  const gate = Promise.withResolvers<void>();
  const first = limit.run(() => gate.promise, never);
  const controller = new AbortController();
  const waiting = limit.run(() => Promise.resolve("late"), controller.signal);
  controller.abort(new RangeError("enough"));
  await assertRejects(() => waiting, RangeError, "enough");
  gate.resolve();
  await first;
  assertEquals(await limit.run(() => Promise.resolve("next"), never), "next");
});
