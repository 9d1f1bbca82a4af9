/** The tools of a simulated container that are not this machine's. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Daemon, type ShellOptions, startDaemon } from "./mod.ts";
import { testWithPty as test } from "../with_pty.ts";
import { Sitting } from "./terminal_client.ts";

function start(shell: ShellOptions): Promise<Daemon> {
  return startDaemon({ containers: [{ username: "alice" }], shell });
}

/** Runs a command with the tools of alice's container. */
async function run(daemon: Daemon, command: string) {
  const home = daemon.home("alice");
  const { code, stdout, stderr } = await new Deno.Command("/bin/sh", {
    args: ["-c", command],
    cwd: home,
    clearEnv: true,
    env: { HOME: home, PATH: `${home}/../bin`, LOGNAME: "alice" },
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

const long = "x".repeat(5000);
const entries: ShellOptions = {
  journal: [
    {
      time: new Date("2026-11-20T10:00:00Z"),
      unit: "web.service",
      identifier: "web",
      pid: 7,
      priority: 3,
      message: "Failed to Bind",
    },
    { time: new Date("2026-11-20T11:00:00Z"), unit: "db.service", message: [98, 105, 110, 255] },
    { time: new Date("2026-11-20T12:00:00Z"), unit: "db.service", message: null, own: true },
    { time: new Date("2026-11-20T13:00:00Z"), message: long, own: true },
  ],
};

/** Runs a command as root, without the traces that `sudo` leaves in the journal. */
function runAsRoot(daemon: Daemon, command: string) {
  const folder = daemon.home("alice").replace(/\/home$/, "");
  return run(daemon, `SIMULATED_ROOT='${folder}' ${command}`);
}

/** The messages of a JSON answer. */
async function messages(daemon: Daemon, options: string): Promise<readonly unknown[]> {
  const { stdout } = await runAsRoot(daemon, `journalctl -q --no-pager -o json ${options}`);
  return stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line).MESSAGE);
}

test("journalctl shows entries as JSON, with no other fields than those asked for", async () => {
  await using daemon = await start(entries);
  const { stdout, code } = await runAsRoot(
    daemon,
    "journalctl -q --no-pager --all -o json --output-fields=MESSAGE,PRIORITY -n 4",
  );
  assertEquals(code, 0);
  const first: Record<string, unknown> = JSON.parse(stdout.split("\n")[0] ?? "");
  assertEquals(first["__REALTIME_TIMESTAMP"], "1795168800000000");
  const { MESSAGE, PRIORITY, _PID } = first;
  assertEquals([MESSAGE, PRIORITY, _PID], ["Failed to Bind", "3", undefined]);
});

test("sudo notes in the journal who ran what, before that runs", async () => {
  await using daemon = await start(entries);
  const { stdout } = await run(daemon, "sudo -n journalctl -q -o json --identifier=sudo");
  const lines = stdout.trim().split("\n").map((line) => JSON.parse(line).MESSAGE);
  assertEquals(lines.length, 2);
  assertStringIncludes(lines[0], "USER=root ; COMMAND=journalctl -q -o json --identifier=sudo");
  assertStringIncludes(lines[1], "session opened for user root");
});

test("journalctl shows bytes as an array, and long texts only with --all", async () => {
  await using daemon = await start(entries);
  assertEquals(await messages(daemon, "--all"), [
    "Failed to Bind",
    [98, 105, 110, 255],
    null,
    long,
  ]);
  assertEquals((await messages(daemon, ""))[3], null);
});

test("journalctl filters by unit, time, priority and number", async () => {
  await using daemon = await start(entries);
  assertEquals(await messages(daemon, "--unit=web"), ["Failed to Bind"]);
  assertEquals(await messages(daemon, "-u 'w?b*'"), ["Failed to Bind"]);
  assertEquals(await messages(daemon, "--priority=err"), ["Failed to Bind"]);
  const window = "--since='2026-11-20 10:30:00' --until=@1795176000";
  assertEquals(await messages(daemon, window), [[98, 105, 110, 255], null]);
  assertEquals(await messages(daemon, "--lines=1 --all"), [long]);
  assertEquals(await messages(daemon, "--unit=no-such"), []);
});

test("journalctl counts from --since, unless it goes backwards", async () => {
  await using daemon = await start(entries);
  assertEquals(await messages(daemon, "--since=2026-11-20 -n 1"), ["Failed to Bind"]);
  assertEquals(await messages(daemon, "--since=2026-11-20 -n 1 --all --reverse"), [long]);
  assertEquals(await messages(daemon, "--since=2026-11-20 -n 1 --all --grep=x"), [long]);
});

test("journalctl follows capitals in --grep only where there are some, and shows the newest first", async () => {
  await using daemon = await start({
    journal: ["first Error", "second error", "none"].map((message) => ({ message })),
  });
  assertEquals(await messages(daemon, "--grep='err(or)'"), ["first Error", "second error"]);
  assertEquals(await messages(daemon, "--grep=Error"), ["first Error"]);
  assertEquals(await messages(daemon, "--grep=error -n 5"), ["second error", "first Error"]);
  assertEquals(await messages(daemon, "--grep=error --case-sensitive"), ["second error"]);
});

test("journalctl says in systemd's words what it does not take", async () => {
  await using daemon = await start(entries);
  const cases: readonly (readonly [string, string])[] = [
    ["--since=nonsense", "Failed to parse timestamp: nonsense\n"],
    ["--until='2026-11-20T10:00:00Z'", "Failed to parse timestamp: 2026-11-20T10:00:00Z\n"],
    ["--priority=loud", "Unknown log level loud\n"],
    ["--lines=x", "Failed to parse lines 'x'\n"],
    ["--grep='('", 'Bad pattern "(": missing closing parenthesis\n'],
    ["--bogus", "journalctl: unrecognized option '--bogus'\n"],
    ["--since=now --until=yesterday", "--since= must be before --until=.\n"],
  ];
  for (const [options, expected] of cases) {
    const { code, stdout, stderr } = await run(daemon, `journalctl ${options}`);
    assertEquals([code, stdout, stderr], [1, "", expected]);
  }
});

test("journalctl with no match ends with 0, and with 1 where it looked for a pattern", async () => {
  await using daemon = await start(entries);
  const nothing = await run(daemon, "journalctl --unit=none");
  assertEquals([nothing.code, nothing.stdout], [0, "-- No entries --\n"]);
  const quiet = await run(daemon, "journalctl -q --unit=none");
  assertEquals(quiet, { code: 0, stdout: "", stderr: "" });
  const grep = await run(daemon, "journalctl --grep=none");
  assertEquals([grep.code, grep.stdout], [1, "-- No entries --\n"]);
});

test("journalctl without sudo shows one's own entries, and hints at it", async () => {
  await using daemon = await start(entries);
  const { stdout, stderr } = await run(daemon, "journalctl --all -o json");
  assertEquals(stdout.split("\n").length, 3);
  assertStringIncludes(stderr, "Hint: You are currently not seeing messages from other users");
  assertEquals((await run(daemon, "journalctl -q -n 1")).stderr, "");
});

test("journalctl follows what a test adds, through its filters", async () => {
  await using daemon = await start({ journal: [{ message: "old", own: true }] });
  const home = daemon.home("alice");
  await using child = new Deno.Command(`${home}/../bin/journalctl`, {
    args: ["-q", "-f", "-n", "1", "-o", "cat", "--grep=new|old"],
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  assertEquals((await lines.read()).value, "old\n");
  daemon.logJournal("alice", { message: "nothing", own: true });
  daemon.logJournal("alice", { message: "not one's own, but new" });
  daemon.logJournal("alice", { message: "brand New", own: true });
  assertEquals((await lines.read()).value, "brand New\n");
  child.kill("SIGKILL");
  await child.status;
  await lines.cancel();
});

test("sudo runs what it is told with its own environment", async () => {
  await using daemon = await start({});
  const { stdout } = await run(daemon, "TAG=x sudo -n A=b sh -c 'echo $USER $SUDO_USER $A-$TAG'");
  assertEquals(stdout, "root alice b-\n");
  const missing = await run(daemon, "sudo -n no-such-tool");
  assertEquals(missing, {
    code: 1,
    stdout: "",
    stderr: "sudo: no-such-tool: command not found\n",
  });
});

test("sudo may want a password, or not be there", async () => {
  await using locked = await start({ sudo: "password" });
  assertEquals(await run(locked, "sudo -n true"), {
    code: 1,
    stdout: "",
    stderr: "sudo: a password is required\n",
  });
  assertEquals((await run(locked, "echo secret | sudo -S echo in")).stdout, "in\n");
  await using bare = await start({ sudo: "missing" });
  assertEquals((await run(bare, "sudo -n true")).code, 127);
});

test("podman shows the logs of its containers", async () => {
  await using daemon = await start({
    podman: { web: "one\ntwo\n", db: "2020-01-01T00:00:00Z old\n2099-01-01T00:00:00Z new\n" },
  });
  assertEquals((await run(daemon, "podman logs --tail 1 web")).stdout, "two\n");
  assertEquals(
    (await run(daemon, "podman logs --since=10m db")).stdout,
    "2099-01-01T00:00:00Z new\n",
  );
  assertEquals(await run(daemon, "podman logs nope"), {
    code: 125,
    stdout: "",
    stderr: 'Error: no container with name or ID "nope" found: no such container\n',
  });
  assertEquals((await run(daemon, "podman ps --format '{{.Names}}'")).stdout, "db\nweb\n");
});

test("podman follows what a test adds", async () => {
  await using daemon = await start({ podman: { web: "one\n" } });
  await using child = new Deno.Command(`${daemon.home("alice")}/../bin/podman`, {
    args: ["logs", "--follow", "--tail=1", "web"],
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  assertEquals((await lines.read()).value, "one\n");
  daemon.logPodman("alice", "web", "two\n");
  assertEquals((await lines.read()).value, "two\n");
  child.kill("SIGKILL");
  await child.status;
  await lines.cancel();
});

test("pkill and its like reach the processes of their container, and no others", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob" }],
    shell: {},
  });
  await using alice = await Sitting.open(daemon, "alice");
  await using bob = await Sitting.open(daemon, "bob");
  for (const sitting of [alice, bob]) {
    sitting.type("setsid sleep 1000 & until pgrep -x sleep >/dev/null; do :; done; echo be''gun\n");
    await sitting.shows("begun\r\n");
  }
  const { stdout } = await run(daemon, "pgrep -x sleep");
  assertEquals(stdout.trim().split("\n").length, 1);
  // It does not wait for the end of what it kills.
  const kill = "pkill -KILL -x sleep && while pgrep -x sleep; do :; done";
  assertEquals((await run(daemon, kill)).code, 0);
  assertEquals((await run(daemon, "killall sleep")).code, 1);
  assertEquals((await daemon.leftovers("alice")).processes.includes("sleep 1000"), false);
  assertEquals((await daemon.leftovers("bob")).processes.includes("sleep 1000"), true);
});

test("Tools that a test takes away are not on the PATH", async () => {
  await using daemon = await start({ journal: "missing", missing: ["base64", "setsid"] });
  const { stdout } = await run(daemon, "command -v journalctl podman base64 setsid; command -v sh");
  assertEquals(stdout.split("/").at(-1), "sh\n");
  assertEquals(stdout.split("\n").length, 2);
});
