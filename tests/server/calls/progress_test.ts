import { assert, assertEquals } from "@std/assert";
import { Progress, type ProgressReport } from "../../../server/calls/progress.ts";

Deno.test("Progress reports at once, repeats during silence, and always rises", async () => {
  const reports: ProgressReport[] = [];
  const repeated = Promise.withResolvers<void>();
  {
    using progress = new Progress({
      heartbeatMs: 4,
      send: (report) => {
        reports.push(report);
        if (reports.length === 5) repeated.resolve();
      },
    });
    progress.report(1, 3, "creating");
    await repeated.promise;
    progress.report(1, 3, "still one");
    progress.report(2, 3, "provisioning");
  }
  const values = reports.map(({ progress }) => progress);
  assert(values.every((value, i) => i === 0 || value > (values[i - 1] ?? 0)), values.join(" "));
  assertEquals(reports[1], { ...reports[0], progress: values[1] ?? 0, message: "creating" });
  assertEquals(reports.at(-1), { progress: 2, total: 3, message: "provisioning" });
});

Deno.test("Progress reports nothing after the response", () => {
  const reports: ProgressReport[] = [];
  const progress = new Progress({ heartbeatMs: 1_000, send: (report) => reports.push(report) });
  progress[Symbol.dispose]();
  progress.report(1, 3, "given up, and still at it");
  assertEquals(reports, []);
});

Deno.test("Progress limits many reports to a few per second, always with the last one", () => {
  const reports: ProgressReport[] = [];
  {
    using progress = new Progress({ heartbeatMs: 1_000, send: (report) => reports.push(report) });
    for (let count = 1; count <= 300_000; count++) {
      progress.report(count, undefined, `line ${count}`);
    }
    assertEquals(reports.length, 20);
    progress.report(3, 3, "x".repeat(100_000));
  }
  assertEquals(reports.length, 21);
  const last = reports.at(-1);
  assertEquals([last?.message.length, last?.total], [1_000, 3]);
  const values = reports.map(({ progress }) => progress);
  assert(values.every((value, i) => i === 0 || value > (values[i - 1] ?? 0)), values.join(" "));
});

Deno.test("Progress sends held reports once there is room", async () => {
  const reports: string[] = [];
  const reported = Promise.withResolvers<void>();
  using progress = new Progress({
    heartbeatMs: 60_000,
    send: ({ message }) => {
      reports.push(message);
      if (message === "25") reported.resolve();
    },
  });
  for (let count = 1; count <= 25; count++) progress.report(count, undefined, `${count}`);
  await reported.promise;
  assertEquals(reports.slice(18), ["19", "20", "25"]);
});

Deno.test("Progress repeats the last report only after half a heartbeat in which nothing was said", async () => {
  let now = 1_000;
  Object.defineProperty(performance, "now", { value: () => now, configurable: true });
  try {
    let repeated = Promise.withResolvers<void>();
    let reports = 0;
    using progress = new Progress({
      heartbeatMs: 10,
      send: () => {
        reports++;
        repeated.resolve();
      },
    });
    progress.report(1, 3, "creating");
    await ticks(5, 5);
    assertEquals(reports, 1);
    repeated = Promise.withResolvers<void>();
    now += 5;
    await repeated.promise;
    assertEquals(reports, 2);
    await ticks(5, 5);
    assertEquals(reports, 2);
  } finally {
    Reflect.deleteProperty(performance, "now");
  }
});

/** Resolves when a timer has come so many times. */
async function ticks(count: number, everyMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = count;
  const timer = setInterval(() => {
    if (--left === 0) resolve();
  }, everyMs);
  await promise;
  clearInterval(timer);
}
