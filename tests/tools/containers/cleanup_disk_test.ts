import { assertEquals, assertStringIncludes } from "@std/assert";
import { cleanupDisk } from "../../../tools/containers/cleanup_disk.ts";
import { clientOf } from "../../client/connect.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { startTwoHosts } from "../../two_hosts.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";

const args = { username: "alice" };
const containers = [{ username: "alice", cleanableBytes: 49_200_000 }];

Deno.test("cleanup_disk says before what is deleted, and afterwards how much was freed", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon, { capabilities: { elicitation: {} } });
  const questions: string[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    questions.push(String(message));
    return { action: "accept", content: { confirm: true } };
  });
  const { isError, text, structuredContent } = await server.call("cleanup_disk", args);
  assertEquals(isError, false, text);
  for (const what of ["alice-container", "everything in /tmp", "hidden files", "package caches"]) {
    assertStringIncludes(questions[0] ?? "", what);
  }
  assertEquals(cleanupDisk.output.parse(structuredContent).freed_bytes, 49_200_000);
  assertStringIncludes(text, "Freed 49.2 MB in alice-container. Deleted: everything in /tmp");
  const again = await server.call("cleanup_disk", args);
  assertStringIncludes(again.text, "Freed 0 B in alice-container.");
});

Deno.test("cleanup_disk deletes nothing if the user declines", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon, { capabilities: { elicitation: {} } });
  server.onRequest("elicitation/create", () => ({ action: "decline" }));
  const { isError } = await server.call("cleanup_disk", args);
  assertEquals([isError, daemon.count("POST")], [true, 0]);
});

Deno.test("cleanup_disk refuses a stopped container, for which the daemon would report success", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", state: "CONTAINER_STATE_STOPPED" }],
  });
  await using server = await connect(daemon, { capabilities: { elicitation: {} } });
  const { isError, reason } = await server.call("cleanup_disk", args);
  assertEquals([isError, reason, daemon.count("POST")], [true, "not_running", 0]);
  const nobody = await server.call("cleanup_disk", { username: "nobody" });
  assertEquals([nobody.code, daemon.count("POST")], ["not_found", 0]);
});

Deno.test("cleanup_disk deletes nothing in a container that was started after there was nothing to ask", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", state: "CONTAINER_STATE_STOPPED" }],
  });
  using client = await clientOf(daemon);
  using other = await clientOf(daemon);
  const { question, refusal } = await changedBetween(
    cleanupDisk,
    args,
    contextOf(client),
    () => other.containers.start("alice"),
  );
  assertEquals([question, refusal?.reason], [undefined, "changed_since_agreed"]);
  assertEquals(daemon.count("POST", /cleanup-disk/), 0);
});

Deno.test("cleanup_disk does not know how much was freed on another host", async () => {
  await using hosts = await startTwoHosts({}, { containers });
  await using server = await connect(hosts.near);
  const { isError, text, structuredContent } = await server.call("cleanup_disk", args);
  assertEquals(isError, false, text);
  assertEquals(cleanupDisk.output.parse(structuredContent).freed_bytes, undefined);
  assertStringIncludes(text, "how much was freed is unknown");
});
