/** Changes of a user's keys on the host, of which one is made at a time. */
import { assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";
import { makeKey } from "./make_key.ts";

Deno.test("sshKeys.add() that waits for another ends when it is cancelled, and sends nothing", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const add = async (signal?: AbortSignal) =>
    await client.sshKeys.add("alice", await makeKey(), { places: ["host"], signal });
  const first = daemon.hold("DELETE");
  const adding = add();
  await first.reached;
  const stop = new AbortController();
  const waiting = assertRejects(() => add(stop.signal), ContainariumError);
  stop.abort();
  assertEquals((await waiting).code, "cancelled");
  assertEquals(daemon.count("DELETE"), 1);
  first.release();
  assertEquals((await adding).places[0]?.outcome, "added");
  assertEquals((await add()).places[0]?.keys, 2);
});
