import { assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

const containers = [
  { username: "alice", ipAddress: "10.77.0.5" },
  { username: "bob", ipAddress: "10.77.0.6" },
];
const routes = [{ domain: "web", targetIp: "10.77.0.6", targetPort: 81 }];

Deno.test("remove_route asks, removes a domain, and says when there is none", async () => {
  await using daemon = await startDaemon({ containers, routes });
  await using server = await connect(daemon, { capabilities: { elicitation: {} } });
  const questions: unknown[] = [];
  const replies = [{ action: "decline" }, { action: "accept", content: { confirm: true } }];
  server.onRequest("elicitation/create", ({ message }) => replies[questions.push(message) - 1]);
  const declined = await server.call("remove_route", { domain: "web" });
  assertStringIncludes(declined.text, "The user declined");
  assertEquals(daemon.count("DELETE"), 0);
  const { text, structuredContent } = await server.call("remove_route", { domain: "web" });
  assertEquals(text, "Removed web.sim.test (to 10.77.0.6:81).");
  assertEquals(structuredContent, {
    removed: true,
    route: {
      domain: "web.sim.test",
      protocol: "http",
      username: "bob",
      ip_address: "10.77.0.6",
      port: 81,
    },
  });
  const question =
    "Remove the route from web.sim.test to bob-container (10.77.0.6 port 81)? Nothing reaches the " +
    "container by it any more.";
  assertEquals(questions, [question, question]);
  // The daemon answers success to that as well.
  const again = await server.call("remove_route", { domain: "web" });
  assertEquals(again.text, "There is no such route; nothing was removed.");
  assertEquals([again.structuredContent, daemon.count("DELETE")], [{ removed: false }, 1]);
});

Deno.test("remove_route with disable keeps the route, and expose_port switches it on again", async () => {
  await using daemon = await startDaemon({ containers, routes });
  await using server = await connect(daemon);
  const off = await server.call("remove_route", { domain: "web", disable: true });
  assertEquals(off.text, "Switched off web.sim.test (to 10.77.0.6:81).");
  assertEquals(daemon.count("DELETE"), 0);
  await server.call("expose_port", { username: "bob", port: 81, domain: "web" });
  assertStringIncludes((await server.call("list_routes")).text, "10.77.0.6:81  bob");
  const none = await server.call("remove_route", { domain: "none", disable: true });
  assertEquals(none.text, "There is no such route; nothing was removed.");
});

Deno.test("remove_route names the protocol of a port, without which the daemon leaves UDP", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon);
  const place = { username: "alice", port: 53, "external_port": 5353 };
  await server.call("expose_port", { ...place, protocol: "udp" });
  const udp = await server.call("remove_route", { external_port: 5353 });
  assertEquals(udp.text, "Removed udp 5353 (to 10.77.0.5:53).");
  assertEquals((await server.call("list_routes")).text, "No routes.");
  await server.call("expose_port", place);
  await server.call("expose_port", { ...place, protocol: "udp" });
  const both = await server.call("remove_route", { external_port: 5353 });
  assertEquals([both.isError, both.code], [true, "invalid_argument"]);
  assertStringIncludes(both.text, "pass protocol");
  await server.call("remove_route", { external_port: 5353, protocol: "tcp" });
  assertStringIncludes((await server.call("list_routes")).text, "udp 5353");
});

Deno.test("remove_route never removes the base domain", async () => {
  await using daemon = await startDaemon({ containers, routes });
  await using server = await connect(daemon);
  const { text } = await server.call("remove_route", { domain: "sim.test" });
  assertEquals(text, "There is no such route; nothing was removed.");
  assertEquals(daemon.count("DELETE"), 0);
});
