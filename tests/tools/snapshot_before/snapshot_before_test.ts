/** Snapshots before what the policy calls risky. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { resizeContainer } from "../../../tools/containers/resize_container.ts";
import { type DaemonOptions, startDaemon } from "../../daemon/mod.ts";
import { connectWithPolicy } from "../../with_policy.ts";
import { testWithPty } from "../../with_pty.ts";

const alice: DaemonOptions = { containers: [{ username: "alice" }] };
const all = { "snapshot_before": ["resize", "install_stack", "run_command as_root"] };
const resize = { username: "alice", memory: "8GB" };

Deno.test("resize_container takes a snapshot first where the policy wants one, and says how to undo it", async () => {
  await using daemon = await startDaemon({ ...alice, zfs: true });
  await using host = await connectWithPolicy(daemon, all);
  const { text, structuredContent } = await host.session.call("resize_container", resize);
  const [name = ""] = daemon.snapshots("alice");
  assert(/^mcp-before-resize-\d{8}T\d{6}Z-[0-9a-f]{4}$/.test(name), name);
  const undo = `restore_snapshot(username="alice", name="${name}")`;
  assertEquals(text, `memory: 4GB → 8GB\nUndo: ${undo}`);
  const { snapshot_before: snapshot } = resizeContainer.output.parse(structuredContent);
  assertEquals(snapshot, { name, undo });
  const order = daemon.requests.filter(({ method }) => method !== "GET").map(({ path }) => path);
  assertEquals(order, ["/v1/containers/alice/snapshots", "/v1/containers/alice/resize"]);
  const restored = await host.session.call("restore_snapshot", { username: "alice", name });
  assertEquals(restored.isError, false, restored.text);
});

Deno.test("no snapshot is taken before what the policy does not name", async () => {
  await using daemon = await startDaemon({ ...alice, zfs: true });
  for (const policy of [{}, { "snapshot_before": ["install_stack"] }]) {
    await using host = await connectWithPolicy(daemon, policy);
    await host.session.call("resize_container", resize);
  }
  assertEquals(daemon.snapshots("alice"), []);
});

Deno.test("install_stack takes one snapshot, however often it is called to keep waiting", async () => {
  await using daemon = await startDaemon({ ...alice, zfs: true });
  await using host = await connectWithPolicy(daemon, all);
  const installing = daemon.holdPhase("installing", "alice");
  const call = (seconds: number) =>
    host.session.call("install_stack", {
      username: "alice",
      stack: "nodejs",
      wait_seconds: seconds,
    });
  const first = await call(1);
  await installing.reached;
  assertStringIncludes(first.text, "Undo: restore_snapshot(");
  await call(0);
  installing.release();
  assertStringIncludes((await call(25)).text, "installed successfully");
  assertEquals(daemon.snapshots("alice").length, 1);
});

testWithPty(
  "run_command takes a snapshot before a command as root, and not before others",
  async () => {
    await using daemon = await startDaemon({ ...alice, zfs: true, shell: {} });
    await using host = await connectWithPolicy(daemon, all);
    const run = (args: object) => host.session.call("run_command", { command: "true", ...args });
    await run({ username: "alice" });
    assertEquals(daemon.snapshots("alice"), []);
    // There may be no sudo: the snapshot comes first.
    await run({ username: "alice", as_root: true });
    await run({ usernames: ["alice"], as_root: true });
    const names = daemon.snapshots("alice");
    assertEquals(names.length, 2);
    assert(names.every((name) => name.startsWith("mcp-before-run-command-")), names.join());
  },
);

Deno.test("at most 3 of this server's snapshots are kept, and never one of the user's is removed", async () => {
  await using daemon = await startDaemon({ ...alice, zfs: true });
  await using host = await connectWithPolicy(daemon, all);
  const users = ["mine", "mcp-before-lunch", "mcp-before-resize-20260101T000000Z"];
  for (const name of users) await daemon.takeSnapshot("alice", name);
  const own: string[] = [];
  for (const memory of ["5GB", "6GB", "7GB", "8GB", "9GB"]) {
    await host.session.call("resize_container", { username: "alice", memory });
    own.push(daemon.snapshots("alice").at(-1) ?? "");
  }
  assertEquals(daemon.snapshots("alice"), [...users, ...own.slice(-3)]);
  const taken = { username: "alice", name: "mcp-before-resize-20260101T000000Z-0000" };
  const { isError, text } = await host.session.call("create_snapshot", taken);
  assertEquals(isError, true);
  assertStringIncludes(text, "begins the names of snapshots that this server takes");
});

Deno.test("resize_container that is refused takes no snapshot, and so costs no earlier one", async () => {
  await using daemon = await startDaemon({ ...alice, zfs: true });
  await using host = await connectWithPolicy(daemon, all);
  for (const memory of ["5GB", "6GB", "7GB"]) {
    await host.session.call("resize_container", { username: "alice", memory });
  }
  const before = daemon.snapshots("alice");
  for (const limits of [{ disk: "1GB" }, {}]) {
    const { isError } = await host.session.call("resize_container", {
      username: "alice",
      ...limits,
    });
    assertEquals(isError, true);
  }
  assertEquals(daemon.snapshots("alice"), before);
});

Deno.test("a call whose snapshot fails is not made, and says why", async () => {
  await using daemon = await startDaemon({ ...alice, zfs: true });
  await using host = await connectWithPolicy(daemon, {
    ...all,
    quotas: { users: { "*": { snapshots: 0 } } },
  });
  for (
    const [tool, args] of [["resize_container", resize], ["install_stack", {
      username: "alice",
      stack: "nodejs",
    }]] as const
  ) {
    const { isError, text } = await host.session.call(tool, args);
    assertEquals(isError, true);
    assertStringIncludes(text, "user alice: snapshots 0 of 0, needs 1 more");
    assertStringIncludes(
      text,
      "No snapshot was taken, which the policy wants first, so nothing was",
    );
  }
  assertEquals(daemon.requests.filter(({ method }) => method !== "GET"), []);
});

Deno.test("a call that fails after its snapshot names it: it may have changed something", async () => {
  await using daemon = await startDaemon({ ...alice, zfs: true });
  await using host = await connectWithPolicy(daemon, all);
  const stack = { username: "alice", stack: "nodejs" };
  for (
    const [tool, args, path] of [
      ["resize_container", resize, "resize"],
      ["install_stack", stack, "install-stack"],
    ] as const
  ) {
    daemon.dropNext(
      tool === "resize_container" ? "PUT" : "POST",
      "after-read",
      `/v1/containers/alice/${path}`,
    );
    const { isError, text, reason } = await host.session.call(tool, args);
    assertEquals([isError, reason], [true, "response_lost"], text);
    const name = daemon.snapshots("alice").at(-1);
    assertStringIncludes(text, `Undo: restore_snapshot(username="alice", name="${name}")`);
  }
});

testWithPty("run_command as root that fails after its snapshot names it", async () => {
  const shell = { profile: "echo no entry\nexit 1\n" };
  await using daemon = await startDaemon({ ...alice, zfs: true, shell });
  await using host = await connectWithPolicy(daemon, all);
  for (const whose of [{ username: "alice" }, { usernames: ["alice"] }]) {
    const args = { ...whose, command: "true", "as_root": true };
    const { isError, text } = await host.session.call("run_command", args);
    assertEquals(isError, true, text);
    const name = daemon.snapshots("alice").at(-1);
    assertStringIncludes(text, `Undo: restore_snapshot(username="alice", name="${name}")`);
  }
});

Deno.test("where there are no snapshots, the call goes on, and the first answer says so", async () => {
  await using daemon = await startDaemon(alice);
  await using host = await connectWithPolicy(daemon, all);
  const first = await host.session.call("resize_container", resize);
  assertStringIncludes(
    first.text,
    "memory: 4GB → 8GB\nNo snapshot was taken before: This host does not keep its containers on ZFS",
  );
  const second = await host.session.call("resize_container", { username: "alice", memory: "9GB" });
  assert(!second.text.includes("snapshot"), second.text);
});
