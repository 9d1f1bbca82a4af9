/** Which session serves a command: never one of a container that was stopped or replaced, or is silent. */
import { assertEquals, assertRejects } from "@std/assert";
import { type ContainariumClient, ContainariumError } from "../../../client/mod.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { startTwoHosts } from "../../two_hosts.ts";
import { eachAtOnce } from "../../at_once.ts";
import { testWithPty } from "../../with_pty.ts";
import { clientOf } from "../connect.ts";
import { nothingLeft, startShells, TestTerminals, textOf } from "./shell_daemon.ts";
import { startSilentRelay } from "./silent_relay.ts";

const terminalPath = "/v1/containers/alice/terminal";

/** What ends everything that runs in alice's container, and leaves one that runs. */
const operations: Readonly<Record<string, (client: ContainariumClient) => Promise<unknown>>> = {
  "containers.stop and start": async ({ containers }) => {
    await containers.stop("alice");
    await containers.start("alice");
  },
  "containers.restart": ({ containers }) => containers.restart("alice"),
  "containers.delete and create": async ({ containers }) => {
    await containers.delete("alice", { force: true });
    await containers.create({ username: "alice" });
  },
  "snapshots.rollback by force": async ({ containers, snapshots }) => {
    await snapshots.rollback("alice", "before", { force: true });
    await containers.start("alice");
  },
  "snapshots.restore": ({ snapshots }) => snapshots.restore("alice", "before"),
  "api.request": async ({ api }) => {
    await api.request("POST", ["containers", "alice", "stop"], { body: {} });
    await api.request("POST", ["containers", "alice", "start"], { body: {} });
  },
  "api.request of monitoring": ({ api }) =>
    api.request("POST", ["containers", "alice", "monitoring"], { body: { enabled: false } }),
};

testWithPty("run() opens a new session after this client ended what ran there", async (t) => {
  await eachAtOnce(t, operations, async (operate) => {
    await using daemon = await startDaemon({
      zfs: true,
      containers: [{ username: "alice" }],
      shell: {},
    });
    daemon.takeSnapshot("alice", "before");
    // No end of a connection shows: the old session looks as good as new.
    await using relay = startSilentRelay(daemon.url);
    using client = await clientOf(daemon, { serverUrl: relay.url });
    const terminal = client.terminal("alice");
    await terminal.run("true");
    await operate(client);
    assertEquals(textOf((await terminal.run("echo new", { timeoutMs: 20_000 })).stdout), "new\n");
    assertEquals(daemon.count("GET", terminalPath), 2);
    await client.closeTerminals();
  });
});

testWithPty("run() opens a new session after a move, which its daemon refuses", async () => {
  await using hosts = await startTwoHosts({ containers: [{ username: "alice" }], shell: {} });
  await using relay = startSilentRelay(hosts.near.url);
  using client = await clientOf(hosts.near, { serverUrl: relay.url });
  await client.terminal("alice").run("true");
  await client.backends.move("alice", "far");
  const error = await assertRejects(() => client.terminal("alice").run("true"), ContainariumError);
  assertEquals(error.code, "unsupported");
  assertEquals(hosts.near.count("GET", terminalPath), 2);
  await client.closeTerminals();
});

testWithPty("run() keeps its session over a write that ends nothing", async () => {
  await using daemon = await startShells();
  using client = await clientOf(daemon);
  await client.terminal("alice").run("true");
  await client.containers.update("alice", { labels: { team: "dev" } });
  await client.containers.resize("alice", { memory: "2GB" });
  await client.terminal("alice").run("true");
  assertEquals(daemon.count("GET", terminalPath), 1);
  await client.closeTerminals();
});

testWithPty(
  "a command that runs while its container is stopped is the session's last",
  async () => {
    await using daemon = await startShells();
    using client = await clientOf(daemon);
    const terminal = client.terminal("alice");
    const begun = Promise.withResolvers<void>();
    const running = terminal.run("echo begun; sleep 300", { onOutput: () => begun.resolve() });
    await begun.promise;
    const failed = assertRejects(() => running, ContainariumError);
    await client.containers.restart("alice");
    assertEquals((await failed).code, "ambiguous");
    assertEquals(textOf((await terminal.run("echo new")).stdout), "new\n");
    await client.closeTerminals();
  },
);

testWithPty("run() and open() work at once after another client's restart", async () => {
  await using daemon = await startShells();
  await using terminals = await TestTerminals.of(daemon, { trustMs: 0 });
  using other = await clientOf(daemon);
  const terminal = terminals.of("alice");
  await runThrice(terminal, daemon, 1);
  await other.containers.restart("alice");
  await runThrice(terminal, daemon, 2);
  const first = await terminal.open({ cols: 80, rows: 24, onOutput: () => {} });
  await other.containers.restart("alice");
  const second = await terminal.open({ cols: 80, rows: 24, onOutput: () => {} });
  await first.ended;
  await second.close();
  await terminals.close();
  await nothingLeft(daemon);
});

/** Each a moment after the other, over one session. */
async function runThrice(
  terminal: ReturnType<TestTerminals["of"]>,
  daemon: Daemon,
  sessions: number,
): Promise<void> {
  for (const word of ["one", "two", "three"]) {
    assertEquals(textOf((await terminal.run(`echo ${word}`)).stdout), `${word}\n`);
  }
  assertEquals(daemon.count("GET", terminalPath), sessions);
}

testWithPty("run() does not send to a session that has gone silent", async () => {
  await using daemon = await startShells({ silenceSeconds: 3 });
  await using relay = startSilentRelay(daemon.url);
  const target = { url: relay.url, token: () => daemon.token() };
  await using terminals = await TestTerminals.of(target, { trustMs: 0, probeMs: 200 });
  const terminal = terminals.of("alice");
  const mark = `echo x >>"$HOME/runs"`;
  await Promise.all([terminal.run(`sleep 0.3; ${mark}`), terminal.run(`sleep 0.3; ${mark}`)]);
  assertEquals(daemon.count("GET", terminalPath), 2);
  relay.silence();
  await terminal.run(mark);
  // The second silent one was not probed as well.
  assertEquals(daemon.count("GET", terminalPath), 3);
  assertEquals(await Deno.readTextFile(`${daemon.home("alice")}/runs`), "x\n".repeat(3));
});
