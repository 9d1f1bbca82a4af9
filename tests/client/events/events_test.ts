/** The stream of events, with a daemon that goes, comes back, and has none. */
import { assert, assertEquals } from "@std/assert";
import { ContainariumClient, type ContainerEvent } from "../../../client/mod.ts";
import { type Daemon, type DaemonOptions, startDaemon } from "../../daemon/mod.ts";

const times = { firstRetryMs: 2, maxRetryMs: 10, unsupportedRetryMs: 5, silenceMs: 10_000 };

async function clientOf(daemon: Daemon, more = {}): Promise<ContainariumClient> {
  return new ContainariumClient({
    serverUrl: daemon.url,
    token: await daemon.token(),
    eventTimes: { ...times, ...more },
  });
}

/** Collects events, and waits for them. */
class Collector {
  readonly events: ContainerEvent[] = [];
  opened = 0;
  #waiting: (() => void)[] = [];

  readonly onEvent = (event: ContainerEvent) => {
    this.events.push(event);
    this.#wake();
  };

  readonly onOpen = () => {
    this.opened++;
    this.#wake();
  };

  async until(holds: (collector: Collector) => boolean): Promise<void> {
    while (!holds(this)) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.push(resolve);
      await promise;
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function names(events: readonly ContainerEvent[]): readonly string[] {
  return events.map(({ kind, username }) => `${username} ${kind}`);
}

Deno.test("Events.watch() reports creations, stops, starts and deletions, with the token in a header", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const seen = new Collector();
  using _watching = client.events.watch(seen);
  await seen.until(({ opened }) => opened === 1);
  await client.containers.stop("alice");
  await client.containers.start("alice");
  await client.containers.create({ username: "bob" });
  await client.containers.delete("bob", { force: true });
  await seen.until(({ events }) => events.length >= 4);
  assertEquals(names(seen.events), [
    "alice stopped",
    "alice started",
    "bob created",
    "bob deleted",
  ]);
  const [request] = daemon.requests.filter(({ path }) => path.startsWith("/v1/events"));
  assertEquals(request?.path, "/v1/events/subscribe?resourceTypes=CONTAINER");
  assertEquals(request?.headers.accept, "text/event-stream");
});

Deno.test("Events.watch() shares one stream, opened for the first and closed with the last", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const [first, second] = [new Collector(), new Collector()];
  const watching = [client.events.watch(first), client.events.watch(second)];
  await Promise.all([first, second].map((each) => each.until(({ opened }) => opened === 1)));
  assertEquals(daemon.eventStreams, 1);
  watching[0]?.[Symbol.dispose]();
  watching[0]?.[Symbol.dispose]();
  await client.containers.stop("alice");
  await second.until(({ events }) => events.length === 1);
  assertEquals([first.events.length, daemon.eventStreams], [0, 1]);
  watching[1]?.[Symbol.dispose]();
  await daemon.idle();
  assertEquals(daemon.eventStreams, 0);
  // And again.
  using _again = client.events.watch(first);
  await first.until(({ opened }) => opened === 2);
  assertEquals(daemon.count("GET", /^\/v1\/events/), 2);
});

Deno.test("Events.watch() opens a lost stream again, and says so: the daemon replays nothing", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const seen = new Collector();
  using _watching = client.events.watch(seen);
  for (let opened = 1; opened <= 3; opened++) {
    await seen.until((seen) => seen.opened === opened);
    daemon.dropEventStreams();
  }
  await seen.until(({ opened }) => opened === 4);
  daemon.writeEvents(`data: ${"x".repeat(300_000)}\n\n`);
  await seen.until(({ opened }) => opened === 5);
});

Deno.test("Events.watch() finds a daemon that was restarted", async () => {
  const options: DaemonOptions = { containers: [{ username: "alice" }] };
  const before = await startDaemon(options);
  using client = await clientOf(before);
  const seen = new Collector();
  using _watching = client.events.watch(seen);
  await seen.until(({ opened }) => opened === 1);
  await before.close();
  await using _after = await startDaemon({ ...options, port: Number(new URL(before.url).port) });
  await seen.until(({ opened }) => opened === 2);
  await client.containers.stop("alice");
  await seen.until(({ events }) => events.length === 1);
});

Deno.test("Events.watch() gives up a stream that says nothing", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon, { silenceMs: 20 });
  const seen = new Collector();
  using _watching = client.events.watch(seen);
  await seen.until(({ opened }) => opened === 3);
});

Deno.test("Events.watch() asks a daemon without events now and then, and one that refuses", async () => {
  const refusals: readonly (readonly [DaemonOptions, string | undefined])[] = [
    [{ version: "0.3.0" }, undefined],
    [{}, "not.a.token"],
  ];
  for (const [options, token] of refusals) {
    await using daemon = await startDaemon(options);
    using client = new ContainariumClient({
      serverUrl: daemon.url,
      token: token ?? await daemon.token(),
      eventTimes: times,
    });
    const seen = new Collector();
    const third = Promise.withResolvers<void>();
    daemon.inject({
      kind: "rewritten",
      times: Infinity,
      rewrite: (body) => {
        if (daemon.count("GET", /^\/v1\/events/) === 3) third.resolve();
        return body;
      },
    });
    using _watching = client.events.watch(seen);
    await third.promise;
    assertEquals(seen.opened, 0);
  }
});

Deno.test("disposing of the client ends the stream, whatever it waits for", async () => {
  await using daemon = await startDaemon();
  const client = await clientOf(daemon, { firstRetryMs: 60_000, maxRetryMs: 60_000 });
  const seen = new Collector();
  client.events.watch(seen);
  await seen.until(({ opened }) => opened === 1);
  client[Symbol.dispose]();
  await daemon.idle();
  const held = daemon.hold("GET", /^\/v1\/events/);
  const other = await clientOf(daemon);
  other.events.watch(seen);
  await held.reached;
  other[Symbol.dispose]();
  await daemon.idle();
  held.release();
  assert(daemon.eventStreams === 0);
});
