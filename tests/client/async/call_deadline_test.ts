import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type CallOptions, ContainariumClient, ContainariumError } from "../../../client/mod.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { startTwoHosts } from "../../two_hosts.ts";
import { clientOf } from "../connect.ts";
import { makeKey } from "../ssh_keys/make_key.ts";
import { testWithPty } from "../../with_pty.ts";

const line = `${await makeKey()} alice@laptop`;
const soon: CallOptions = { timeoutMs: 40 };

/** A daemon that takes connections and never answers. */
function startSilent(): Disposable & { readonly url: string } {
  const stop = new AbortController();
  const { addr } = Deno.serve(
    { port: 0, hostname: "127.0.0.1", signal: stop.signal, onListen: () => {} },
    () => new Promise<Response>(() => {}),
  );
  return { url: `http://127.0.0.1:${addr.port}`, [Symbol.dispose]: () => stop.abort() };
}

type Call = (client: ContainariumClient) => Promise<unknown>;

const reads: Readonly<Record<string, Call>> = {
  "containers.list": ({ containers }) => containers.list(soon),
  "containers.get": ({ containers }) => containers.get("alice", soon),
  "containers.getRaw": ({ containers }) => containers.getRaw("alice", soon),
  "containers.getWhole": ({ containers }) => containers.getWhole("alice", soon),
  "containers.getForStop": ({ containers }) => containers.getForStop("alice", soon),
  "containers.find": ({ containers }) => containers.find("alice", soon),
  "containers.findWhole": ({ containers }) => containers.findWhole("alice", soon),
  "containers.waitFor": ({ containers }) => containers.waitFor("alice", "running", soon),
  "containers.diagnose": ({ containers }) => containers.diagnose("alice", soon),
  "metrics.list": ({ metrics }) => metrics.list(soon),
  "metrics.get": ({ metrics }) => metrics.get("alice", soon),
  "snapshots.list": ({ snapshots }) => snapshots.list("alice", soon),
  "snapshots.look": ({ snapshots }) => snapshots.look("alice", "before", soon),
  "snapshots.planRestore": ({ snapshots }) => snapshots.planRestore("alice", "before", soon),
  "sshKeys.list": ({ sshKeys }) => sshKeys.list("alice", soon),
  "sshKeys.planRemoval": ({ sshKeys }) => sshKeys.planRemoval("alice", "alice@laptop", soon),
  "recipes.list": ({ recipes }) => recipes.list(soon),
  "recipes.get": ({ recipes }) => recipes.get("ollama", soon),
  "recipes.prepare": ({ recipes }) => recipes.prepare("ollama", { username: "alice" }, soon),
  "stacks.list": ({ stacks }) => stacks.list(soon),
  "system.info": ({ system }) => system.info(soon),
  "backends.list": ({ backends }) => backends.list(soon),
  "backends.hostOf": ({ backends }) => backends.hostOf(undefined, soon),
};

/** Changes that look first: nothing is sent of them while the look has no answer. */
const looks: Readonly<Record<string, Call>> = {
  "containers.create": ({ containers }) => containers.create({ username: "alice", ...soon }),
  "containers.delete": ({ containers }) => containers.delete("alice", soon),
  "containers.resize": ({ containers }) => containers.resize("alice", { cpu: "2", ...soon }),
  "containers.update": ({ containers }) =>
    containers.update("alice", { isProtected: true, ...soon }),
  "containers.stop, agreed": ({ containers }) => containers.stop("alice", { agreed: {}, ...soon }),
  "snapshots.delete, agreed": ({ snapshots }) =>
    snapshots.delete("alice", "before", { agreed: {}, ...soon }),
  "snapshots.restore": ({ snapshots }) => snapshots.restore("alice", "before", soon),
  "recipes.deploy": ({ recipes }) => recipes.deploy("ollama", { username: "alice", ...soon }),
  "stacks.install": ({ stacks }) => stacks.install("alice", "nodejs", soon),
  "backends.move": ({ backends }) => backends.move("alice", "far", soon),
  "terminal.open": (client) =>
    client.terminal("alice").open({ cols: 80, rows: 24, onOutput: () => {}, ...soon }),
};

const writes: Readonly<Record<string, Call>> = {
  "containers.setLabels": ({ containers }) => containers.setLabels("alice", { a: "b" }, soon),
  "containers.removeLabel": ({ containers }) => containers.removeLabel("alice", "a", soon),
  "containers.setTtl": ({ containers }) => containers.setTtl("alice", 60, soon),
  "containers.setProtected": ({ containers }) => containers.setProtected("alice", true, soon),
  "containers.setAutoSleep": ({ containers }) => containers.setAutoSleep("alice", 5, soon),
  "containers.start": ({ containers }) => containers.start("alice", soon),
  "containers.stop": ({ containers }) => containers.stop("alice", soon),
  "snapshots.create": ({ snapshots }) => snapshots.create("alice", soon),
  "snapshots.delete": ({ snapshots }) => snapshots.delete("alice", "before", soon),
  "snapshots.rollback": ({ snapshots }) => snapshots.rollback("alice", "before", soon),
  "sshKeys.add": ({ sshKeys }) => sshKeys.add("alice", line, { places: ["host"], ...soon }),
};

for (const [calls, code] of [[{ ...reads, ...looks }, "timeout"], [writes, "ambiguous"]] as const) {
  Deno.test(`timeoutMs ends a call that a daemon does not answer: ${code}`, async (t) => {
    using daemon = startSilent();
    for (const [name, call] of Object.entries(calls)) {
      await t.step(name, async () => {
        using client = new ContainariumClient({ serverUrl: daemon.url, token: "ctnr_example" });
        const error = await assertRejects(() => call(client), ContainariumError);
        assertEquals(error.code, code, error.message);
        assertStringIncludes(error.message, "the call took over 0.04 s");
      });
    }
  });
}

Deno.test("timeoutMs of a write that waits for its turn: timeout, and nothing is sent", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon, { maxInFlight: 1 });
  const hold = daemon.hold("GET", "/v1/containers/alice");
  const first = client.containers.get("alice");
  await hold.reached;
  const error = await assertRejects(
    () => client.containers.setTtl("alice", 60, soon),
    ContainariumError,
  );
  assertEquals([error.code, error.path], ["timeout", "/v1/containers/alice/ttl"]);
  hold.release();
  assertEquals((await first).ttlExpiresAt, undefined);
});

Deno.test("timeoutMs that is over when the write was answered: ambiguous, and says what was accepted", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const hold = daemon.hold("GET", "/v1/containers/alice");
  const error = await assertRejects(
    () => client.containers.stop("alice", { timeoutMs: 500 }),
    ContainariumError,
  );
  assertEquals([error.code, error.reason], ["ambiguous", "response_lost"]);
  assertStringIncludes(error.message, "The stop of alice-container was accepted");
  hold.release();
});

Deno.test("create() with a timeoutMs that is over while it polls: ambiguous", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const phase = daemon.holdPhase("creating");
  const error = await assertRejects(
    () => client.containers.create({ username: "alice", timeoutMs: 1_000 }),
    ContainariumError,
  );
  assertEquals(error.code, "ambiguous");
  assertStringIncludes(error.message, "The creation of alice-container was accepted");
  phase.release();
});

Deno.test("move() with a timeoutMs that is over: ambiguous, and the same call waits on", async () => {
  await using hosts = await startTwoHosts({ containers: [{ username: "alice" }] });
  using client = await clientOf(hosts.near);
  const hold = hosts.near.hold("POST", "/v1/containers/alice/move");
  const moving = client.backends.move("alice", "far", { timeoutMs: 1_500 });
  const error = await assertRejects(() => moving, ContainariumError);
  assertEquals(error.code, "ambiguous");
  assertStringIncludes(error.message, "continues on the daemon");
  hold.release();
  assertEquals((await client.backends.move("alice", "far")).kind, "moved");
});

testWithPty("terminal.open() lets go of the time limit once the shell is open", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }], shell: {} });
  using client = await clientOf(daemon);
  const timeoutMs = 20_000;
  const options = { cols: 80, rows: 24, onOutput: () => {}, timeoutMs };
  const shell = await client.terminal("alice").open(options);
  shell.send("exit\r");
  // The test's sanitizer would see a timer that is left.
  assert((await shell.ended) !== "");
  await client.closeTerminals();
});

Deno.test("a caller's signal wins over a timeoutMs that is not over: cancelled", async () => {
  using daemon = startSilent();
  using client = new ContainariumClient({ serverUrl: daemon.url, token: "ctnr_example" });
  const cancel = new AbortController();
  const call = client.containers.list({ signal: cancel.signal, timeoutMs: 60_000 });
  cancel.abort();
  const error = await assertRejects(() => call, ContainariumError);
  assertEquals(error.code, "cancelled");
});

Deno.test("timeoutMs that cannot be is refused, and one beyond any timer is none", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  for (const timeoutMs of [0, -1, NaN]) {
    const error = await assertRejects(
      () => client.containers.list({ timeoutMs }),
      ContainariumError,
    );
    assertEquals(error.code, "invalid_argument");
  }
  for (const timeoutMs of [2 ** 31, Infinity]) {
    assertEquals((await client.containers.list({ timeoutMs })).length, 1);
  }
});
