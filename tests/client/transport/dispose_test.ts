/** What becomes of connections and of calls in progress when a client is disposed of. */
import { assert, assertEquals } from "@std/assert";
import { within } from "../../../client/internal.ts";
import { ContainariumClient } from "../../../client/mod.ts";
import { FetchTransport } from "../../../client/transport/fetch.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";
import { startWire, type Wire } from "./wire.ts";

const token = "ctnr_example";

/** Resolves once the client has closed each connection. */
async function allClosed(wire: Wire): Promise<void> {
  await wire[Symbol.asyncDispose]();
}

Deno.test("a disposed client keeps no connection, whenever its calls end", async (t) => {
  const cases: Readonly<Record<string, (client: ContainariumClient) => Promise<unknown>>> = {
    "before": async (client) => {
      await client.containers.list();
      client[Symbol.dispose]();
    },
    "after": (client) => {
      const listing = client.containers.list();
      client[Symbol.dispose]();
      return listing;
    },
    "after, on a connection that was kept": async (client) => {
      await client.containers.list();
      const listing = client.containers.list();
      client[Symbol.dispose]();
      await listing;
    },
    "after, having begun then": async (client) => {
      client[Symbol.dispose]();
      await client.containers.list();
    },
  };
  for (const [name, call] of Object.entries(cases)) {
    await t.step(name, async () => {
      const wire = startWire("127.0.0.1");
      await call(new ContainariumClient({ serverUrl: wire.url, token }));
      assert(await within(allClosed(wire), 5_000), "a connection is open");
    });
  }
});

Deno.test("a disposed FetchTransport keeps no connection", async () => {
  const wire = startWire("127.0.0.1");
  using transport = new FetchTransport([], 1);
  transport[Symbol.dispose]();
  const { signal } = new AbortController();
  const request = { method: "GET", url: new URL(wire.url), headers: {}, signal };
  for (let i = 0; i < 2; i++) {
    for await (const _ of (await transport.send(request)).body);
  }
  assertEquals(wire.connections.length, 2);
  assert(await within(allClosed(wire), 5_000), "a connection is open");
});

Deno.test("disposing of a client lets its requests in progress end", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  const client = await clientOf(daemon);
  // The next read takes a connection that was kept.
  await client.containers.list();
  const holds = [
    daemon.hold("GET", "/v1/containers"),
    daemon.hold("POST", "/v1/containers/alice/ttl"),
  ];
  const ending = Promise.all([
    client.containers.list(),
    client.containers.setTtl("alice", 60),
  ]);
  for (const hold of holds) await hold.reached;
  client[Symbol.dispose]();
  for (const hold of holds) hold.release();
  const [list] = await ending;
  assertEquals([list.length, daemon.count("GET"), daemon.count("POST")], [1, 2, 1]);
});
