import { assert, assertEquals } from "@std/assert";
import { fileReader } from "../../../tools/logs/sources/file.ts";
import { logFilesReader } from "../../../tools/logs/sources/log_files.ts";
import type { LogEntry } from "../../../tools/logs/log_entry.ts";
import { OwnLines } from "../../../tools/logs/sources/own_lines.ts";
import type { Trace } from "../../../tools/log_traces.ts";
import { sudoMark } from "../../../tools/logs/sources/own_runs.ts";
import { connect } from "../../connect.ts";
import { makeTempFolder } from "../../temp.ts";
import { testWithPty } from "../../with_pty.ts";
import { journal, read, startBox } from "./ask.ts";
import { inEachShell, readIn, runIn } from "./shells.ts";

const at = "2026-11-26T07:00:00.123456+00:00 box";
const command = (text: string, user = "alice") =>
  `${at} sudo:    ${user} : PWD=/home/${user} ; USER=root ; COMMAND=${text}`;
const own = command(`/usr/bin/sh -s -- ${sudoMark} /var/log/auth.log root`);
const opened =
  `${at} sudo: pam_unix(sudo:session): session opened for user root(uid=0) by alice(uid=1000)`;
const closed = `${at} sudo: pam_unix(sudo:session): session closed for user root`;

const limits = `${at} sudo: pam_limits(sudo:session): Could not set limit for 'core' to soft=0, ` +
  "hard=-1: Operation not permitted; uid=1000,euid=0";

/** What stays of lines of a file. */
function left(lines: readonly string[], traces: readonly Trace[] = []): readonly string[] {
  const ours = new OwnLines(() => traces);
  return lines.filter((message) => !ours.has({ message }));
}

Deno.test("OwnLines recognizes a command of this server with its session, and nothing else", async (t) => {
  const cases: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
    "its own run": [[own, opened, closed], []],
    "a run of the user's": [
      [command("/usr/bin/apt update"), opened, closed],
      [command("/usr/bin/apt update"), opened, closed],
    ],
    "one after the other": [
      [own, opened, closed, command("/bin/true"), opened, closed, own, opened, closed],
      [command("/bin/true"), opened, closed],
    ],
    "one within the other": [
      [own, opened, command("/bin/true"), opened, `${closed} `, closed],
      [command("/bin/true"), opened, `${closed} `],
    ],
    "its own within the user's": [
      [command("/bin/bash"), opened, own, opened, closed, `${closed} `],
      [command("/bin/bash"), opened, `${closed} `],
    ],
    "the user's session that began before the file": [[closed, own, opened, closed], [closed]],
    "a filter for the end of sessions": [[own, closed, `${closed} `], [`${closed} `]],
    "a command in several lines": [
      [
        own,
        `${at} sudo:    alice : (command continued) more`,
        opened,
        `${at} sudo:    bob : (command continued) of bob's`,
        closed,
      ],
      [`${at} sudo:    bob : (command continued) of bob's`],
    ],
    "a refusal, which opens no session": [
      [own.replace("PWD=", "a password is required ; PWD="), opened, closed],
      [opened, closed],
    ],
    "a session of another user's account": [
      [own, opened.replace("root(uid=0)", "bob"), opened, closed],
      [opened.replace("root(uid=0)", "bob")],
    ],
    "limits that a container cannot set": [
      [limits, own, limits, opened, limits, closed, command("/bin/true"), limits, opened, closed],
      [limits, limits, command("/bin/true"), limits, opened, closed],
    ],
    "other lines": [
      [`${at} sshd[7]: session opened for user root`, `sudo: ${sudoMark}`, "", sudoMark],
      [`${at} sshd[7]: session opened for user root`, `sudo: ${sudoMark}`, "", sudoMark],
    ],
  };
  for (const [name, [lines, rest]] of Object.entries(cases)) {
    await t.step(name, () => assertEquals(left(lines), rest));
  }
});

Deno.test("OwnLines reads the lines of each syslog", () => {
  for (const start of ["Nov 26 07:00:00 box", "Nov  6 07:00:00 box authpriv.notice", at]) {
    for (const program of ["sudo:", "sudo[4711]:"]) {
      const lines = [own, opened, closed].map((line) =>
        line.replace(at, start).replace("sudo:", program)
      );
      assertEquals(left(lines), []);
    }
  }
});

Deno.test("OwnLines distinguishes sessions by their processes, if the file names them", () => {
  const of = (pid: number, line: string) => line.replace("sudo:", `sudo[${pid}]:`);
  const users = [command("/bin/true"), opened, closed].map((line) => of(8, line));
  const [first = "", second = "", third = ""] = users;
  const lines = [of(7, own), first, second, of(7, opened), third, of(7, closed)];
  assertEquals(left(lines), users);
});

Deno.test("OwnLines recognizes the command that ends a reading, by the process that it ends", () => {
  const trace = { pid: 4711, since: new Date() };
  const kills = command("/usr/bin/kill -KILL 4710 4711");
  assertEquals(left([kills, opened, closed], [trace]), []);
  const others = [command("/usr/bin/kill -KILL 47110"), opened, closed];
  assertEquals(left(others, [trace]), others);
});

Deno.test("OwnLines goes by process and time in a journal, whatever a filter left out", () => {
  const since = new Date("2026-11-26T07:00:00Z");
  const ours = new OwnLines(() => [{ pid: 7, since, until: new Date("2026-11-26T07:00:05Z") }]);
  const entry = (pid: number, second: number): LogEntry => ({
    identifier: "sudo",
    pid,
    time: new Date(`2026-11-26T07:00:0${second}Z`),
    message: "pam_unix(sudo:session): session closed for user root",
  });
  assertEquals([entry(7, 2), entry(8, 2), entry(7, 9)].map((one) => ours.has(one)), [
    true,
    false,
    false,
  ]);
});

Deno.test("fileReader() and logFilesReader() give as many lines as are wanted without their own", async (t) => {
  await using folder = await makeTempFolder();
  const lines = ["one", "two", ...Array(2).fill([own, opened, closed]).flat(), ""];
  await folder.write("auth.log", lines.join("\n"));
  await inEachShell(t, async (shell) => {
    const query = { lines: 2, isLive: false };
    for (const grep of [undefined, "one|two|session (opened|closed)", "(?i)one|TWO|closed"]) {
      const file = fileReader({ ...query, grep }, `${folder.path}/auth.log`);
      assertEquals(await readIn(shell, file), [0, "one", "two"]);
      const files = logFilesReader({ ...query, grep }, folder.path);
      assertEquals(await readIn(shell, files), [0, "one", "two"]);
    }
    const quoting = fileReader({ ...query, grep: "\\Qtwo" }, `${folder.path}/auth.log`);
    assertEquals((await readIn(shell, quoting)).slice(-1), ["two"]);
  });
});

Deno.test("fileReader() gives sudo a short command line with the mark, and the script by stdin", async (t) => {
  await using folder = await makeTempFolder();
  const fake = [
    "#!/bin/sh",
    'printf "%s\\n" "$*" >"${0%/*}/arguments"',
    // It runs the script as it comes, on a path that is none of a log.
    'shift 4;exec sh -s -- "$1" /etc/passwd "$3"',
  ];
  await folder.write("sudo", fake.join("\n"));
  await Deno.chmod(`${folder.path}/sudo`, 0o755);
  await inEachShell(t, async (shell) => {
    const reader = fileReader({ lines: 2, isLive: false }, "/var/log/none.log");
    const script = `PATH=${folder.path}:$PATH\n${reader.script}`;
    const { code, stdout } = await runIn(shell, script);
    // The script that came by stdin refuses the path; nothing else exits so.
    assertEquals(code, 68);
    assertEquals(
      await Deno.readTextFile(`${folder.path}/arguments`),
      `-n sh -s -- ${sudoMark} /var/log/none.log root\n`,
    );
    assert(/^@\d+\S* \d+\n$/.test(stdout), stdout);
    assertEquals(reader.parse(stdout.trimEnd()), undefined);
    assertEquals(reader.trace?.pid, Number(stdout.trimEnd().split(" ")[1]));
  });
});

testWithPty(
  "get_logs leaves its own lines out of a file, too, and nothing of the user's",
  async (t) => {
    await using daemon = await startBox({ journal });
    await using session = await connect(daemon);
    await Deno.writeTextFile(`${daemon.home("alice")}/auth.log`, "first\n");
    const path = "~/auth.log";
    await session.call("run_command", { username: "alice", command: "sudo -n id -u" });
    for (let count = 0; count < 3; count++) await read(session);
    const texts = (messages: readonly string[]) =>
      messages.map((message) => message.replace(/^.*(COMMAND=|session opened).*$/, "$1"));
    await t.step("the newest", async () => {
      const { messages } = await read(session, { path, lines: 3 });
      assertEquals(texts(messages), ["first", "COMMAND=", "session opened"]);
    });
    await t.step("by grep", async () => {
      const { messages } = await read(session, { path, grep: "session|command=" });
      assertEquals(texts(messages), ["COMMAND=", "session opened"]);
      assertEquals((await read(session, { path, grep: sudoMark })).messages, []);
    });
    await t.step("while it follows", async () => {
      const { messages } = await read(session, { path, "follow_seconds": 1 });
      assertEquals(texts(messages), ["first", "COMMAND=", "session opened"]);
    });
  },
);
