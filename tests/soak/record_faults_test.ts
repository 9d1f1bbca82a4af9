import { assertEquals } from "@std/assert";
import type { RecordEntry } from "../../mod.ts";
import { recordFaults, type SeenCall } from "./record_faults.ts";

let calls = 0;

/** The entries of one call: its events, or at the end its outcome. */
function story(tool: string, ...events: readonly string[]): readonly RecordEntry[] {
  const call = `call-${calls++}`;
  return events.map((word) => {
    const common = { time: "2026-01-02T03:04:05Z", call, conversation: "one", tool };
    if (word === "asked" || word === "begun") return { ...common, event: word };
    return { ...common, event: "ended", outcome: word === "ok" ? "ok" : "failed" };
  });
}

const stopped = (outcome: SeenCall["outcome"]): SeenCall => ({ tool: "stop_container", outcome });

Deno.test("recordFaults() finds nothing in a record of every call", () => {
  const entries = [
    ...story("stop_container", "begun", "ok"),
    ...story("stop_container", "asked", "asked", "begun", "failed"),
    ...story("stop_container", "begun", "ok"),
  ];
  const seen = [stopped("ok"), stopped("failed"), stopped(undefined)];
  assertEquals(recordFaults(entries, seen), []);
  // What was canceled need not have begun, and reading is not recorded.
  const reading: SeenCall = { tool: "list_containers", outcome: "ok" };
  assertEquals(recordFaults(entries.slice(0, -2), [...seen, reading]), []);
});

Deno.test("recordFaults() finds a call that is missing, made up, or ended otherwise", async (t) => {
  const whole = story("stop_container", "begun", "ok");
  const cases: Readonly<Record<string, readonly [readonly RecordEntry[], readonly SeenCall[]]>> = {
    "no entry": [[], [stopped("ok")]],
    "asked when it was over": [story("stop_container", "begun", "ok", "asked"), [stopped("ok")]],
    "no end": [story("stop_container", "begun"), [stopped("ok")]],
    "two ends": [story("stop_container", "begun", "ok", "ok"), [stopped("ok")]],
    "ended otherwise": [story("stop_container", "begun", "failed"), [stopped("ok")]],
    "ok only in the record": [whole, [stopped("failed")]],
    "a call that nobody made": [whole, []],
  };
  for (const [name, [entries, seen]] of Object.entries(cases)) {
    await t.step(name, () => {
      assertEquals(recordFaults(entries, seen).length > 0, true);
    });
  }
});
