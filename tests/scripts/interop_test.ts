import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { drive } from "../../scripts/interop/drive.ts";
import { isKnown, judge } from "../../scripts/interop/known.ts";
import { tableOf } from "../../scripts/interop/page.ts";
import { clientFeatures, completed, features, type Result } from "../../scripts/interop/results.ts";
import { store, stored } from "../../scripts/interop/stored.ts";
import type { Client } from "../../scripts/interop/clients.ts";
import { makeTempFolder } from "../temp.ts";
import { testWithPty } from "../with_pty.ts";

const client: Client = {
  name: "Mine",
  version: "1.0",
  revisions: ["2025-11-25"],
  driver: "mine.ts",
  runtime: { kind: "deno" },
};

testWithPty("drive() fails what a driver does not try, and says how the driver ended", async () => {
  await using folder = await makeTempFolder();
  const driver = await folder.write(
    "driver.ts",
    `const { revision, server, calls } = JSON.parse(Deno.readTextFileSync(Deno.args[0]));
    if (server.env.CONTAINARIUM_MCP_TOOLSETS !== "all" || calls.length < 70) throw new Error("no scenario");
    console.log(JSON.stringify({ feature: "connect", result: "works", detail: revision }));
    console.log(JSON.stringify({ feature: "questions", result: "works" }));
    console.log(JSON.stringify({ feature: "prompts", result: "not offered by the client" }));
    console.log("{ a word too many");
    Deno.exit(3);`,
  );
  const command = [Deno.execPath(), "run", "-q", "--no-config", "--allow-read", driver] as const;
  const results = await drive(client, command, "2025-11-25");
  const of = (feature: string) => results.filter((result) => result.feature === feature);
  assertEquals(of("connect").map(({ result, client }) => [result, client]), [["works", "Mine"]]);
  assertEquals(of("prompts").map(({ result }) => result), ["not offered by the client"]);
  assertEquals(of("questions").map(({ result, detail }) => [result, detail]), [
    ["fails", "what the user agreed to was not done"],
  ]);
  const tools = of("tools");
  assert(tools.length > 60 && tools.every(({ result }) => result === "fails"));
  const why = "not tried: the driver ended with 3: { a word too many";
  assertEquals(new Set(tools.map(({ detail }) => detail)), new Set([why]));
});

testWithPty("drive() does not believe a driver that negotiated another revision", async () => {
  const line = `{"feature":"connect","result":"works","detail":"2025-11-25"}`;
  const [connected] = await drive(client, ["sh", "-c", `echo '${line}'`], "2026-07-28");
  assertEquals(connected?.result, "fails");
  assertStringIncludes(connected?.detail ?? "", "they agreed on 2025-11-25, not 2026-07-28");
});

Deno.test("completed() adds each item that is missing, and none of what is not offered", () => {
  const expected = { tools: ["a", "b"], resources: ["x"] };
  const reports = completed(
    [
      { feature: "tools", item: "a", result: "works" },
      { feature: "resources", result: "not offered by the client" },
    ],
    expected,
    "gone",
    clientFeatures,
  );
  const missing = reports.slice(2).map(({ feature, item }) => [feature, item]);
  assertEquals(missing.slice(0, 2), [["connect", undefined], ["tools", "b"]]);
  assert(missing.every(([feature]) => feature !== "resources"));
  assert(missing.every(([feature]) => feature !== "agent turn"));
  const framework = completed([], expected, "gone", features);
  assert(framework.some(({ feature, result }) => feature === "agent turn" && result === "fails"));
});

Deno.test("tableOf() counts items, and gives the reason for what fails", () => {
  const base = { client: "Mine", version: "1.0", revision: "2025-11-25", date: "2026-11-26" };
  const results: readonly Result[] = [
    { ...base, feature: "connect", result: "works" },
    { ...base, feature: "tools", item: "a", result: "works" },
    { ...base, feature: "tools", item: "a", result: "fails", detail: "the second time" },
    { ...base, feature: "tools", item: "b", result: "works" },
    { ...base, feature: "tools", item: "c", result: "not offered by the client" },
    { ...base, feature: "prompts", result: "not offered by the client" },
  ];
  const table = tableOf(results, {});
  assertStringIncludes(
    table,
    "| Mine   | 1.0     | 2026-11-26 | 2025-11-25 | yes     | 1 of 3 (note 1) |",
  );
  assertStringIncludes(table, "1. Mine, 2025-11-25, tools: a: the second time");
  const noted = tableOf(results, { Mine: { tools: "known" } });
  assertStringIncludes(noted, "1. Mine, 2025-11-25, tools: known");
});

Deno.test("judge() lets pass what a note explains, and nothing else, nor a note on what works", () => {
  const base = { client: "Mine", version: "1.0", revision: "2025-11-25", date: "2026-11-26" };
  const noted: Result = { ...base, feature: "declarations", item: "a", result: "fails" };
  const works: Result = { ...base, feature: "declarations", item: "b", result: "works" };
  const bare: Result = { ...base, feature: "progress", result: "fails" };
  const notes = { Mine: { declarations: "enums get lost" }, Other: { errors: "none" } };
  const names = ["Mine", "Other"];
  assertEquals(judge([noted, works], notes, names), { known: [noted], unknown: [], stale: [] });
  assertEquals(judge([noted, bare], notes, names).unknown, [bare]);
  assertEquals(judge([works], notes, names).stale, ["Mine, declarations"]);
  assertEquals(judge([noted], notes, ["Mine"]).stale, ["Other, errors"]);
  assertEquals([noted, works, bare].map((result) => isKnown(result, notes)), [true, false, false]);
});

Deno.test("store() keeps results in a folder that is not there yet, for the version that was tried", async () => {
  await using folder = await makeTempFolder();
  const place = `${folder.path}/interop/`;
  assertEquals(await stored(client, place), []);
  const base = { client: "Mine", version: "1.0", revision: "2025-11-25", date: "2026-11-26" };
  const results: readonly Result[] = [{ ...base, feature: "connect", result: "works" }];
  await store(client, results, place);
  assertEquals(await stored(client, place), results);
  assertEquals(await stored({ ...client, version: "2.0" }, place), []);
});
