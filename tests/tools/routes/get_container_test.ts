import { assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

const containers = [{ username: "alice", ipAddress: "10.77.0.5" }, { username: "bob" }];
const routes = [
  { domain: "web", targetIp: "10.77.0.5", targetPort: 80 },
  { domain: "old", targetIp: "10.77.0.99", targetPort: 81, containerName: "alice-container" },
  { domain: "other", targetIp: "10.77.0.6", targetPort: 80, containerName: "bob-container" },
];

Deno.test("get_container shows the routes to it, and marks the stale ones", async () => {
  await using daemon = await startDaemon({ containers, routes });
  await using server = await connect(daemon);
  const { text } = await server.call("get_container", { username: "alice" });
  assertStringIncludes(text, "web.sim.test  http      10.77.0.5:80   alice");
  assertStringIncludes(text, "old.sim.test  http      10.77.0.99:81  alice     stale");
  assertEquals(text.includes("other.sim.test"), false);
});

Deno.test("get_container answers without routes where they cannot be read, or are off", async () => {
  await using daemon = await startDaemon({ containers, routes });
  daemon.inject({ kind: "answer", path: "/v1/network/routes", status: 500, body: "{}" });
  await using server = await connect(daemon);
  const { isError, text } = await server.call("get_container", { username: "alice" });
  assertEquals([isError, text.includes("sim.test")], [false, false]);
  await using off = await connect(daemon, { args: ["--toolsets", "containers"] });
  const before = daemon.count("GET", /network/);
  await off.call("get_container", { username: "alice" });
  assertEquals(daemon.count("GET", /network/), before, "nothing more is read");
});
