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
  assertStringIncludes(text, "list_containers");
});

Deno.test("get_metrics measures rates between two samples, with their resolution", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon);
  const answer = await server.call(
    "get_metrics",
    { username: "alice", sample_seconds: 5 },
    { progressToken: 1 },
  );
  const { rates, cpu_percent_resolution: resolution } = getMetrics.output.parse(
    answer.structuredContent,
  );
  const [alice] = rates ?? [];
  assert(alice !== undefined && alice.cpu_percent >= 0);
  assert(alice.network_rx_bytes_per_second > 0, "the simulated counters move");
  assert(resolution !== undefined && resolution > 10 && resolution <= 20, `${resolution}`);
  assertStringIncludes(answer.text, "cpu_%");
  assertEquals(daemon.count("GET", "/v1/metrics/alice"), 2);
  assertStringIncludes(String(server.notifications[0]?.params?.message), "second follows in 5 s");
});

Deno.test("get_metrics adds up what all containers use", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob" }],
  });
  await using server = await connect(daemon);
  const { containers, totals } = getMetrics.output.parse(
    (await server.call("get_metrics")).structuredContent,
  );
  assertEquals(
    totals.memory_bytes,
    containers.reduce((sum, { memory_bytes: bytes }) => sum + bytes, 0),
  );
});
