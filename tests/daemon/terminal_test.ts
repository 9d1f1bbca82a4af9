/** The terminal: what it shows, and what it leaves behind. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { send } from "./asking.ts";
import { type Daemon, type ShellOptions, startDaemon } from "./mod.ts";
import { programOf, testWithPty as test } from "../with_pty.ts";
import { isAlive, Sitting } from "./terminal_client.ts";

const nothing = { processes: [], files: [] };

function start(shell: ShellOptions = {}): Promise<Daemon> {
  return startDaemon({ containers: [{ username: "alice" }, { username: "bob" }], shell });
}

for (const login of ["bash", "dash", "ash"] as const) {
  test(`A login shell may be ${login}, which reads its login file`, async () => {
    await using daemon = await start({ login, profile: "echo pro''file is read\n" });
    await using alice = await Sitting.open(daemon, "alice");
    await alice.shows("profile is read");
    alice.type("echo I am $0 of $USER in $(pwd), $SHELL\n");
    await alice.shows(`I am -${login} of alice in ${daemon.home("alice")}, /bin/${login}`);
    alice.type("exit\n");
    await alice.closed;
    assertEquals(await daemon.leftovers("alice"), nothing);
  }, [programOf(login)]);
}

test("The environment is cleared, and the tools come from the scratch PATH", async () => {
  await using daemon = await start();
  await using alice = await Sitting.open(daemon, "alice");
  alice.type(`env | cut -d= -f1 | sort | tr '\\n' ' '; echo "[$TERM/$LANG]"\n`);
  const screen = await alice.shows("[dumb/]");
  assertStringIncludes(screen, "HOME LOGNAME PATH PWD SHELL SHLVL TERM USER _ [dumb/]");
  alice.type("type ls sudo; echo en''d\n");
  await alice.shows("end\r\n");
  for (const tool of ["ls", "sudo"]) {
    assertStringIncludes(alice.screen, `${tool} is ${daemon.home("alice").replace("home", "bin")}`);
  }
});

test("The terminal is 80x24, echoes, edits lines, and knows nothing of UTF-8", async () => {
  await using daemon = await start({ login: "dash" });
  await using alice = await Sitting.open(daemon, "alice");
  alice.send('{"type":"resize","cols":120,"rows":40}');
  alice.type("stty -a; stty size; echo en''d\n");
  const screen = await alice.shows("end\r\n");
  assertStringIncludes(screen, "24 80\r\n");
  for (const setting of ["icanon", "echo", "onlcr", "ixon", "-iutf8", "isig", "icrnl"]) {
    assert(new RegExp(`[ \\n]${setting}[ \\r]`).test(screen), `${setting} in ${screen}`);
  }
  assertStringIncludes(screen, "stty -a; stty size");
});

test("What is typed ahead of the shell is not lost", async () => {
  await using daemon = await start({ profile: "sleep 0.3\n" });
  await using alice = await Sitting.open(daemon, "alice");
  alice.type("echo typed ah''ead\n");
  await alice.shows("typed ahead\r\n");
});

test("The end of the shell ends the connection without a close frame", async () => {
  await using daemon = await start();
  await using alice = await Sitting.open(daemon, "alice");
  alice.type("echo fare''well; exit 3\n");
  assertEquals(await alice.closed, { code: 0, wasClean: false });
  assertStringIncludes(alice.screen, "farewell\r\n");
  assertEquals([daemon.terminals("alice"), await daemon.leftovers("alice")], [0, nothing]);
});

test("A background child does not keep the connection", async () => {
  await using daemon = await start();
  await using alice = await Sitting.open(daemon, "alice");
  alice.type("nohup sleep 1000 & exit\n");
  await alice.closed;
  assertEquals((await daemon.leftovers("alice")).processes, ["sleep 1000"]);
});

test("Output comes in frames of 4096 bytes at most, and a character that is cut becomes U+FFFD", async () => {
  await using daemon = await start({ login: "dash" });
  await using alice = await Sitting.open(daemon, "alice");
  alice.type("stty -echo; echo rea''dy\n");
  await alice.shows("ready\r\n");
  alice.type("yes € | head -c 40000 | tr -d '\\n'; echo; echo en''d\n");
  const screen = await alice.shows("end\r\n");
  const encoder = new TextEncoder();
  for (const frame of alice.frames) {
    const { data }: { readonly data: string } = JSON.parse(frame);
    // Each of the bytes that were cut is three as U+FFFD.
    const cut = data.split("\uFFFD").length - 1;
    assert(encoder.encode(data).length - 2 * cut <= 4096);
  }
  const cut = screen.split("\uFFFD").length - 1;
  assert(cut > 0 && cut % 3 === 0, `${cut} bytes were cut`);
  assertEquals(screen.split("€").length - 1 + cut / 3, 10_000);
});

test("A closed WebSocket leaves the shell and what runs in it, and that is counted", async () => {
  await using daemon = await start();
  const alice = await Sitting.open(daemon, "alice");
  alice.type("echo be''gun; sleep 1000\n");
  await alice.shows("begun\r\n");
  await alice.leave();
  const { processes } = await daemon.leftovers("alice");
  assertEquals(processes.length, 3);
  const [shell, su, job] = processes;
  assertEquals([shell, job], ["-bash", "sleep 1000"]);
  assertStringIncludes(su ?? "", "su.sh alice");
  assertEquals(await daemon.leftovers("bob"), nothing);
});

test("Nobody reads a terminal that was left: what writes to it waits for ever", async () => {
  await using daemon = await start();
  const alice = await Sitting.open(daemon, "alice");
  const count = `${daemon.home("alice")}/count`;
  await Deno.writeTextFile(count, "");
  alice.type("echo be''gun; for i in $(seq 2000); do printf '%01000d\\n' 0; echo >>count; done\n");
  await alice.shows("begun\r\n");
  await alice.leave();
  await using later = await Sitting.open(daemon, "alice");
  // The size is read until it does not grow any more.
  later.type(
    "until a=$(wc -c <count); sleep 0.5; [ $a = $(wc -c <count) ]; do :; done; echo st''uck\n",
  );
  await later.shows("stuck\r\n");
  const written = (await Deno.stat(count)).size;
  assert(written < 2000, `All ${written} lines were written`);
  assert((await daemon.leftovers("alice")).processes.length > 2);
});

test("Connections that are dropped end at once, and their shells do not", async () => {
  await using daemon = await start();
  const first = await Sitting.open(daemon, "alice");
  await using other = await Sitting.open(daemon, "bob");
  assertEquals([daemon.terminals("alice"), daemon.terminals("bob")], [1, 1]);
  daemon.dropTerminals("alice");
  assertEquals((await first.closed).wasClean, false);
  assertEquals([daemon.terminals("alice"), daemon.terminals("bob")], [0, 1]);
  assertEquals((await daemon.leftovers("alice")).processes.length > 0, true);
  other.type("echo still he''re\n");
  await other.shows("still here\r\n");
});

for (
  const [verb, method, path] of [
    ["stopped", "POST", "/v1/containers/alice/stop"],
    ["deleted", "DELETE", "/v1/containers/alice"],
  ] as const
) {
  test(`A container that is ${verb} takes everything in it along`, async () => {
    await using daemon = await start();
    const home = daemon.home("alice");
    const left = await Sitting.open(daemon, "alice");
    left.type(
      "trap '' HUP TERM; setsid env -i /bin/sleep 1000 & sudo -n sleep 1001 & echo be''gun\n",
    );
    await left.shows("begun\r\n");
    await left.leave();
    const alice = await Sitting.open(daemon, "alice");
    const answer = await send(daemon, path, { method, body: "{}" });
    await answer.body?.cancel();
    assertEquals(answer.status, 200);
    assertEquals(await alice.closed, { code: 0, wasClean: false });
    assertEquals(await daemon.leftovers("alice"), nothing);
    const kept = await Deno.stat(home).then(() => true, () => false);
    assertEquals(kept, verb === "stopped");
  });
}

test("Files of a terminal's agent are counted for its container alone", async () => {
  await using daemon = await start();
  await using alice = await Sitting.open(daemon, "alice");
  await using bob = await Sitting.open(daemon, "bob");
  const nonce = crypto.randomUUID().replaceAll("-", "").slice(0, 24);
  alice.type(`mkdir /dev/shm/.cx.${nonce} ~/.cx.x; echo do''ne\n`);
  await alice.shows("done\r\n");
  bob.type("echo he''re\n");
  await bob.shows("here\r\n");
  const { files } = await daemon.leftovers("alice");
  assertEquals(files, [`/dev/shm/.cx.${nonce}`, `${daemon.home("alice")}/.cx.x`]);
  assertEquals((await daemon.leftovers("bob")).files, []);
});

test("A daemon that closes leaves no process and no folder", async () => {
  const daemon = await start();
  const alice = await Sitting.open(daemon, "alice");
  const home = daemon.home("alice");
  alice.type("trap '' HUP TERM; nohup setsid sleep 1000 & echo $! >pid; echo be''gun\n");
  await alice.shows("begun\r\n");
  const pid = (await Deno.readTextFile(`${home}/pid`)).trim();
  await daemon.close();
  await alice.closed;
  assertEquals([pid === "", await isAlive(Number(pid))], [false, false]);
  assertEquals(await Deno.stat(`${home}/../..`).then(() => true, () => false), false);
});

test("Keys that a container is made with are in its user's home and with the host's account", async () => {
  const key =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPndzlUN6fW8WsRjT8aS0iHAIqqp8y+HIvYTxZ63PZdP a@b";
  await using daemon = await startDaemon({
    containers: [{ username: "alice", sshKeys: [key] }],
    shell: {},
  });
  const inside = (username: string) =>
    Deno.readTextFile(`${daemon.home(username)}/.ssh/authorized_keys`);
  assertEquals([await inside("alice"), daemon.hostKeys("alice")], [`${key}\n`, [key]]);
  for (const [username, async] of [["carol", false], ["dave", true]] as const) {
    const body = JSON.stringify({ username, async, sshKeys: [key] });
    const answer = await send(daemon, "/v1/containers", { method: "POST", body });
    await answer.body?.cancel();
    await daemon.when(username, "CONTAINER_STATE_RUNNING");
    assertEquals([await inside(username), daemon.hostKeys(username)], [`${key}\n`, [key]]);
  }
});
