import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseCpu, parseDuration, parseShare, parseSize } from "../../../client/internal.ts";
import { isSameCpu } from "../../../client/containers/quantities.ts";

Deno.test("parseSize() reads Incus's sizes and no others", () => {
  const sizes: readonly (readonly [string, number])[] = [
    ["512MB", 512e6],
    ["4GB", 4e9],
    ["4GiB", 4 * 2 ** 30],
    ["1TB", 1e12],
    ["100kB", 100_000],
    ["1KiB", 1_024],
    ["7B", 7],
    ["1073741824", 2 ** 30],
  ];
  for (const [text, bytes] of sizes) assertEquals(parseSize(text), bytes, text);
  for (
    const text of ["", "0", "0GB", "4G", "4gb", "4 GB", "1.5GB", "-1GB", "4KB", "GB", "9999EB"]
  ) {
    assertEquals(parseSize(text), undefined, text);
  }
});

Deno.test("parseSize() knows each unit up to those that no number holds exactly", () => {
  const decimal = ["B", "kB", "MB", "GB", "TB", "PB"];
  const binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  for (const [power, unit] of decimal.entries()) {
    assertEquals(parseSize(`2${unit}`), 2 * 1_000 ** power, unit);
  }
  for (const [power, unit] of binary.entries()) {
    assertEquals(parseSize(`2${unit}`), 2 * 1_024 ** power, unit);
  }
  for (const text of ["1EB", "1EiB", "1024EiB", "9PiB", "1iB", "1kiB"]) {
    assertEquals(parseSize(text), undefined, text);
  }
});

Deno.test("parseCpu() reads numbers and sets up to a length", () => {
  assertEquals(parseCpu("999999999"), { kind: "amount", cpus: 999_999_999 });
  assertEquals(parseCpu("0.000000001"), { kind: "amount", cpus: 1e-9 });
  assertEquals(parseCpu("9999-9999"), { kind: "set", cpus: 1, highest: 9_999 });
  assertEquals(parseCpu("5,1"), { kind: "set", cpus: 2, highest: 5 });
  assertEquals(parseCpu("2-2"), { kind: "set", cpus: 1, highest: 2 });
  const longest = `${"0,".repeat(127)}10`;
  assertEquals([longest.length, parseCpu(longest)], [256, { kind: "set", cpus: 2, highest: 10 }]);
  for (const text of [`${longest}0`, "1234567890", "0.1234567890", "10000-10001", "1m2", "1.5mm"]) {
    assertEquals(parseCpu(text), undefined, text);
  }
});

Deno.test("isSameCpu() compares amounts by what they are, and sets by their text", () => {
  for (const [one, other] of [["0.25", "250m"], ["4.0", "4"], ["0-3", "0-3"]] as const) {
    assertEquals([isSameCpu(one, other), isSameCpu(other, one)], [true, true], one);
  }
  for (const [one, other] of [["1", "2"], ["4", "0-3"], ["0-1", "2-3"], ["many", "4"]] as const) {
    assertEquals([isSameCpu(one, other), isSameCpu(other, one)], [false, false], one);
  }
});

Deno.test("parseCpu() reads amounts and sets, as the daemon does", () => {
  assertEquals(parseCpu("4"), { kind: "amount", cpus: 4 });
  assertEquals(parseCpu("0.5"), { kind: "amount", cpus: 0.5 });
  assertEquals(parseCpu("250m"), { kind: "amount", cpus: 0.25 });
  assertEquals(parseCpu("0-3"), { kind: "set", cpus: 4, highest: 3 });
  assertEquals(parseCpu("0,2-4,3"), { kind: "set", cpus: 4, highest: 4 });
  for (const text of ["", "0", "0.0", "0m", "0.5m", "-1", "abc", "1.", "3-1", "1-", "4 ", "0,,1"]) {
    assertEquals(parseCpu(text), undefined, text);
  }
});

Deno.test("parseShare() reads 1% to 100%", () => {
  assertEquals(["1%", "50%", "100%"].map(parseShare), [1, 50, 100]);
  for (const text of ["x1%", "1%x", "1000%", "0%", "101%", "%", "50", "1.5%"]) {
    assertEquals(parseShare(text), undefined);
  }
});

Deno.test("parseDuration() adds up its parts", () => {
  const durations: readonly (readonly [string, number])[] = [
    ["45s", 45],
    ["90m", 5_400],
    ["8h", 28_800],
    ["7d", 604_800],
    ["1h30m", 5_400],
    ["1d2h3m4s", 93_784],
    ["1s1s", 2],
    ["0d1s", 1],
    ["999999999s", 999_999_999],
  ];
  for (const [text, seconds] of durations) assertEquals(parseDuration(text), seconds, text);
  for (
    const text of [
      "",
      "0h",
      "8",
      "h",
      "8 h",
      "-8h",
      "1.5h",
      "8w",
      "1h x",
      "x1h",
      "1234567890s",
      "0d0s",
    ]
  ) {
    assertEquals(parseDuration(text), undefined, text);
  }
});

Deno.test("parseSize(), parseCpu() and parseDuration() return positive numbers", () => {
  const wild = fc.string({ unit: fc.constantFrom(..."0123456789.,-%mdhskKMGTPEiB ") });
  fc.assert(fc.property(wild, (text) => {
    const numbers = [parseSize(text), parseShare(text), parseDuration(text), parseCpu(text)?.cpus];
    for (const number of numbers) assert(number === undefined || number > 0, `${text}: ${number}`);
  }));
});
