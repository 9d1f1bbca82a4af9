import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { getLogs, progressLine } from "../../../tools/logs/get_logs.ts";
import { connect, type Session } from "../../connect.ts";
import { assertClean } from "../terminal/clean.ts";
import { testWithPty } from "../../with_pty.ts";
import { journal, type Logs, logsOf, read, startBox } from "./ask.ts";

testWithPty("get_logs reports each new line as progress, and returns all", async (t) => {
  await using daemon = await startBox({ journal, podman: { web: "old\n" } });
  await using session = await connect(daemon);
  const home = daemon.home("alice");
  await Deno.writeTextFile(`${home}/app.log`, "old\n");
  const file = { source: "file", path: "~/app.log" };
  const follow = async (
    args: Readonly<Record<string, unknown>>,
    token: string,
    write: () => Promise<void>,
  ): Promise<Logs> => {
    const following = session.call(
      "get_logs",
      { username: "alice", follow_seconds: 2, ...args },
      { progressToken: token },
    );
    await writeUntil(reportedBy(session, token, "new line"), write);
    const answer = await following;
    assertEquals(answer.isError, false, answer.text);
    return logsOf(answer);
  };
  await t.step("the journal", async () => {
    const logs = await follow({}, "journal", () => {
      daemon.logJournal("alice", { message: "new line \x1b", identifier: "app", priority: 4 });
      return Promise.resolve();
    });
    assertEquals(logs.messages.slice(0, 4), [
      "bind() failed",
      "Started",
      "worker 7 done",
      "new line \\u{1b}",
    ]);
    const messages = progressOf(session, "journal");
    assert(messages.every((message) => !message.includes("worker 7")), messages.join("\n"));
    assert(/^alice-container logs: \S+Z app warning new line \\u\{1b\}$/.test(messages[0] ?? ""));
  });
  await t.step("what matches in it", async () => {
    const logs = await follow({ lines: 1, grep: "line 2" }, "grep", () => {
      daemon.logJournal("alice", { message: "new line 1" });
      daemon.logJournal("alice", { message: "new line 2" });
      return Promise.resolve();
    });
    assertEquals([...new Set(logs.messages)], ["new line 2"]);
  });
  await t.step("a file", async () => {
    const logs = await follow({ ...file, follow_seconds: 3 }, "file", async () => {
      await Deno.writeTextFile(`${home}/app.log`, "new line\nother\n", { append: true });
    });
    assertEquals(logs.messages.slice(0, 3), ["old", "new line", "other"]);
  });
  await t.step("what matches in it", async () => {
    const args = { ...file, grep: "^new", lines: 1, "follow_seconds": 3 };
    const logs = await follow(args, "file grep", async () => {
      await Deno.writeTextFile(`${home}/app.log`, "new line\nother\n", { append: true });
    });
    assertEquals([...new Set(logs.messages)], ["new line"]);
  });
  await t.step("podman's", async () => {
    const logs = await follow({ source: "podman", unit: "web" }, "podman", () => {
      daemon.logPodman("alice", "web", "new line\n");
      return Promise.resolve();
    });
    assertEquals(logs.messages.slice(0, 2), ["old", "new line"]);
  });
  await t.step("nothing new", async () => {
    const logs = await read(session, { follow_seconds: 1, grep: "no such words" });
    assertEquals([logs.entries, logs.text], [[], "journal: 0 entries"]);
  });
  await session.closeStdin();
  await session.exited;
  await assertClean(daemon, "alice");
});

testWithPty("get_logs follows what the user may see if sudo needs a password", async () => {
  await using daemon = await startBox({ journal, sudo: "password" });
  await using session = await connect(daemon);
  const { messages, partial = "" } = await read(session, { follow_seconds: 1 });
  assertEquals(messages, ["Started"]);
  assertStringIncludes(partial, "a password is required");
});

testWithPty("get_logs follows a flood of empty lines with a few notes", async () => {
  await using daemon = await startBox({ journal });
  await using session = await connect(daemon);
  const path = `${daemon.home("alice")}/app.log`;
  await Deno.writeTextFile(path, "old\n");
  const args = { username: "alice", source: "file", path: "~/app.log", "follow_seconds": 3 };
  const following = session.call("get_logs", args, { progressToken: "flood" });
  await writeUntil(
    reportedBy(session, "flood", "new line"),
    () => Deno.writeTextFile(path, "new line\n", { append: true }),
  );
  await Deno.writeTextFile(path, "\n".repeat(150_000), { append: true });
  const { isError, text, structuredContent } = await following;
  assertEquals(isError, false, text);
  const { entries = [], left_out: leftOut = 0 } = getLogs.output.parse(structuredContent);
  assertEquals(entries.length, 2_000);
  assert(leftOut > 100_000, `${leftOut} left out`);
  const told = progressOf(session, "flood");
  assert(told.length < 40, `${told.length} notes`);
});

Deno.test("progressLine() puts an entry on one line of limited length", () => {
  assertEquals(
    ["one", "two\nmore", "x".repeat(600)].map((message) => progressLine({ message })),
    ["one", "two more", `${"x".repeat(500)}…`],
  );
});

testWithPty("get_logs ends what it started in the container when it is cancelled", async () => {
  await using daemon = await startBox({ journal });
  await using session = await connect(daemon);
  const call = session.call(
    "get_logs",
    { username: "alice", follow_seconds: 300 },
    { id: "follow", progressToken: "follow" },
  );
  await writeUntil(reportedBy(session, "follow", "new line"), () => {
    daemon.logJournal("alice", { message: "new line" });
    return Promise.resolve();
  });
  const running = await daemon.leftovers("alice");
  assert(running.processes.some((line) => line.includes("journalctl")), "nothing is followed");
  await session.notify("notifications/cancelled", { requestId: "follow" });
  await until(async () => {
    const { processes } = await daemon.leftovers("alice");
    return !processes.some((line) => line.includes("journalctl"));
  });
  // The session is still of use.
  assertEquals((await read(session, { unit: "cron" })).messages, ["Started"]);
  // A cancelled request gets no response.
  call.catch(() => {});
  await session.closeStdin();
  await session.exited;
  await assertClean(daemon, "alice");
});

/** Writes to a log repeatedly until a line is reported: earlier lines may count as old. */
async function writeUntil(told: Promise<unknown>, write: () => Promise<void>): Promise<void> {
  for (let isTold = false; !isTold;) {
    await write();
    const pause = Promise.withResolvers<void>();
    const timer = setTimeout(pause.resolve, 300);
    await Promise.race([told.then(() => isTold = true), pause.promise]);
    clearTimeout(timer);
  }
}

/** Resolves when a call reports a line as progress. */
function reportedBy(session: Session, token: string, line: string): Promise<unknown> {
  return session.next(({ method, params }) =>
    method === "notifications/progress" && params?.progressToken === token &&
    String(params.message).includes(line)
  );
}

function progressOf(session: Session, token: string): readonly string[] {
  return session.notifications
    .filter(({ method, params }) =>
      method === "notifications/progress" && params?.progressToken === token
    )
    .map(({ params }) => String(params?.message));
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  // There is no event for the end of another process.
  while (!await holds()) await new Promise((resolve) => setTimeout(resolve, 50));
}
