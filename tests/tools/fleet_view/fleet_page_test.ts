/** The view's page as the server builds it, and its parts that need no browser. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { transform } from "esbuild";
import { builtPage } from "../../../scripts/bundle/built_page.ts";
import { fleetPage } from "../../../tools/fleet_view/fleet_page.ts";
import { keyOf, readContainers } from "../../../tools/fleet_view/page/fleet_data.ts";
import {
  type Order,
  orders,
  type Row,
  sortRows,
} from "../../../tools/fleet_view/page/row_order.ts";
import { unfenced } from "../../../tools/fleet_view/page/unfenced.ts";
import { UsageHistory } from "../../../tools/fleet_view/page/usage_history.ts";
import { pageOf } from "../../../tools/fleet_view/page_of.ts";
import { fence } from "../../../tools/text/fence.ts";

const pages = [
  { name: "of a clone", page: fleetPage, maxBytes: 60_000 },
  { name: "in the bundle", page: await builtPage(), maxBytes: 40_000 },
];

for (const { name, page, maxBytes } of pages) {
  // Two modules with one name would be an error here. esbuild's own process outlives a test.
  const script = /<script type="module">([^]*)<\/script>/.exec(page)?.[1] ?? "";
  await transform(script, { format: "esm", logLevel: "silent" });

  Deno.test(`the page ${name} is one small file that loads nothing and parses no HTML`, () => {
    assert(page.startsWith("<!DOCTYPE html>"));
    const bytes = new TextEncoder().encode(page).length;
    assert(bytes <= maxBytes, `${bytes} bytes`);
    assertEquals(page.match(/https?:|url\(|@import|\b(?:src|href)=/g), null);
    assertEquals(page.match(/innerHTML|outerHTML|insertAdjacent|document\.write|eval\(/g), null);
    assertEquals(script.match(/^\s*(?:import|export)\b/gm), null);
  });
}

Deno.test("pageOf() refuses a style or a script that would end its element", () => {
  const html = '<style></style><script type="module"></script>';
  assertEquals(
    pageOf(html, "a{}", "$&$1"),
    '<style>\na{}</style><script type="module">\n$&$1</script>',
  );
  assertThrows(() => pageOf(html, "a{}", 'x = "</SCRIPT>"'), Error, "Cannot make the page");
  assertThrows(() => pageOf(html, "/*</style*/", ""), Error, "Cannot make the page");
  assertThrows(() => pageOf(html, "", 'x = "<!--"'), Error, "Cannot make the page");
});

Deno.test("readContainers() skips rows that are not containers, and reads limits as the daemon does", () => {
  const [alice, bob, ...more] = readContainers({
    containers: [
      {
        username: "alice",
        state: "running",
        cpu: "250m",
        memory: "4GB",
        disk: "1GiB",
        backend: "b",
      },
      null,
      "x",
      { username: 1, state: "running" },
      {
        username: "bob",
        state: "stopped",
        cpu: "many",
        memory: "50%",
        labels: { a: "b", c: "" },
        "deletes_in_seconds": 90,
      },
    ],
  });
  assertEquals(more, []);
  assert(alice !== undefined && bob !== undefined);
  assertEquals([alice.cores, alice.memoryLimit, alice.diskLimit], [0.25, 4e9, 2 ** 30]);
  assertEquals([bob.cores, bob.memoryLimit, bob.diskLimit], [undefined, undefined, undefined]);
  assertEquals(bob.facts.slice(-2), [["labels", "a=b, c="], ["deletes in", "1 min 30 s"]]);
  assert(keyOf(alice) !== keyOf({ ...alice, backend: "a" }));
  assertEquals([readContainers({}), readContainers({ containers: {} })], [[], []]);
});

Deno.test("UsageHistory measures CPU between two answers, over a minute at most", () => {
  const history = new UsageHistory();
  const take = (seconds: number, nowMs: number) => {
    history.take({ containers: [{ username: "a", "cpu_seconds": seconds }] }, nowMs);
    return history.of("a")?.cpuPercent;
  };
  assertEquals(take(100, 0), undefined);
  assertEquals(take(101, 1_000), undefined, "whole seconds say nothing yet");
  assertEquals(take(105, 10_000), 50);
  assertEquals(take(125, 20_000), 125);
  assertEquals(take(125, 70_000), 100 * 20 / 60, "the first is too old");
  assertEquals(take(3, 80_000), undefined, "it was started anew");
  assertEquals(take(4, 90_000), 10);
});

Deno.test("UsageHistory shows what get_metrics measured until it can measure itself", () => {
  const history = new UsageHistory();
  const row = { username: "a", "cpu_seconds": 1, "cpu_percent": 7, "memory_bytes": 5 };
  history.take({ containers: [row, { name: "core" }] }, 0);
  assertEquals(history.of("a"), {
    cpuPercent: 7,
    memoryBytes: 5,
    memoryLimit: undefined,
    diskBytes: 0,
  });
  assertEquals(history.of("b"), undefined);
});

Deno.test("unfenced() undoes fence(), and nothing else", () => {
  for (const text of ["", "a", "a\nb", ">>>12345678", "<<<screen 12345678: x\n\n"]) {
    assertEquals(unfenced(fence(text, "screen", "the container")), text.replace(/\n$/, ""));
  }
  const others = [
    "",
    "a",
    "<<<screen 12345678: x\na\n>>>12345679",
    "b\n" + fence("a", "screen", "the container"),
  ];
  for (const text of others) assertEquals(unfenced(text), text);
});

Deno.test("sortRows() puts the highest first, what is not known last, and names from a to z", () => {
  const row = (username: string, state: string, used?: number): Row => ({
    container: {
      username,
      state,
      backend: undefined,
      address: undefined,
      cores: undefined,
      memoryLimit: undefined,
      diskLimit: undefined,
      facts: [],
    },
    usage: used === undefined
      ? undefined
      : { cpuPercent: used, memoryBytes: -used, memoryLimit: undefined, diskBytes: 7 },
  });
  const rows = [row("c", "running", 1), row("b", "stopped"), row("a", "running", 2)];
  const by = (order: Order) =>
    sortRows(rows, order).map(({ container: { username } }) => username).join("");
  assertEquals(orders.map(by), ["abc", "acb", "acb", "bca", "acb"]);
});
