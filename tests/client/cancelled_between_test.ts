/** Calls that are cancelled while they send nothing: at their beginning, in a pause, or in a queue. */
import { assertEquals, assertRejects } from "@std/assert";
import { type ContainariumClient, ContainariumError } from "../../client/mod.ts";
import { type Daemon, startDaemon } from "../daemon/mod.ts";
import { clientOf } from "./connect.ts";

const target = { ipAddress: "10.77.0.5", port: 80, containerName: "alice-container" };
const at = { kind: "port", externalPort: 15_432, protocol: "tcp" } as const;

interface Setting {
  readonly client: ContainariumClient;
  readonly daemon: Daemon;
  readonly signal: AbortSignal;
  readonly cancel: () => void;
}

/** Each makes a call that ends when it is cancelled. */
const calls: Readonly<Record<string, (setting: Setting) => Promise<unknown>>> = {
  "at the beginning of restart()": ({ client, signal, cancel }) => {
    cancel();
    return client.containers.restart("alice", { signal });
  },
  "in a pause of waitFor()": ({ client, signal, cancel }) =>
    client.containers.waitFor("alice", "stopped", { signal, onState: () => setTimeout(cancel) }),
  "in a pause of create()": ({ client, daemon, signal, cancel }) => {
    daemon.holdPhase("creating");
    return client.containers.create({
      username: "bob",
      signal,
      onState: () => setTimeout(cancel),
    });
  },
  "in the queue of routes.expose()": async ({ client, daemon, signal, cancel }) => {
    const first = daemon.hold("POST", "/v1/network/passthrough");
    const exposing = client.routes.expose(at, target);
    await first.reached;
    const second = client.routes.expose({ ...at, externalPort: 15_433 }, target, { signal });
    cancel();
    try {
      await second;
    } finally {
      first.release();
      await exposing;
    }
  },
};

Deno.test("each call that is cancelled throws cancelled, whatever the caller's reason is", async (t) => {
  for (const [name, call] of Object.entries(calls)) {
    await t.step(name, async () => {
      await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
      using client = await clientOf(daemon);
      const stop = new AbortController();
      const cancel = () => stop.abort(new Error("enough"));
      const { code } = await assertRejects(
        () => call({ client, daemon, signal: stop.signal, cancel }),
        ContainariumError,
      );
      assertEquals(code, "cancelled");
    });
  }
});
