import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { journalTime, parseWhen, podmanTime } from "../../../tools/logs/when.ts";

/** Formats a time for journalctl and podman. */
function formats(text: string): readonly (string | undefined)[] | undefined {
  const when = parseWhen(text);
  return when && [journalTime(when), podmanTime(when)];
}

Deno.test("parseWhen() reads a point in time, whatever its zone", () => {
  for (
    const text of [
      "2026-11-21T06:11:30Z",
      "2026-11-21t06:11:30.000z",
      "2026-11-21 06:11:30 UTC",
      "2026-11-21 06:11:30Z",
      "2026-11-21T14:11:30+08:00",
      "2026-11-21 01:11:30 -05:00",
      "@1795241490",
    ]
  ) assertEquals(formats(text), ["@1795241490", "2026-11-21T06:11:30.000Z"], text);
  assertEquals(formats("2026-11-21T06:11:30.5Z")?.[0], "@1795241490.5");
  assertEquals(formats("2026-11-21T06:11Z")?.[0], "@1795241460");
});

Deno.test("parseWhen() leaves a time without a zone to the container", () => {
  assertEquals(formats("2026-11-21 06:11:30"), ["2026-11-21 06:11:30", "2026-11-21T06:11:30"]);
  assertEquals(formats("2026-11-21T06:11"), ["2026-11-21 06:11:00", "2026-11-21T06:11:00"]);
  assertEquals(formats("2026-11-21"), ["2026-11-21 00:00:00", "2026-11-21T00:00:00"]);
  assertEquals(formats("yesterday"), ["yesterday", undefined]);
});

Deno.test("parseWhen() reads how long ago something was", () => {
  for (const text of ["2h", "-2h", "2h ago", "2 hours ago", "120 min ago", "1h60m", "1h 60min"]) {
    assertEquals(formats(text), ["-7200s", "7200s"], text);
  }
  assertEquals(formats("3 days ago")?.[0], "-259200s");
  assertEquals(formats("now"), ["now", "0s"]);
});

Deno.test("parseWhen() refuses what is none of these", () => {
  for (
    const text of [
      "",
      "gaga",
      "2026-13-45",
      "2026-02-31",
      "2026-11-21T25:00:00Z",
      "2026-02-31T10:00:00Z",
      "2026-11-21T06:11:30Z; id",
      "--since=x",
      "-",
      "5 parsecs ago",
      "@",
      "@-5",
      "1h ago ago",
      `${"9".repeat(9)}w`,
      "1s".repeat(60),
    ]
  ) assertEquals(parseWhen(text), undefined, text);
});

Deno.test("parseWhen() passes only characters of times on to a shell", () => {
  const text = fc.oneof(
    fc.string(),
    fc.tuple(fc.constantFrom("2026-11-21", "2h", "@1", "today", "-1s"), fc.string())
      .map((parts) => parts.join("")),
  );
  fc.assert(fc.property(text, (text) => {
    for (const word of formats(text) ?? []) assert(word === undefined || /^[\w@:. -]+$/.test(word));
  }));
});
