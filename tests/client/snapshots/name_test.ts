/** Names of snapshots: what may reach `zfs`, and the times that they carry. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import {
  newSnapshotName,
  snapshotNameProblem,
  snapshotPath,
  timeInName,
} from "../../../client/snapshots/name.ts";
import { ContainariumError } from "../../../client/mod.ts";

/** Names as people and attackers write them: mostly good ones with something in the middle. */
const names = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.tuple(
    fc.stringMatching(/^[A-Za-z0-9._-]{0,30}$/),
    fc.constantFrom("", "%", ",", "@", "/", "%25", "..", " ", "\n", "é", "snapshot-", "-"),
    fc.stringMatching(/^[A-Za-z0-9._-]{0,40}$/),
  ).map((parts) => parts.join("")),
);

Deno.test("snapshotPath() rejects a name or keeps it as one segment", async () => {
  await fc.assert(fc.asyncProperty(names, async (name) => {
    if (snapshotNameProblem(name) !== undefined) {
      await assertRejects(
        () => Promise.try(() => snapshotPath("alice", name)),
        ContainariumError,
      );
      return;
    }
    const path = snapshotPath("alice", name, "rollback").text;
    const url = new URL(path, "http://localhost");
    assertEquals([url.pathname, url.search, url.hash], [path, "", ""]);
    assertEquals(decodeURIComponent(path).split("/").slice(5), [name, "rollback"]);
    assert(!/[%,@]/.test(name) && !/^(-|snapshot-)/.test(name) && name.length <= 63, name);
  }));
});

Deno.test("snapshotNameProblem() rejects names that zfs reads as several, and Incus's own", () => {
  for (const name of ["%", "a%b", "a,b", "-r", "a@b", "", ".", "..", "a/b", "snapshot-sync0"]) {
    assert(snapshotNameProblem(name) !== undefined, name);
  }
  for (const name of ["a", "v1.0_a", "Snapshot-x", "9", "x".repeat(63)]) {
    assertEquals(snapshotNameProblem(name), undefined, name);
  }
  assert(snapshotNameProblem("x".repeat(64)) !== undefined);
});

Deno.test("newSnapshotName() returns a valid name, and timeInName() reads it back", () => {
  assertEquals(newSnapshotName(new Date("2026-11-21T10:45:00.999Z")), "20261121T104500Z");
  const times = fc.date({
    min: new Date("2000-01-01T00:00:00Z"),
    max: new Date("2099-12-31T00:00:00Z"),
    noInvalidDate: true,
  });
  fc.assert(fc.property(times, (time) => {
    const name = newSnapshotName(time);
    assertEquals(snapshotNameProblem(name), undefined);
    assertEquals(timeInName(name)?.getTime(), Math.floor(time.getTime() / 1_000) * 1_000);
  }));
});

Deno.test("timeInName() reads a valid UTC time from within a name", () => {
  const time = new Date("2026-11-21T10:45:00Z");
  for (
    const name of [
      "before-20261121T104500Z",
      "auto_2026-11-21_10:45:00Z_daily",
      "2026-11-21T10-45-00Z",
    ]
  ) assertEquals(timeInName(name), time, name);
  for (
    const name of [
      "before",
      "20261121",
      "20261121T104500",
      "20260230T104500Z",
      "20261121T254500Z",
      "9920261121T104500Z",
    ]
  ) assertEquals(timeInName(name), undefined, name);
});
