import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { getMetrics } from "../../../tools/containers/get_metrics.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

Deno.test("get_metrics shows what all containers, or one, use", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob", state: "CONTAINER_STATE_STOPPED" }],
  });
  await using server = await connect(daemon);

  const all = await server.call("get_metrics");
  const { containers } = getMetrics.output.parse(all.structuredContent);
  assertEquals(containers.map(({ username }) => username).sort(), ["alice", "bob"]);
  assertStringIncludes(all.text, "username  cpu_s  memory");

  const one = await server.call("get_metrics", { username: "alice" });
  const [alice, ...rest] = getMetrics.output.parse(one.structuredContent).containers;
  assertEquals(rest, []);
  assert(alice !== undefined && alice.memory_bytes > 0 && alice.process_count > 0);
});

Deno.test("get_metrics explains what stands in its way", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const { isError, text } = await server.call("get_metrics", { username: "carol" });
  assertEquals(isError, true);
  assertStringIncludes(text, "Next: call list_containers");
});
