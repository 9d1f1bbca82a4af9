/** What `make bench` makes of what it measures. */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { atOnce } from "../../scripts/bench/at_once.ts";
import { interleave } from "../../scripts/bench/interleave.ts";
import { joined, LineSplitter } from "../../scripts/bench/line_splitter.ts";
import { chosenParts, planOf } from "../../scripts/bench/plan.ts";
import { parseStat, statOf } from "../../scripts/bench/process_stat.ts";
import { cellText, reportJson, reportText, tableText } from "../../scripts/bench/report.ts";
import { holds, type Section, type Target } from "../../scripts/bench/section.ts";
import { growthPerDoubling, median, quantile } from "../../scripts/bench/statistics.ts";
import { peerOf } from "../../scripts/bench/subject.ts";
import { NoResult, WireClient } from "../../scripts/bench/wire_client.ts";

Deno.test("quantile() returns a value that was measured, whatever their order", () => {
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 3, 2]), 3);
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
  assertEquals([quantile(hundred, 0), quantile(hundred, 0.95), quantile(hundred, 1)], [1, 96, 100]);
  assert(Number.isNaN(median([])));
});

Deno.test("growthPerDoubling() is 2 for what is linear, 4 for what is quadratic", () => {
  const costs = (cost: (size: number) => number) =>
    [10, 100, 200, 1_000].map((size) => ({ size, cost: cost(size) }));
  const rounded = (growths: readonly (number | undefined)[]) =>
    growths.map((growth) => growth?.toFixed(3));
  assertEquals(rounded(growthPerDoubling(costs((n) => 7 * n))), ["2.000", "2.000", "2.000"]);
  assertEquals(rounded(growthPerDoubling(costs((n) => n * n))), ["4.000", "4.000", "4.000"]);
  assertEquals(rounded(growthPerDoubling(costs(() => 3))), ["1.000", "1.000", "1.000"]);
  assertEquals(growthPerDoubling(costs((n) => n - 100)).slice(0, 2), [undefined, undefined]);
});

const slow: Target = { what: "a call, ms", found: 0.7, bound: "at most", limit: 0.6 };
const fast: Target = { what: "speed, ×", found: 15, bound: "at least", limit: 15 };
const unmeasured: Target = { ...slow, what: "memory, MiB", found: undefined };

Deno.test("holds() compares a figure with its bound", () => {
  assertEquals([slow, fast, unmeasured].map(holds), [false, true, undefined]);
});

Deno.test("holds() takes nothing for a figure that is none: the largest of no numbers, a quotient of nothing", () => {
  const found = [Math.max(...[]), NaN, Infinity];
  assertEquals(found.map((found) => holds({ ...slow, found })), [undefined, undefined, undefined]);
});

const section: Section = {
  tables: [{
    title: "Lists",
    columns: ["containers", "ms"],
    rows: [["10", 0.123], ["20,000", 1234.5], ["none", undefined]],
  }],
  targets: [slow, fast, unmeasured],
  notes: ["a peer: none"],
};
const circumstances = {
  at: new Date("2026-11-26T10:00:00Z"),
  machine: "linux",
  deno: "2.9.6",
  mode: "full",
  isComplete: true,
};

Deno.test("tableText() aligns names to the left and figures to the right", () => {
  assertEquals(
    section.tables.map(tableText),
    ["Lists\ncontainers     ms\n10           0.12\n20,000      1,235\nnone            -"],
  );
});

Deno.test("cellText() rounds to what can be told apart", () => {
  const cells = [0.044, -3.456, 12.34, 99.96, 1234567.8, NaN, -Infinity, undefined, "x"];
  assertEquals(cells.map(cellText), [
    "0.04",
    "-3.46",
    "12.3",
    "100.0",
    "1,234,568",
    "-",
    "-",
    "-",
    "x",
  ]);
});

Deno.test("reportText() says which targets hold, and what was not measured", () => {
  const text = reportText([section], circumstances);
  assert(/^a call, ms +0\.70 +at most 0\.6 +NO$/m.test(text), text);
  assert(/^speed, × +15\.0 +at least 15 +yes$/m.test(text), text);
  assert(/^memory, MiB +- +at most 0\.6 +unknown$/m.test(text), text);
  assertStringIncludes(text, "2026-11-26, linux, Deno 2.9.6, full");
  assertStringIncludes(text, "Not measured: a peer: none");
});

Deno.test("reportJson() has each figure under its column, and null where there is none", () => {
  const { tables, targets, notMeasured } = JSON.parse(reportJson([section], circumstances));
  assertEquals(tables[0].rows[1], { containers: "20,000", ms: 1234.5 });
  assertEquals(tables[0].rows[2], { containers: "none", ms: null });
  assertEquals(targets.map(({ holds }: { holds: unknown }) => holds), [false, true, null]);
  assertEquals(notMeasured, ["a peer: none"]);
});

Deno.test("interleave() takes turns, and counts nothing of the warm-up", async () => {
  const order: string[] = [];
  const work = (name: string) => ({ name, run: () => Promise.resolve(order.push(name)) });
  const results = await interleave([work("a"), work("b")], { warmUp: 1, runs: 3, atATime: 2 });
  assertEquals(order.join(""), "abaabbab");
  assertEquals([...results], [["a", [3, 4, 7]], ["b", [5, 6, 8]]]);
});

Deno.test("atOnce() does everything once, and no more at a time than it may", async () => {
  const done: number[] = [];
  let running = 0;
  let most = 0;
  await atOnce(10, 3, async (at) => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    done.push(at);
    running--;
  });
  assertEquals(done.toSorted((a, b) => a - b), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assertEquals(most, 3);
});

Deno.test("LineSplitter puts lines together however their bytes arrive", () => {
  const bytes = new TextEncoder().encode("one\n\ntwö\nrest");
  for (let size = 1; size <= bytes.length; size++) {
    const splitter = new LineSplitter();
    const lines: string[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      const found = splitter.split(bytes.subarray(at, at + size));
      lines.push(...found.map((line) => new TextDecoder().decode(joined(line))));
    }
    assertEquals(lines, ["one", "", "twö"]);
  }
});

Deno.test("parseStat() reads memory and processor time, whatever the program is called", () => {
  const stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 900 0 0 0 150 25 0 0 20 0 9 0 1 2 3\n";
  const status = "Name:\ta) b (c\nVmHWM:\t   90000 kB\nVmRSS:\t   51200 kB\n";
  assertEquals(parseStat(stat + status), { memoryMiB: 50, cpuMs: 1_750 });
  assertEquals(parseStat(""), undefined);
});

Deno.test({
  name: "statOf() knows a process that runs, and none that does not",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const own = await statOf(Deno.pid);
    assert(own !== undefined && own.memoryMiB > 1 && own.cpuMs > 0);
    // Larger than the kernel gives.
    assertEquals(await statOf(2 ** 30), undefined);
  },
});

Deno.test("planOf() knows two modes, of which quick is the smaller", () => {
  const [full, quick] = [planOf(""), planOf("quick")];
  assertEquals(full, planOf("full"));
  assert(quick.starts < full.starts && quick.calls < full.calls);
  assertEquals(full.fleets, [10, 100, 1_000, 5_000, 20_000]);
  assertThrows(() => planOf("fast"), Error, "expected full or quick");
});

Deno.test("chosenParts() returns all parts or those of a list, and refuses others", () => {
  const all = ["start", "bulk"];
  assertEquals([chosenParts(all), chosenParts(all, ""), chosenParts(all, "bulk")], [
    all,
    all,
    ["bulk"],
  ]);
  assertThrows(() => chosenParts(all, "start,beginning"), Error, "Cannot measure beginning");
});

const nowhere = { url: "http://127.0.0.1:1", token: "ctnr_example" };
const inShell = (script: string) => peerOf(`sh -c '${script}'`).command(nowhere);

Deno.test("WireClient counts the bytes of an answer, whatever comes before it", async () => {
  await using client = new WireClient(
    inShell(
      `read line; echo {}; echo "{\\"id\\":1,\\"result\\":{\\"a\\":\\"ö\\"}}"; cat >/dev/null`,
    ),
    nowhere,
  );
  const { bytes, result, ms } = await client.request("ping", {});
  assertEquals([bytes, result], [28, { a: "ö" }]);
  assert(ms > 0);
});

Deno.test("WireClient throws if a program answers with an error, something else, or not at all", async () => {
  const programs = {
    "no such tool": `read line; echo "{\\"id\\":1,\\"error\\":{\\"message\\":\\"no such tool\\"}}"`,
    "no result": "cat",
    "ended": "exit 3",
  };
  for (const [message, script] of Object.entries(programs)) {
    await using client = new WireClient(inShell(script), nowhere);
    await assertRejects(() => client.request("ping", {}), NoResult, message);
  }
});
