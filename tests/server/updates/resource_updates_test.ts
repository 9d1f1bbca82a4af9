/** Who is looked at while somebody is subscribed, and what ends with the last subscriber. */
import { assertEquals, assertRejects } from "@std/assert";
import { ContainariumClient } from "../../../client/mod.ts";
import { ResourceShelf } from "../../../server/reading/resources.ts";
import { RpcError } from "../../../server/rpc_error.ts";
import { ResourceUpdates } from "../../../server/updates/resource_updates.ts";
import { defineResource, type Resource } from "../../../tools/resource.ts";
import { resourceEntryOf } from "../../../tools/resource_entry.ts";
import { contextOf } from "../../tools/context.ts";
import { secret, serveTools } from "../fixture.ts";

type State = NonNullable<Resource["state"]>;

function resourceWith(uri: string, state: State): Resource {
  return defineResource({
    uri,
    name: "thing",
    title: "Thing",
    description: "A thing",
    mimeType: "text/plain",
    priority: 1,
    tools: [],
    variables: {},
    read: () => Promise.resolve({ text: "" }),
    state,
  });
}

/** Updates of resources of a test's own, without a daemon. */
function serveUpdates(on: readonly Resource[], firstLookMs = 60_000) {
  const client = new ContainariumClient({ serverUrl: "http://127.0.0.1:1", token: secret });
  const stop = new AbortController();
  const updates = new ResourceUpdates({
    shelf: new ResourceShelf({ on: on.map(resourceEntryOf), off: [] }, 100),
    client,
    contextFor: (signal) => ({ ...contextOf(client), signal }),
    times: { pollMs: 3_600_000, leastMs: 0, firstLookMs },
    stop: stop.signal,
  });
  return {
    updates,
    async [Symbol.asyncDispose](): Promise<void> {
      stop.abort();
      await updates.settled();
      client[Symbol.dispose]();
    },
  };
}

/** A state that is another one each time. */
function counting(): { readonly state: State; count: number } {
  const counted = { count: 0, state: () => Promise.resolve(`${counted.count++}`) };
  return counted;
}

Deno.test("ResourceUpdates goes on with others when the subscription to one resource ends", async () => {
  const [one, other] = [counting(), counting()];
  await using served = serveUpdates([
    resourceWith("test://one", one.state),
    resourceWith("test://other", other.state),
  ]);
  const ended = await served.updates.watch("test://one", () => {});
  const { promise, resolve } = Promise.withResolvers<void>();
  await served.updates.watch("test://other", resolve);
  ended[Symbol.dispose]();
  served.updates.changed();
  await promise;
  assertEquals(one.count, 1);
});

Deno.test("ResourceUpdates ends a subscription once, and not a later one to the same resource", async () => {
  const { state } = counting();
  await using served = serveUpdates([resourceWith("test://one", state)]);
  const first = await served.updates.watch("test://one", () => {});
  first[Symbol.dispose]();
  const { promise, resolve } = Promise.withResolvers<void>();
  await served.updates.watch("test://one", resolve);
  first[Symbol.dispose]();
  served.updates.changed();
  await promise;
});

Deno.test("ResourceUpdates gives up what is being read when nobody is subscribed any more", async () => {
  const reading = Promise.withResolvers<AbortSignal>();
  const state: State = (_values, _shared, { signal }) => {
    reading.resolve(signal);
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  };
  await using served = serveUpdates([resourceWith("test://one", state)], 0);
  const subscription = await served.updates.watch("test://one", () => {});
  const signal = await reading.promise;
  assertEquals(signal.aborted, false);
  subscription[Symbol.dispose]();
  assertEquals(signal.aborted, true);
  await served.updates.settled();
});

Deno.test("ResourceUpdates names the resource that there are too many subscriptions for", async () => {
  const { state, count } = counting();
  await using served = serveUpdates([resourceWith("test://one", state)]);
  for (let at = 0; at < 2_000; at++) served.updates.hold();
  const error = await assertRejects(
    () => served.updates.watch("test://one", () => {}),
    RpcError,
    "There are 2000 subscriptions",
  );
  assertEquals([error.data, count], [{ uri: "test://one" }, 0]);
});

Deno.test("resources/subscribe tries again after a failure, and says what it expects", async () => {
  const entry = resourceEntryOf(resourceWith("test://one", () => Promise.resolve("one")));
  let loads = 0;
  const load = () => ++loads === 1 ? Promise.reject(new TypeError("a bug")) : entry.load();
  await using server = serveTools([], { resources: { on: [{ ...entry, load }], off: [] } });
  await server.initialize();
  const subscribe = (uri: unknown) => server.request("resources/subscribe", { uri });
  assertEquals((await subscribe("test://one")).result, undefined);
  assertEquals((await subscribe("test://one")).result, {});
  assertEquals((await subscribe("test://one")).result, {});
  assertEquals(loads, 2);
  assertEquals(
    (await subscribe(7)).error?.message,
    "resources/subscribe: expected params {uri: string}",
  );
});
