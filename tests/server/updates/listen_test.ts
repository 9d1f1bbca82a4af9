/** `subscriptions/listen` of 2026-07-28. */
import { assert, assertEquals } from "@std/assert";
import { startDaemon } from "../../daemon/mod.ts";
import { modern } from "../modern_envelope.ts";
import { otherClient, serveFleet, updatesIn, uriOf } from "./serve_fleet.ts";

const subscriptionId = "io.modelcontextprotocol/subscriptionId";
const ACKNOWLEDGED = "notifications/subscriptions/acknowledged";
const UPDATED = "notifications/resources/updated";

function listenTo(...paths: readonly string[]) {
  return modern({ notifications: { resourceSubscriptions: paths.map(uriOf) } });
}

Deno.test("subscriptions/listen acknowledges first what it honors, then reports, then ends when canceled", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await serveFleet(daemon);
  using other = await otherClient(daemon);
  await server.send({
    id: "listen:0",
    method: "subscriptions/listen",
    params: modern({
      notifications: {
        toolsListChanged: true,
        resourcesListChanged: true,
        resourceSubscriptions: ["containers/alice", "none", "containers/alice"].map(uriOf),
      },
    }),
  });
  const acknowledged = await server.next(({ method }) => method === ACKNOWLEDGED);
  assertEquals(acknowledged.params, {
    notifications: { resourceSubscriptions: [uriOf("containers/alice")] },
    _meta: { [subscriptionId]: "listen:0" },
  });
  await other.containers.stop("alice");
  const update = await server.next(({ method }) => method === UPDATED);
  assertEquals(update.params, {
    uri: uriOf("containers/alice"),
    _meta: { [subscriptionId]: "listen:0" },
  });
  assertEquals(server.messages[0], acknowledged);
  await server.send({ method: "notifications/cancelled", params: { requestId: "listen:0" } });
  await daemon.idle();
  assertEquals(daemon.eventStreams, 0);
  await server.request("tools/list", modern());
  assertEquals(server.messages.filter(({ id }) => id === "listen:0"), []);
});

Deno.test("subscriptions/listen ends with a result when the client says no more", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  const server = await serveFleet(daemon);
  await server.send({ id: 0, method: "subscriptions/listen", params: listenTo("containers") });
  await server.next(({ method }) => method === ACKNOWLEDGED);
  await server.close();
  await server.ended;
  const { result } = await server.next(({ id }) => id === 0);
  assertEquals(result?.resultType, "complete");
  assertEquals(Object(result?._meta)[subscriptionId], 0);
  await daemon.idle();
  assertEquals(daemon.eventStreams, 0);
  await server[Symbol.asyncDispose]();
});

Deno.test("several listen beside each other and beside resources/subscribe, on one stream", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await serveFleet(daemon);
  using other = await otherClient(daemon);
  await server.send({ id: 1, method: "subscriptions/listen", params: listenTo("containers") });
  await server.send({ id: 2, method: "subscriptions/listen", params: listenTo("containers") });
  await server.request("resources/subscribe", { uri: uriOf("containers") });
  await server.next(() =>
    server.messages.filter(({ method }) => method === ACKNOWLEDGED).length === 2
  );
  await other.containers.stop("alice");
  await server.next(() => updatesIn(server).length === 3);
  const ids = server.messages.filter(({ method }) => method === UPDATED)
    .map(({ params }) => Object(params?._meta)[subscriptionId]);
  assertEquals(ids.toSorted(), [1, 2, undefined]);
  assertEquals(daemon.count("GET", /^\/v1\/events/), 1);
});

Deno.test("subscriptions/listen for nothing opens nothing, and is refused where it cannot be read", async () => {
  await using daemon = await startDaemon();
  await using server = await serveFleet(daemon);
  const empty = modern({ notifications: { promptsListChanged: true } });
  await server.send({ id: 1, method: "subscriptions/listen", params: empty });
  const { params } = await server.next(({ method }) => method === ACKNOWLEDGED);
  assertEquals(params?.notifications, {});
  assertEquals(daemon.requests, []);
  for (const wrong of [{}, { notifications: { resourceSubscriptions: "x" } }]) {
    const { error } = await server.request("subscriptions/listen", modern(wrong));
    assertEquals(error?.code, -32602);
  }
  const subscribed = await server.request(
    "resources/subscribe",
    modern({ uri: uriOf("containers") }),
  );
  assertEquals(subscribed.error?.code, -32601);
  const legacy = await server.request("subscriptions/listen", { notifications: {} });
  assert(legacy.error !== undefined);
});

Deno.test("subscriptions/listen honors 2,000 subscriptions in all, also of the same resources", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await serveFleet(daemon);
  const paths = Array.from({ length: 1_200 }, (_, at) => `containers/u${at}`);
  const honored: number[] = [];
  for (const id of [1, 2, 3]) {
    await server.send({ id, method: "subscriptions/listen", params: listenTo(...paths) });
    const { params } = await server.next(({ method, params }) =>
      method === ACKNOWLEDGED && Object(params?._meta)[subscriptionId] === id
    );
    honored.push(Object(params?.notifications).resourceSubscriptions.length);
  }
  assertEquals(honored, [1_200, 800, 0]);
});

Deno.test("subscriptions/listen for nothing counts as one subscription, until it is canceled", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await serveFleet(daemon);
  const paths = (count: number) => Array.from({ length: count }, (_, at) => `containers/u${at}`);
  const listen = async (id: number, params = modern({ notifications: {} })) => {
    await server.send({ id, method: "subscriptions/listen", params });
    const { error } = await server.next((message) =>
      message.id === id || Object(message.params?._meta)[subscriptionId] === id
    );
    return error?.code;
  };
  assertEquals(await listen(1, listenTo(...paths(1_999))), undefined);
  assertEquals(await listen(2), undefined);
  assertEquals(await listen(3), -32602);
  await server.send({ method: "notifications/cancelled", params: { requestId: 2 } });
  await server.request("tools/list", modern());
  assertEquals(await listen(4), undefined);
  assertEquals(await listen(5), -32602);
});
