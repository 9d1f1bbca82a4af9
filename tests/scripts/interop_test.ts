import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { drive } from "../../scripts/interop/drive.ts";
import { isKnown, judge } from "../../scripts/interop/known.ts";
import { tableOf } from "../../scripts/interop/page.ts";
import {
  clientFeatures,
  completed,
  featuresOf,
  type Result,
} from "../../scripts/interop/results.ts";
import { scenarioReports } from "../../scripts/interop/suite_reports.ts";
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
  const framework = completed([], expected, "gone", featuresOf.framework);
  assert(framework.some(({ feature, result }) => feature === "agent turn" && result === "fails"));
  const suite = completed([], {}, "gone", featuresOf.suite);
  assertEquals(suite.map(({ feature, result }) => [feature, result]), [["scenarios", "fails"]]);
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

Deno.test("tableOf() says by what an absence is seen, and nothing of what was not tried", () => {
  const base = { client: "Mine", version: "1.0", date: "2026-11-26" };
  const absent = { ...base, result: "not offered by the client", detail: "no flag" } as const;
  const results: readonly Result[] = [
    ...["2025-11-25", "2026-07-28"].flatMap((revision): readonly Result[] => [
      { ...base, revision, feature: "connect", result: "works" },
      { ...base, revision, feature: "tools", item: "a", result: "works" },
      { ...absent, revision, feature: "tools", item: "b", detail: "no session" },
      { ...absent, revision, feature: "progress" },
    ]),
    { ...absent, revision: "2025-11-25", feature: "logging", detail: "no level" },
    { ...base, revision: "2026-07-28", feature: "logging", result: "works" },
  ];
  const lines = tableOf(results, {}).split("\n");
  const rows = lines.slice(2, 4).map((row) =>
    row.split("|").map((cell) => cell.trim()).filter((_cell, at) => [4, 6, 14, 17, 18].includes(at))
  );
  assertEquals(rows, [
    ["2025-11-25", "1 of 2 (note 1)", "– (note 1)", "– (note 1)", ""],
    ["2026-07-28", "1 of 2 (note 1)", "– (note 1)", "yes", ""],
  ]);
  assertEquals(
    lines.at(-1),
    "1. Mine does not offer tools (b: no session), progress (no flag), logging in 2025-11-25 (no level)",
  );
});

Deno.test("scenarioReports() accepts what fails as listed, and neither more nor less", () => {
  const scenario = (passed: number, ...failed: readonly string[]) => ({
    passed,
    failed: new Map(failed.map((id) => [id, `${id} failed`])),
  });
  const notServed = { image: { "image-a": "no images" }, audio: { "audio-a": "no sound" } };
  const reports = scenarioReports(
    new Map([
      ["ping", scenario(1)],
      ["image", scenario(0, "image-a")],
      ["audio", scenario(1)],
      ["text", scenario(1, "text-a")],
    ]),
    { least: [5, 1], notServed },
  );
  assertEquals(reports, [
    {
      feature: "scenarios",
      item: "audio",
      result: "fails",
      detail: "audio-a passes, and is listed",
    },
    { feature: "scenarios", item: "image", result: "fails", detail: "no images", accepted: true },
    { feature: "scenarios", item: "ping", result: "works" },
    { feature: "scenarios", item: "text", result: "fails", detail: "text-a: text-a failed" },
    {
      feature: "scenarios",
      result: "fails",
      detail: "only 4 of at least 5 scenarios were run",
    },
  ]);
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
  const accepted = { ...bare, accepted: true };
  assertEquals(judge([accepted], {}, names), { known: [accepted], unknown: [], stale: [] });
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
