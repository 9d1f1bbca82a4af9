/** Which changes of a resource's state are reported, and which failures are a state. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ContainariumClient, ContainariumError, type ErrorCode } from "../../../client/mod.ts";
import { StateChecks, type Watched } from "../../../server/updates/state_checks.ts";
import { defineResource, type Resource } from "../../../tools/resource.ts";
import { contextOf } from "../../tools/context.ts";
import { secret } from "../fixture.ts";

/** A resource whose state a test sets, its subscriber, and checks that look at it. */
function watch(first: () => Promise<string>, leastMs = 0) {
  const client = new ContainariumClient({ serverUrl: "http://127.0.0.1:1", token: secret });
  const end = new AbortController();
  const logged: string[] = [];
  const context = {
    ...contextOf(client),
    signal: end.signal,
    log: (level: string, line: string) => logged.push(`${level}: ${line}`),
  };
  const checks = new StateChecks({ context, leastMs, maxAtOnce: 2 });
  let state = first;
  const resource: Resource = defineResource({
    uri: "test://thing",
    name: "thing",
    title: "Thing",
    description: "A thing",
    mimeType: "text/plain",
    priority: 1,
    tools: [],
    variables: {},
    read: () => Promise.resolve({ text: "" }),
    state: () => state(),
  });
  const counted = { reports: 0 };
  const watched: Watched = {
    uri: "test://thing",
    resource,
    values: {},
    onUpdate: new Set([() => void counted.reports++]),
    seen: Promise.withResolvers<void>(),
    isLate: false,
    reportedAt: -Infinity,
  };
  return {
    checks,
    watched,
    counted,
    logged,
    end,
    /** Looks once, at this state, and resolves when that is over. */
    look: async (next: () => Promise<string> = state) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      state = () => next().finally(resolve);
      checks.look(watched);
      await promise;
      await checks.settled();
    },
    [Symbol.dispose]: () => {
      checks[Symbol.dispose]();
      client[Symbol.dispose]();
    },
  };
}

const is = (text: string) => () => Promise.resolve(text);
const fails = (error: unknown) => () => Promise.reject(error);

Deno.test("StateChecks reports a change, and neither the first look nor the same state", async () => {
  using thing = watch(is("one"));
  await thing.look();
  await thing.watched.seen.promise;
  assertEquals(thing.counted.reports, 0);
  await thing.look(is("one"));
  assertEquals(thing.counted.reports, 0);
  await thing.look(is("two"));
  assertEquals(thing.counted.reports, 1);
  await thing.look(is("one"));
  assertEquals(thing.counted.reports, 2);
  assert(thing.watched.reportedAt > 0);
  assertEquals(thing.logged, []);
});

Deno.test("StateChecks reports the first look to whoever was answered before it", async () => {
  using thing = watch(is("one"));
  thing.watched.isLate = true;
  await thing.look();
  assertEquals([thing.counted.reports, thing.watched.isLate], [1, false]);
  await thing.look();
  assertEquals(thing.counted.reports, 1);
});

Deno.test("StateChecks takes a failure that says something of the resource for a state of it", async (t) => {
  const isState: Readonly<Record<ErrorCode, boolean>> = {
    "not_found": true,
    "permission_denied": true,
    "failed_precondition": true,
    "invalid_argument": true,
    unsupported: true,
    conflict: true,
    unauthenticated: false,
    "resource_exhausted": false,
    unavailable: false,
    timeout: false,
    cancelled: false,
    ambiguous: false,
    internal: false,
  };
  for (const code of Object.keys(isState).filter((code): code is ErrorCode => code in isState)) {
    await t.step(code, async () => {
      using thing = watch(is("one"));
      await thing.look();
      await thing.look(fails(new ContainariumError(code, "It failed")));
      assertEquals(thing.counted.reports, isState[code] ? 1 : 0);
      assertEquals(thing.logged, ["debug: test://thing: It failed"]);
      // Back as it was: a change only after a state in between.
      await thing.look(is("one"));
      assertEquals(thing.counted.reports, isState[code] ? 2 : 0);
    });
  }
  await t.step("another reason is another state", async () => {
    using thing = watch(fails(new ContainariumError("conflict", "x", { reason: "protected" })));
    await thing.look();
    await thing.look(fails(
      new ContainariumError("conflict", "in other words", {
        reason: "protected",
      }),
    ));
    assertEquals(thing.counted.reports, 0);
    await thing.look(fails(new ContainariumError("conflict", "x", { reason: "not_running" })));
    assertEquals(thing.counted.reports, 1);
  });
});

Deno.test("StateChecks reports what was seen after a first look that failed", async () => {
  using thing = watch(fails(new ContainariumError("unavailable", "away")));
  await thing.look();
  await thing.watched.seen.promise;
  assertEquals([thing.counted.reports, thing.watched.state, thing.watched.isLate], [
    0,
    undefined,
    true,
  ]);
  await thing.look(is("one"));
  assertEquals(thing.counted.reports, 1);
});

Deno.test("StateChecks logs a bug with where it is, and goes on", async () => {
  using thing = watch(is("one"));
  await thing.look();
  await thing.look(fails(new TypeError("a bug")));
  await thing.look(fails("a text"));
  const [bug = "", text] = thing.logged;
  assertStringIncludes(bug, "error: test://thing: TypeError: a bug");
  assertStringIncludes(bug, "state_checks_test.ts");
  assertEquals(text, "error: test://thing: a text");
  await thing.look(is("two"));
  assertEquals(thing.counted.reports, 1);
});

Deno.test("StateChecks says nothing of what fails because it was ended", async () => {
  using thing = watch(is("one"));
  await thing.look();
  await thing.look(() => {
    thing.end.abort();
    return Promise.reject(new TypeError("ended"));
  });
  assertEquals([thing.counted.reports, thing.logged], [0, []]);
});

Deno.test("StateChecks does not look at what was forgotten", async () => {
  using thing = watch(is("one"));
  let looks = 0;
  thing.checks.look({
    ...thing.watched,
    resource: {
      ...thing.watched.resource,
      state: () => {
        looks++;
        return Promise.resolve("");
      },
    },
  });
  const other = { ...thing.watched };
  thing.checks.look(other);
  thing.checks.forget(other);
  await thing.look();
  assertEquals([looks, other.state], [1, undefined]);
});

Deno.test("StateChecks is settled when the round that is on has ended", async () => {
  const began = Promise.withResolvers<void>();
  const goesOn = Promise.withResolvers<string>();
  using thing = watch(() => {
    began.resolve();
    return goesOn.promise;
  });
  thing.checks.look(thing.watched);
  await began.promise;
  let isSettled = false;
  const settled = thing.checks.settled().then(() => isSettled = true);
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(isSettled, false);
  goesOn.resolve("one");
  await settled;
});

Deno.test("StateChecks looks at nothing once it has ended, or was stopped", async () => {
  for (const end of ["dispose", "abort"] as const) {
    let looks = 0;
    using thing = watch(() => Promise.resolve(`${looks++}`));
    if (end === "abort") thing.end.abort();
    thing.checks.look(thing.watched);
    if (end === "dispose") thing.checks[Symbol.dispose]();
    await new Promise((resolve) => setTimeout(resolve));
    await thing.checks.settled();
    assertEquals(looks, 0, end);
  }
});

Deno.test("StateChecks logs a subscriber that fails, and goes on", async () => {
  using thing = watch(is("one"));
  await thing.look();
  const fail = () => {
    throw new TypeError("a bug");
  };
  thing.watched.onUpdate.add(fail);
  await thing.look(is("two"));
  assertEquals(thing.logged, ["error: updates: TypeError: a bug"]);
  thing.watched.onUpdate.delete(fail);
  await thing.look(is("three"));
  assertEquals(thing.counted.reports, 2);
});

Deno.test("StateChecks looks again at what it reported only after the least time", async () => {
  let now = 1_000;
  Object.defineProperty(performance, "now", { value: () => now, configurable: true });
  try {
    let looks = 0;
    let looked = Promise.withResolvers<void>();
    using thing = watch(() => {
      looked.resolve();
      return Promise.resolve(`${looks++}`);
    }, 5);
    thing.checks.look(thing.watched);
    await looked.promise;
    await thing.checks.settled();
    looked = Promise.withResolvers();
    thing.checks.look(thing.watched);
    // Timers come all the while; the clock stands still.
    for (let tick = 0; tick < 5; tick++) await new Promise((resolve) => setTimeout(resolve, 6));
    assertEquals(looks, 1);
    now += 5;
    await looked.promise;
    await thing.checks.settled();
    assertEquals([looks, thing.counted.reports], [2, 1]);
  } finally {
    Reflect.deleteProperty(performance, "now");
  }
});
