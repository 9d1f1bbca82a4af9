/** However the server ends, nothing that its calls started continues in a container. */
import { assert, assertEquals } from "@std/assert";
import { connect, connectProcess } from "../../connect.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { testWithPty } from "../../with_pty.ts";
import { heldLogin, letGo, untilHeld } from "../../client/terminal/held_login.ts";
import { assertClean } from "./clean.ts";

const LOOK_EVERY_MS = 50;

/** Resolves when a command runs in alice's container. */
async function untilRuns(daemon: Daemon, command: string): Promise<void> {
  for (;;) {
    const { processes } = await daemon.leftovers("alice");
    if (processes.some((line) => line.includes(command))) return;
    // There is no event for the start of another process.
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

testWithPty(
  "run_command leaves nothing running in a container if the server is killed",
  async () => {
    await using daemon = await startDaemon({
      containers: [{ username: "alice" }],
      shell: { silenceSeconds: 3 },
    });
    await using server = await connectProcess(daemon);
    server.call("run_command", { username: "alice", command: "trap '' TERM; sleep 1111" })
      .catch(() => {});
    await server.call("open_terminal", { username: "alice" });
    await untilRuns(daemon, "sleep 1111");
    server.kill();
    const { signal } = await server.exited;
    assertEquals(signal, "SIGKILL");
    await assertClean(daemon, "alice");
  },
);

testWithPty(
  "open_terminal leaves nothing in a container if the server is killed while the shell logs in",
  async () => {
    // The first login is that of the agent that ends shells.
    await using daemon = await startDaemon({
      containers: [{ username: "alice" }],
      shell: { silenceSeconds: 3, profile: heldLogin(1) },
    });
    await using server = await connectProcess(daemon);
    server.call("open_terminal", { username: "alice" }).catch(() => {});
    await untilHeld(daemon.home("alice"));
    server.kill();
    await server.exited;
    await letGo(daemon.home("alice"));
    await assertClean(daemon, "alice");
  },
);

testWithPty(
  "the end of stdin ends running commands, and the server exits within about a second",
  async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }], shell: {} });
    await using server = await connectProcess(daemon);
    const running = server.call("run_command", { username: "alice", command: "sleep 2222" })
      .catch((error: unknown) => error);
    await untilRuns(daemon, "sleep 2222");
    await server.closeStdin();
    assertEquals((await server.exited).code, 0);
    await running;
    await assertClean(daemon, "alice");
  },
);

testWithPty(
  "run_command ends the command and everything it started if the call is cancelled",
  async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }], shell: {} });
    await using server = await connect(daemon);
    const command = "setsid sleep 3333 & trap '' TERM; sleep 4444";
    const running = server.request("tools/call", {
      name: "run_command",
      arguments: { username: "alice", command },
    }, { id: "x" });
    // A cancelled request gets no response.
    running.catch(() => {});
    await untilRuns(daemon, "sleep 4444");
    await server.notify("notifications/cancelled", { requestId: "x" });
    for (;;) {
      const { processes } = await daemon.leftovers("alice");
      if (!processes.some((line) => /sleep [34]{4}/.test(line))) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    assert(!server.messages.some(({ id }) => id === "x"));
  },
);

testWithPty(
  "run_command whose connection is lost is not looked for with get_container",
  async () => {
    await using daemon = await startDaemon({
      containers: [{ username: "alice" }],
      shell: { silenceSeconds: 3 },
    });
    await using server = await connect(daemon);
    for (const whose of [{ username: "alice" }, { usernames: ["alice"] }]) {
      const call = server.call("run_command", { ...whose, command: "exec sleep 1111" });
      await untilRuns(daemon, "sleep 1111");
      daemon.dropTerminals("alice");
      const { isError, text } = await call;
      assertEquals(isError, true);
      assert(text.includes("The command may have run, completely or in part"), text);
      assert(text.includes("call run_command (ps, ls or a log) first to see whether"), text);
      assert(!text.includes("get_container"), text);
      await assertClean(daemon, "alice");
    }
  },
);
