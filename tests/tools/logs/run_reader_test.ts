import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  ContainariumError,
  type ContainerTerminal,
  type RunOptions,
  type RunResult,
} from "../../../client/mod.ts";
import { LogTraces } from "../../../tools/log_traces.ts";
import { fileReader } from "../../../tools/logs/sources/file.ts";
import { journalReader } from "../../../tools/logs/sources/journal.ts";
import { readJournal } from "../../../tools/logs/sources/read_journal.ts";
import { readLog } from "../../../tools/logs/run_reader.ts";
import type { TracedReadOptions } from "../../../tools/logs/log_reader.ts";
import type { LogQuery } from "../../../tools/logs/log_query.ts";

interface Canned {
  readonly exitCode?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly timedOut?: boolean;
  /** Gap after this many bytes of stdout. */
  readonly gap?: { readonly at: number; readonly bytes: number };
}

/** Scripted responses of a container, for cases that the simulator cannot produce. */
class CannedTerminal implements ContainerTerminal {
  readonly commands: string[] = [];
  readonly timeouts: (number | undefined)[] = [];
  readonly #answers: readonly Canned[];

  constructor(...answers: readonly Canned[]) {
    this.#answers = answers;
  }

  run(command: string, { onOutput, timeoutMs }: RunOptions = {}): Promise<RunResult> {
    const { exitCode = 0, stdout = "", stderr = "", timedOut = false, gap } =
      this.#answers[this.commands.length] ?? {};
    this.commands.push(command);
    this.timeouts.push(timeoutMs);
    const encoder = new TextEncoder();
    const bytes = encoder.encode(stdout);
    for (const byte of bytes) onOutput?.(Uint8Array.of(byte));
    const none = { at: 0, bytes: 0 };
    return Promise.resolve({
      exitCode,
      stdout: bytes,
      stderr: encoder.encode(stderr),
      truncated: gap !== undefined,
      omitted: { stdout: gap ?? none, stderr: none },
      timedOut,
      durationMs: 1,
    });
  }

  open(): Promise<never> {
    throw new Error("nothing here opens a shell");
  }
}

const query: LogQuery = { lines: 10, isLive: false };
const options: TracedReadOptions = {
  signal: new AbortController().signal,
  followMs: undefined,
  onEntry: () => {},
  traces: new LogTraces().of("alice"),
};
const slowSudo = "sudo: unable to resolve host alice-container: Name or service not known\n";
const line = (message: string) => `${JSON.stringify({ "MESSAGE": message })}\n`;

Deno.test("readJournal() ignores that sudo cannot resolve its host", async () => {
  const terminal = new CannedTerminal({ exitCode: 1, stderr: slowSudo });
  const { reading, source, partial } = await readJournal(terminal, {
    ...query,
    grep: "x",
  }, options);
  assertEquals([reading.newest.entries, source, partial], [[], "journal", undefined]);
  assertEquals(terminal.commands.length, 1);
  assert((terminal.timeouts[0] ?? 0) >= 45_000, "it gives up before sudo does");
});

Deno.test("readJournal() returns nothing if no unit matches a pattern", async () => {
  const stderr = "Failed to add filter for units: No data available\n";
  const { reading } = await readJournal(
    new CannedTerminal({ exitCode: 1, stderr }),
    query,
    options,
  );
  assertEquals(reading.newest.entries, []);
});

Deno.test("readJournal() names the time that the container's journalctl refuses", async () => {
  const stderr = `${slowSudo}Failed to parse timestamp: 2026-11-21 06:00:00\n`;
  const failing = readJournal(
    new CannedTerminal({ exitCode: 1, stderr }),
    {
      ...query,
      since: { kind: "day", word: "today" },
      until: { kind: "local", date: "2026-11-21", time: "06:00:00" },
    },
    options,
  );
  const error = await assertRejects(() => failing, ContainariumError);
  assertEquals(error.code, "invalid_argument");
  assertStringIncludes(error.message, "until: the container's journalctl does not accept it");
  assertStringIncludes(error.containerText ?? "", "Failed to parse timestamp: 2026-11-21 06:00:00");
  assertStringIncludes(error.message, "accepted: ");
});

Deno.test("readJournal() falls back for each way in which sudo refuses", async () => {
  for (
    const stderr of [
      `${slowSudo}sudo: a password is required\n`,
      "alice is not in the sudoers file.\n",
      "Sorry, user alice is not allowed to execute '/usr/bin/journalctl' as root on box.\n",
      "sudo: interactive authentication is required\n",
    ]
  ) {
    const terminal = new CannedTerminal({ exitCode: 1, stderr }, { stdout: line("own") });
    const { reading, partial = "" } = await readJournal(terminal, query, options);
    assertEquals(reading.newest.entries.map(({ message }) => message), ["own"]);
    assertStringIncludes(partial, "may be missing: no sudo without a password");
    assert(!/^exec sudo/.test(terminal.commands[1] ?? "exec sudo"));
  }
});

Deno.test("readJournal() reads log files if the journal may not be opened", async () => {
  const terminal = new CannedTerminal(
    { exitCode: 127, stderr: "sudo: not found\n" },
    {
      exitCode: 1,
      stderr: "No journal files were opened due to insufficient permissions.\n",
    },
    { stdout: "syslog one\nauth.log two\n" },
  );
  const { reading, source, partial } = await readJournal(
    terminal,
    { ...query, unit: "x", priority: "err" },
    options,
  );
  assertEquals(source, "log_files");
  assertEquals(reading.newest.entries.map(({ identifier, message }) => ({ identifier, message })), [
    { identifier: "syslog", message: "one" },
    { identifier: "auth.log", message: "two" },
  ]);
  assertStringIncludes(partial ?? "", "insufficient permissions");
  assertStringIncludes(partial ?? "", "unit, priority could not be applied");
});

Deno.test("readJournal() reads log files if journalctl finds no journal", async (t) => {
  for (const rights of ["root", "user"]) {
    await t.step(`as ${rights}`, async () => {
      const refused = { exitCode: 1, stderr: "sudo: a password is required\n" };
      const terminal = new CannedTerminal(
        ...(rights === "user" ? [refused] : []),
        { stdout: "-- No entries --\n", stderr: "No journal files were found.\n" },
        { stdout: "syslog one\n" },
      );
      const { reading, source, partial = "" } = await readJournal(terminal, query, options);
      assertEquals([source, reading.newest.entries.map(({ message }) => message)], [
        "log_files",
        ["one"],
      ]);
      assertStringIncludes(partial, "there is no journal: the last lines of log files instead");
      assert(!/ -q |--quiet/.test(terminal.commands[0] ?? ""), "it would not say so");
    });
  }
});

Deno.test("readJournal() ignores journalctl's remarks", async () => {
  const hint = "Hint: You are currently not seeing messages from other users and the system.\n" +
    "      Users in groups 'adm', 'systemd-journal' can see all messages.\n" +
    "      Pass -q to turn off this notice.\n";
  const terminal = new CannedTerminal(
    { exitCode: 127, stderr: "sudo: not found\n" },
    { exitCode: 1, stdout: "-- No entries --\n", stderr: hint },
  );
  const { reading, source } = await readJournal(terminal, { ...query, grep: "x" }, options);
  assertEquals([source, reading.newest.entries], ["journal", []]);
});

Deno.test("readLog() limits what it keeps of standard error", async () => {
  const stderr = `first\n${"x".repeat(100_000)}\n${"more\n".repeat(1_000)}`;
  const reader = journalReader(query, "root");
  const { complaints } = await readLog(new CannedTerminal({ stderr }), reader, options);
  assertEquals(complaints[0], "first");
  assertEquals(complaints[1], `${"x".repeat(300)}…`);
  assertEquals(complaints.length, 10);
});

Deno.test("readJournal() reports an unforeseen failure", async () => {
  const stderr = "Failed to open journal: \x1b[1mStructure needs cleaning\n";
  const failing = () => readJournal(new CannedTerminal({ exitCode: 1, stderr }), query, options);
  const error = await assertRejects(failing, ContainariumError);
  assertEquals(error.message, "journalctl failed (exit 1)");
  assertEquals(error.containerText, "Failed to open journal: \x1b[1mStructure needs cleaning");
});

Deno.test("readLog() keeps the newest part of an output with a gap", async () => {
  const newest = [line("5"), line("4")].join("");
  const oldest = [line("2"), line("1")].join("");
  const stdout = `${newest}{"MESS${'"}'}\n${oldest}`;
  const gap = { at: newest.length + 6, bytes: 1_000 };
  const reader = journalReader(query, "root");
  const { newest: kept } = await readLog(new CannedTerminal({ stdout, gap }), reader, options);
  assertEquals(kept.entries.map(({ message }) => message), ["4", "5"]);
  assertEquals(kept.leftOut, 3);
});

Deno.test("readLog() reports a lost response as unavailable, since a reading can be repeated", async () => {
  const lost = new ContainariumError("ambiguous", "The command may have been carried out");
  for (const followMs of [undefined, 1_000]) {
    const terminal: ContainerTerminal = {
      run: () => Promise.reject(lost),
      open: () => Promise.reject(lost),
    };
    const reading = readLog(terminal, journalReader(query, "root"), { ...options, followMs });
    const error = await assertRejects(() => reading, ContainariumError);
    assertEquals([error.code, error.cause], ["unavailable", lost]);
    assertEquals(
      error.message,
      "the response was lost while the log was read; nothing was changed",
    );
  }
});

Deno.test("readLog() drops a line that was cut off at the end of its time", async () => {
  const stdout = `${line("2")}${line("1")}{"MESSAGE":"0`;
  const reader = journalReader(query, "root");
  const terminal = new CannedTerminal({ stdout, timedOut: true });
  const { newest } = await readLog(terminal, reader, options);
  assertEquals(newest.entries.map(({ message }) => message), ["1", "2"]);
});

Deno.test("readLog() reports only new entries, by the container's clock", async () => {
  const at = (second: number) =>
    `{"__REALTIME_TIMESTAMP":"${second}000000","MESSAGE":"${second}"}\n`;
  const stdout = `@1795241490 77\n${at(1795241489)}${at(1795241490)}${line("no time")}`;
  const reported: string[] = [];
  const { newest } = await readLog(
    new CannedTerminal({ stdout, timedOut: true }),
    journalReader({ ...query, isLive: true }, "root"),
    { ...options, followMs: 1_000, onEntry: ({ message }) => reported.push(message) },
  );
  assertEquals(reported, ["1795241490", "no time"]);
  assertEquals(newest.entries.length, 3);
});

Deno.test("readLog() keeps 2,000 entries of any number, and counts the others", async () => {
  const stdout = "\n".repeat(300_000);
  const reader = fileReader({ ...query, isLive: true }, "/var/log/x");
  const terminal = new CannedTerminal({ stdout: `/var/log/x\n${stdout.slice(0, 100_000)}` });
  const reported: number[] = [];
  const onEntry = () => void reported.push(0);
  const { newest } = await readLog(terminal, reader, { ...options, followMs: 1_000, onEntry });
  assertEquals([newest.entries.length, newest.leftOut, reported.length], [2_000, 98_000, 100_000]);
  const plain = fileReader({ ...query, lines: 5_000 }, "/var/log/x");
  const all = await readLog(
    new CannedTerminal({ stdout: `/var/log/x\n${stdout}` }),
    plain,
    options,
  );
  assertEquals([all.newest.entries.length, all.lines.length], [2_000, 12_000]);
});

Deno.test("readLog() stops following a log that grows too fast", async () => {
  const pieces = [new Uint8Array(24_576).fill(0x61), new Uint8Array(24_576).fill(0x0a)];
  for (const piece of pieces) {
    let taken = 0;
    const terminal: ContainerTerminal = {
      open: () => Promise.reject(new Error("Only commands")),
      run: async (_command, { onOutput } = {}) => {
        for (; taken < 100_000; taken++) {
          onOutput?.(piece);
          await Promise.resolve();
        }
        throw new Error("It was followed on and on");
      },
    };
    const reader = fileReader({ ...query, isLive: true }, "/var/log/x");
    const reading = await readLog(terminal, reader, { ...options, followMs: 1_000 });
    assertEquals([reading.isFlood, reading.timedOut], [true, true]);
    assert(taken < 3_000, `${taken} pieces were taken`);
  }
});
