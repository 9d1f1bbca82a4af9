import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { readContainer } from "../../client/containers/container_row.ts";
import { ContainariumError } from "../../client/mod.ts";
import {
  isTooDense,
  readList,
  readListOf,
  readNumber,
  readObject,
  readStringMap,
  readText,
  readTime,
  readUnixSeconds,
} from "../../client/wire.ts";
import { known } from "./known.ts";

Deno.test("readNumber() takes int64 as text and as a number, and nothing as 0", () => {
  fc.assert(fc.property(fc.maxSafeInteger(), (n) => {
    assertEquals(readNumber(n), n);
    assertEquals(readNumber(String(n)), n);
  }));
  for (const none of [undefined, null, "", "abc", NaN, {}]) assertEquals(readNumber(none), 0);
});

Deno.test("readTime() and readUnixSeconds() read zero times as absent", () => {
  for (const zero of ["0", 0, undefined, null, "-62135596800", -62135596800]) {
    assertEquals(readUnixSeconds(zero), undefined);
  }
  for (const zero of [null, "", undefined, "0001-01-01T00:00:00Z", "soon"]) {
    assertEquals(readTime(zero), undefined);
  }
  assertEquals(readUnixSeconds("1795227615")?.toISOString(), "2026-11-21T02:20:15.000Z");
  assertEquals(
    readTime("2026-11-21T03:22:00.751158866Z")?.toISOString(),
    "2026-11-21T03:22:00.751Z",
  );
});

Deno.test("readList() and readObject() read null as empty, and reject other shapes", async () => {
  assertEquals(readList(null, "x"), []);
  assertEquals(readStringMap(undefined, "x"), {});
  const error = await assertRejects(
    () => Promise.try(() => readObject([], "x")),
    ContainariumError,
  );
  assert(error.message.includes('expected the object "x", found a list'), error.message);
});

Deno.test("readListOf() reads {} as empty, and refuses an answer that is no daemon's", () => {
  assertEquals(readListOf({ rows: [1] }, "rows"), [1]);
  for (const answer of [{}, { rows: null }, { rows: [], other: 1 }, { totalCount: 3 }]) {
    assertEquals(readListOf(answer, "rows"), []);
  }
  for (const answer of [{ status: "ok" }, { error: "log in" }, { items: [] }]) {
    assertThrows(() => readListOf(answer, "rows"), ContainariumError, 'the list "rows"');
  }
});

Deno.test("readObject() returns the object itself: a copy of a million keys would take seconds", () => {
  const object = { a: 1 };
  assert(readObject(object, "x") === object);
});

Deno.test("readContainer() accepts unknown keys and enum values, and daemons of 0.3.0", () => {
  const container = readContainer({
    name: "alice-container",
    username: "alice",
    state: "CONTAINER_STATE_LEVITATING",
    dockerEnabled: true,
    newIdea: { deep: [1] },
  });
  assertEquals(known(container), {
    name: "alice-container",
    username: "alice",
    state: "unknown",
    labels: {},
    isProtected: false,
    isMonitored: false,
    gpus: [],
  });
});

Deno.test("readContainer() reads GPUs and encryption, as old and new daemons report them", () => {
  const read = (wire: Readonly<Record<string, unknown>>) => {
    const { gpus, encryption } = readContainer({ name: "a-container", username: "a", ...wire });
    return [gpus, encryption];
  };
  assertEquals(read({ gpuDevice: "0", gpuDevices: [] }), [["0"], undefined]);
  assertEquals(
    read({ gpuDevice: "0", gpuDevices: ["0", "1"], encryptionState: "ENCRYPTION_STATE_NONE" }),
    [["0", "1"], "none"],
  );
  assertEquals(read({ encryptionState: "ENCRYPTION_STATE_KEY_UNAVAILABLE" }), [[], "locked"]);
});

Deno.test("readContainer() reads any object or throws a ContainariumError", () => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (wire) => {
    try {
      assertEquals(typeof readContainer(wire).state, "string");
    } catch (error) {
      assert(error instanceof ContainariumError, String(error));
    }
  }));
});

Deno.test("readList() and readText() have limits", async () => {
  const error = await assertRejects(
    () => Promise.try(() => readList(Array(25_001).fill({}), "containers")),
    ContainariumError,
  );
  assertEquals(error.code, "resource_exhausted");
  assertEquals(readList(Array(25_000).fill({}), "containers").length, 25_000);
  assertEquals(readText("x".repeat(20_000_000))?.length, 65_537);
  const labels = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, n) => [`${n}`.padEnd(5_000, "k"), "v".repeat(5_000)]),
  );
  const read = Object.entries(readStringMap(labels, "labels"));
  assertEquals(read.length, 1_000);
  for (const [key, value] of read) assertEquals([key.length, value.length], [4_097, 4_097]);
});

Deno.test("isTooDense() detects 31 MB of objects", () => {
  assertEquals(isTooDense(`{"containers":[${"{},".repeat(10_000_000)}{}]}`), true);
  assertEquals(isTooDense(`{"containers":[${"[],".repeat(2_000_000)}[]]}`), true);
  assertEquals(isTooDense(`{${`"key" : 1,`.repeat(2_000_000)}"last":1}`), true);
  assertEquals(isTooDense(`{"containers":[${"1,".repeat(2_000_000)}1]}`), true);
  const endsWithCommas = (count: number) => `["${" ".repeat(3_000_000)}",${"1,".repeat(count)}1]`;
  assertEquals(isTooDense(endsWithCommas(1_500_000)), true);
  assertEquals(isTooDense(endsWithCommas(1_499_999)), false);
  const facts = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`key${n}`, n]));
  const rows = Array(25_000).fill({ labels: { a: "b" }, resources: {}, network: {}, ...facts });
  assertEquals(isTooDense(JSON.stringify({ containers: rows })), false);
});
