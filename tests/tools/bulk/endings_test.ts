/** Calls for several containers that end before their work does. */
import { assert, assertEquals } from "@std/assert";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { ask, outcomes, rowOf } from "./ask.ts";

const usernames = ["a", "b", "c", "d", "e"];
const containers = usernames.map((username) => ({ username }));
const oneAtATime = { env: { CONTAINARIUM_BULK_CONCURRENCY: "1" } };
const stopped = "CONTAINER_STATE_STOPPED";

Deno.test("create_containers says after its wait what is in progress and what to call next", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon, oneAtATime);
  const hold = daemon.hold("POST", "/v1/containers/b/stop");
  const answer = await ask(server, "stop_containers", { usernames, wait_seconds: 2 });
  assertEquals(outcomes(answer), [
    "a done",
    "b unknown",
    "c cancelled",
    "d cancelled",
    "e cancelled",
  ]);
  assertEquals(rowOf(answer, "b").next, 'get_container(username="b") shows its state');
  assertEquals(rowOf(answer, "c").why, "not started when the wait was over");
  assertEquals(
    answer.next,
    'call stop_containers again for those not started: ["c","d","e"]',
  );
  assertEquals([answer.isError, daemon.count("POST")], [false, 2]);

  hold.release();
  await server.whenStderr("stop_containers, after its answer: b: done");
  assertEquals([daemon.state("b"), daemon.state("c")], [stopped, "CONTAINER_STATE_RUNNING"]);
  const rest = await ask(server, "stop_containers", { usernames: ["c", "d", "e"] });
  assertEquals(rest.totals.done, 3);
});

Deno.test("create_containers with a wait of 0 s starts as many as allowed, and waits for none", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon);
  const holds = usernames.map((username) => daemon.hold("POST", `/v1/containers/${username}/stop`));
  const answer = await ask(server, "stop_containers", { usernames, wait_seconds: 0 });
  assertEquals([answer.totals.unknown, answer.totals.cancelled], [3, 2]);
  for (const hold of holds) hold.release();
  await Promise.all(["a", "b", "c"].map((username) => daemon.when(username, stopped)));
});

Deno.test("a cancelled bulk call starts no more, and logs how far it got", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon, oneAtATime);
  const hold = daemon.hold("POST", "/v1/containers/b/stop");
  const params = { name: "stop_containers", arguments: { usernames } };
  await server.send(
    JSON.stringify({ jsonrpc: "2.0", id: "bulk", method: "tools/call", params }) + "\n",
  );
  await hold.reached;
  await server.notify("notifications/cancelled", { requestId: "bulk" });
  await server.whenStderr(
    "stop_containers was cut short: a: done, b: unknown, c: cancelled, d: cancelled, e: cancelled",
  );
  hold.release();
  await daemon.idle();
  await server.request("ping");
  assert(!server.messages.some(({ id }) => id === "bulk"), "a cancelled call gets no answer");
  assertEquals(daemon.count("POST"), 2);
});

Deno.test("a bulk call logs at the end of stdin what was done and what was not", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon, oneAtATime);
  const hold = daemon.hold("POST", "/v1/containers/b/stop");
  const call = { name: "stop_containers", arguments: { usernames } };
  const sent = { jsonrpc: "2.0", id: "bulk", method: "tools/call", params: call };
  await server.send(`${JSON.stringify(sent)}\n`);
  await hold.reached;
  await server.closeStdin();
  await server.whenStderr(
    "stop_containers was cut short: a: done, b: unknown, c: cancelled, d: cancelled, e: cancelled",
  );
  await server.exited;
  assert(!server.messages.some(({ id }) => id === "bulk"), "the client is closing");
  hold.release();
});
