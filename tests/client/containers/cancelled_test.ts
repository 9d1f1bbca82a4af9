/** Calls that are cancelled at each of their requests. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { type ContainariumClient, ContainariumError } from "../../../client/mod.ts";
import { type ContainerSeed, type Daemon, startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

type Run = (client: ContainariumClient, signal: AbortSignal | undefined) => Promise<unknown>;

const day = 86_400;
const stopped = "CONTAINER_STATE_STOPPED";
const record = "at=2026-11-26T10:00:00Z was=running ttl=never";
const deleted: Partial<ContainerSeed> = {
  state: stopped,
  ttlSeconds: day,
  labels: { "mcp-deleted": record },
};

/** A call of each kind, and what its container is like before. */
const calls: Readonly<Record<string, readonly [Run, Partial<ContainerSeed>?]>> = {
  list: [({ containers }, signal) => containers.list({ signal })],
  get: [({ containers }, signal) => containers.get("alice", { signal })],
  getRaw: [({ containers }, signal) => containers.getRaw("alice", { signal })],
  getWhole: [({ containers }, signal) => containers.getWhole("alice", { signal })],
  getForStop: [({ containers }, signal) => containers.getForStop("alice", { signal })],
  find: [({ containers }, signal) => containers.find("alice", { signal })],
  findWhole: [({ containers }, signal) => containers.findWhole("alice", { signal })],
  waitFor: [({ containers }, signal) => containers.waitFor("alice", "running", { signal })],
  diagnose: [({ containers }, signal) => containers.diagnose("alice", { signal })],
  create: [
    ({ containers }, signal) =>
      containers.create({ username: "bob", deleteAfterStoppedSeconds: 60, signal }),
  ],
  delete: [({ containers }, signal) => containers.delete("alice", { signal })],
  deleteLater: [
    ({ containers }, signal) => containers.deleteLater("alice", { graceSeconds: day, signal }),
  ],
  undelete: [({ containers }, signal) => containers.undelete("alice", { signal }), deleted],
  start: [({ containers }, signal) => containers.start("alice", { signal }), { state: stopped }],
  stop: [({ containers }, signal) => containers.stop("alice", { signal })],
  "stop as agreed": [({ containers }, signal) => containers.stop("alice", { signal, agreed: {} })],
  resize: [({ containers }, signal) => containers.resize("alice", { cpu: "2", signal })],
  "a resize that is refused": [
    async ({ containers }, signal) => {
      const refusal = await assertRejects(
        () => containers.resize("alice", { disk: "1GB", signal }),
        ContainariumError,
      );
      if (refusal.reason !== "disk_shrink") throw refusal;
    },
  ],
  cleanUpDisk: [({ containers }, signal) => containers.cleanUpDisk("alice", { signal })],
  update: [({ containers }, signal) =>
    containers.update("alice", {
      labels: { team: "dev" },
      removeLabels: ["tier"],
      ttlSeconds: day,
      isProtected: true,
      autoSleepMinutes: 30,
      firewall: "http_only",
      check: () => {},
      signal,
    }), { staticIp: true }],
  "update of what restarts it": [
    ({ containers }, signal) => containers.update("alice", { isMonitored: true, signal }),
  ],
  getFirewallInForce: [
    ({ containers }, signal) => containers.getFirewallInForce("alice", { signal }),
    { staticIp: true },
  ],
  setMonitored: [({ containers }, signal) => containers.setMonitored("alice", true, { signal })],
  "metrics.list": [({ metrics }, signal) => metrics.list({ signal })],
  "metrics.get": [({ metrics }, signal) => metrics.get("alice", { signal })],
};

async function start(seed: Partial<ContainerSeed> = {}): Promise<Daemon> {
  const daemon = await startDaemon({
    containers: [{ username: "alice", ...seed }],
    coreServices: ["otelcollector"],
  });
  using client = await clientOf(daemon);
  if (seed.staticIp === true) await client.containers.setFirewall("alice", "http_only");
  return daemon;
}

/** Requests of a call that nobody cancels. */
async function requestsOf(
  run: Run,
  seed: Partial<ContainerSeed> | undefined,
): Promise<readonly string[]> {
  await using daemon = await start(seed);
  using client = await clientOf(daemon);
  const { length: before } = daemon.requests;
  await run(client, undefined);
  return linesOf(daemon).slice(before);
}

function linesOf({ requests }: Daemon): readonly string[] {
  return requests.map(({ method, path }) => `${method} ${path}`);
}

function isWrite(line: string): boolean {
  return !line.startsWith("GET ");
}

Deno.test("each call of containers and metrics ends when it is cancelled at any of its requests", async (t) => {
  for (const [name, [run, seed]] of Object.entries(calls)) {
    await t.step(name, async () => {
      const lines = await requestsOf(run, seed);
      assert(lines.length > 0);
      for (const [at, line] of lines.entries()) {
        await using daemon = await start(seed);
        using client = await clientOf(daemon);
        const [method = "", path = ""] = line.split(" ");
        const holds = lines.slice(0, at + 1).filter((one) => one === line)
          .map(() => daemon.hold(method, path));
        const last = holds.pop();
        for (const hold of holds) hold.release();
        const cancel = new AbortController();
        const { length: before } = daemon.requests;
        const running = assertRejects(
          () => run(client, cancel.signal),
          ContainariumError,
          undefined,
          line,
        );
        await last?.reached;
        cancel.abort();
        const { code } = await running;
        const writes = lines.slice(0, at + 1).filter(isWrite);
        const codes = writes.length > 0 ? ["cancelled", "ambiguous"] : ["cancelled"];
        assert(codes.includes(code), `${code} at ${line}`);
        last?.release();
        await daemon.idle();
        assertEquals(linesOf(daemon).slice(before).filter(isWrite), writes, line);
      }
    });
  }
});

Deno.test("each call of containers and metrics sends nothing if it is cancelled before it begins", async (t) => {
  for (const [name, [run, seed]] of Object.entries(calls)) {
    await t.step(name, async () => {
      await using daemon = await start(seed);
      using client = await clientOf(daemon);
      const { length: before } = daemon.requests;
      const error = await assertRejects(() => run(client, AbortSignal.abort()), ContainariumError);
      assertEquals([error.code, daemon.requests.length], ["cancelled", before]);
    });
  }
});
