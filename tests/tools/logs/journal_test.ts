import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { journalCommand, parseJournalLine } from "../../../tools/logs/sources/journal.ts";
import type { LogQuery } from "../../../tools/logs/log_query.ts";
import { sudoMark } from "../../../tools/logs/sources/own_runs.ts";
import { inEachShell, runIn } from "./shells.ts";

const message = (fields: unknown) => parseJournalLine(JSON.stringify(fields))?.message;

Deno.test("parseJournalLine() reads an entry", () => {
  const line = JSON.stringify({
    "__REALTIME_TIMESTAMP": "1795241490123456",
    "_SYSTEMD_UNIT": "nginx.service",
    "SYSLOG_IDENTIFIER": "nginx",
    "PRIORITY": "3",
    "MESSAGE": "bind() failed",
  });
  assertEquals(parseJournalLine(line), {
    time: new Date("2026-11-21T06:11:30.123Z"),
    unit: "nginx.service",
    identifier: "nginx",
    priority: "err",
    pid: undefined,
    message: "bind() failed",
  });
});

Deno.test("parseJournalLine() reads each form of a message", () => {
  assertEquals(message({ MESSAGE: null }), "");
  assertEquals(message({}), "");
  assertEquals(message({ MESSAGE: [226, 130, 172, 27, 91, 109] }), "€\x1b[m");
  assertEquals(message({ MESSAGE: [98, 255, 254] }), "b\udcff\udcfe");
  assertEquals(message({ MESSAGE: ["twice", [104, 105], null] }), "twice\nhi\n");
});

Deno.test("parseJournalLine() ignores journalctl's own remarks, and nothing else", () => {
  for (const line of ["", "-- No entries --", "-- Boot 0123 --"]) {
    assertEquals(parseJournalLine(line), undefined);
  }
  for (const line of ['{"MESSAGE":"cut', "plain", "[1]", "7", "null"]) {
    assertEquals(parseJournalLine(line), { message: line });
  }
});

Deno.test("parseJournalLine() returns the text or bytes that were written", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const wellFormed = text.toWellFormed();
    assertEquals(message({ MESSAGE: wellFormed }), wellFormed);
    const bytes = [...new TextEncoder().encode(wellFormed)];
    assertEquals(message({ MESSAGE: bytes }), wellFormed);
  }));
  fc.assert(fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
    const encoder = new TextEncoder();
    const back = [...message({ MESSAGE: [...bytes] }) ?? ""].flatMap((character) => {
      const code = character.codePointAt(0) ?? 0;
      return code >= 0xdc80 && code <= 0xdcff ? [code - 0xdc00] : [...encoder.encode(character)];
    });
    assertEquals(back, [...bytes]);
  }));
});

Deno.test("parseJournalLine() accepts any JSON, and returns only text and valid dates", () => {
  const name = fc.constantFrom(
    "MESSAGE",
    "PRIORITY",
    "SYSLOG_IDENTIFIER",
    "_SYSTEMD_UNIT,_PID",
    "__REALTIME_TIMESTAMP",
    "__proto__",
  );
  const line = fc.oneof(
    fc.dictionary(name, fc.jsonValue()).map((fields) => JSON.stringify(fields)),
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc.string(),
  );
  fc.assert(fc.property(line, (line) => {
    const entry = parseJournalLine(line);
    if (entry === undefined) return;
    for (const text of [entry.message, entry.unit ?? "", entry.identifier ?? ""]) {
      assertEquals(typeof text, "string");
    }
    if (entry.time !== undefined) assert(!Number.isNaN(entry.time.getTime()));
  }));
});

Deno.test("journalCommand() passes each value as one word that cannot be an option", async (t) => {
  const text = fc.string({ unit: "binary", minLength: 1 })
    .map((text) => text.toWellFormed().replaceAll("\0", "-"));
  await inEachShell(t, async (shell) => {
    await fc.assert(
      fc.asyncProperty(text, text, fc.boolean(), async (unit, grep, isLive) => {
        const query: LogQuery = {
          unit,
          grep,
          since: { kind: "instant", epochMs: 1_795_241_490_500 },
          until: { kind: "ago", seconds: 60 },
          priority: "warning",
          lines: 7,
          isLive,
        };
        const script = `journalctl() { printf '%s\\0' "$@"; }\n${journalCommand(query)}`;
        const words = (await runIn(shell, script)).stdout.split("\0").slice(0, -1);
        assertEquals(words, [
          "--no-pager",
          "--all",
          "-o",
          "json",
          `--output-fields=MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_SYSTEMD_UNIT,_PID,${sudoMark}`,
          // With --since, -n would return the oldest entries, so --follow is used without -n.
          ...(isLive ? ["--follow", "--no-tail"] : ["--reverse", "-n", "7"]),
          `--unit=${unit}`,
          "--since=@1795241490.5",
          "--until=-60s",
          "--priority=warning",
          `--grep=${grep}`,
        ]);
      }),
      { numRuns: 25 },
    );
  });
});
