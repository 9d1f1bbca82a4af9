import { assertEquals } from "@std/assert";
import { z } from "zod";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

const containers = [
  { username: "alice", ipAddress: "10.77.0.5" },
  { username: "bob", ipAddress: "10.77.0.6" },
];
const routes = [
  { domain: "blog", targetIp: "10.77.0.6", targetPort: 80 },
  { domain: "shop.example.com", targetIp: "10.77.0.5", targetPort: 3000 },
];

const answer = z.object({
  routes: z.array(z.record(z.string(), z.unknown())),
  ports_hidden: z.boolean().optional(),
});

Deno.test("list_routes shows domains and ports with their containers", async () => {
  await using daemon = await startDaemon({ containers, routes });
  await using server = await connect(daemon);
  await server.call("expose_port", {
    username: "bob",
    port: 5432,
    external_port: 15432,
    description: "database",
  });
  await server.call("remove_route", { domain: "blog", disable: true });
  const { text, structuredContent } = await server.call("list_routes");
  assertEquals(
    text,
    "from              protocol  to              username  state  description\n" +
      "shop.example.com  http      10.77.0.5:3000  alice\n" +
      "blog.sim.test     http      10.77.0.6:80    bob       off\n" +
      "tcp 15432         tcp       10.77.0.6:5432  bob              database",
  );
  assertEquals(answer.parse(structuredContent).routes.at(-1), {
    external_port: 15432,
    protocol: "tcp",
    username: "bob",
    ip_address: "10.77.0.6",
    port: 5432,
    description: "database",
  });
  const bobs = answer.parse(
    (await server.call("list_routes", { username: "bob" })).structuredContent,
  );
  assertEquals(bobs.routes.length, 2);
  assertEquals((await server.call("list_routes", { username: "carol" })).text, "No routes.");
});

Deno.test("list_routes shows a user only their own, whatever the daemon shows", async () => {
  await using daemon = await startDaemon({ containers, routes });
  const token = await daemon.token({ username: "alice" });
  await using server = await connect({ url: daemon.url, token });
  const { structuredContent, text } = await server.call("list_routes");
  const { routes: seen, ports_hidden: arePortsHidden } = answer.parse(structuredContent);
  assertEquals(seen.map(({ domain }) => domain), ["shop.example.com"]);
  assertEquals(arePortsHidden, true);
  assertEquals(text.split("\n").at(-1), "Ports of the host are listed only to admins.");
  assertEquals(daemon.count("GET", /passthrough/), 0);
});

Deno.test("list_routes shows a token without a username no route of an unknown owner", async () => {
  await using daemon = await startDaemon({
    containers,
    routes: [{ domain: "nobody", targetIp: "10.77.0.79", targetPort: 4 }],
  });
  const token = await daemon.token({ username: "", roles: ["user"] });
  await using server = await connect({ url: daemon.url, token });
  const { isError, structuredContent } = await server.call("list_routes");
  assertEquals([isError, answer.parse(structuredContent).routes], [false, []]);
});

Deno.test("list_routes marks a route whose container is gone, recreated, or not the one at its address", async () => {
  await using daemon = await startDaemon({
    containers: [...containers, { username: "carol", state: "CONTAINER_STATE_STOPPED" }],
    routes: [
      {
        domain: "recreated",
        targetIp: "10.77.0.77",
        targetPort: 1,
        containerName: "alice-container",
      },
      { domain: "reused", targetIp: "10.77.0.6", targetPort: 2, containerName: "alice-container" },
      { domain: "gone", targetIp: "10.77.0.78", targetPort: 3, containerName: "dora-container" },
      { domain: "nobody", targetIp: "10.77.0.79", targetPort: 4 },
      {
        domain: "stopped",
        targetIp: "10.77.0.80",
        targetPort: 5,
        containerName: "carol-container",
      },
      { domain: "good", targetIp: "10.77.0.5", targetPort: 6, containerName: "alice-container" },
    ],
  });
  await using server = await connect(daemon);
  const { text, structuredContent } = await server.call("list_routes");
  const facts = answer.parse(structuredContent).routes.map(
    ({ domain, username, stale, reaches }) => [domain, username, stale, reaches],
  );
  assertEquals(facts, [
    ["good.sim.test", "alice", undefined, undefined],
    ["stopped.sim.test", "carol", undefined, undefined],
    ["nobody.sim.test", undefined, true, undefined],
    ["gone.sim.test", "dora", true, undefined],
    ["reused.sim.test", "alice", true, "bob"],
    ["recreated.sim.test", "alice", true, undefined],
  ]);
  assertEquals(text.includes("stale, reaches bob"), true);
  // Whose route it is and whom it reaches are both of interest.
  const bobs = answer.parse(
    (await server.call("list_routes", { username: "bob" })).structuredContent,
  );
  assertEquals(bobs.routes.map(({ domain }) => domain), ["reused.sim.test"]);
});

Deno.test("list_routes says what a daemon lacks", async () => {
  await using old = await startDaemon({ version: "0.6.0" });
  await using server = await connect(old);
  const { isError, code, reason } = await server.call("list_routes");
  assertEquals([isError, code, reason], [true, "unsupported", "daemon_too_old"]);
});
