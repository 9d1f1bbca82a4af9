import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { connect, connectProcess } from "../../connect.ts";
import { type Daemon, startDaemon, whyNoPty } from "../../daemon/mod.ts";
import { unless } from "../../needs.ts";

const containers = [
  { username: "alice", ipAddress: "10.77.0.5" },
  { username: "bob", ipAddress: "10.77.0.6" },
];

const answer = z.object({
  route: z.record(z.string(), z.unknown()),
  url: z.string().optional(),
  replaced: z.record(z.string(), z.unknown()).optional(),
  listening: z.string().optional(),
  notes: z.array(z.string()),
});

const web = { username: "alice", port: 3000, domain: "web" };

/** What was sent to change routes. */
function written(daemon: Daemon): readonly string[] {
  return daemon.requests.filter(({ method, path }) =>
    method !== "GET" && path.includes("/network/")
  )
    .map(({ method, path }) => `${method} ${path}`);
}

Deno.test("expose_port leads a domain to a container, and says what it could not check", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon);
  const { text, structuredContent } = await server.call("expose_port", web);
  const { route, url, replaced, listening, notes } = answer.parse(structuredContent);
  assertEquals(route, {
    domain: "web.sim.test",
    protocol: "http",
    username: "alice",
    ip_address: "10.77.0.5",
    port: 3000,
  });
  assertEquals([url, replaced, listening], ["https://web.sim.test/", undefined, undefined]);
  assertEquals(text.split("\n")[0], "web.sim.test leads to alice's port 3000 (10.77.0.5:3000).");
  assertStringIncludes(notes[0] ?? "", "Whether the app listens was not checked");
  assertEquals(notes[1], "The daemon's proxy has the domain.");
  assertStringIncludes(notes[2] ?? "", "--allow-net=<daemon host:port>,web.sim.test:443");
  assertStringIncludes(notes[3] ?? "", "call this again after the container is created again");
  daemon.listen({ username: "alice", port: 3000 });
  assertEquals(await (await daemon.browse("https://web.sim.test/")).text(), "alice:3000");
});

Deno.test("expose_port waits until the proxy has the route", async () => {
  await using daemon = await startDaemon({ containers, delays: { routeSyncMs: 800 } });
  daemon.listen({ username: "alice", port: 3000 });
  await using server = await connect(daemon);
  const { text } = await server.call("expose_port", web);
  assertStringIncludes(text, "The daemon's proxy has the domain.");
  assertEquals(await (await daemon.browse("https://web.sim.test/")).text(), "alice:3000");
});

Deno.test("expose_port says that the proxy does not have the route in time, or that it could not look", async () => {
  await using daemon = await startDaemon({ containers, delays: { routeSyncMs: 60_000 } });
  await using server = await connect(daemon);
  const { isError, text } = await server.call("expose_port", web);
  assertEquals(isError, false, text);
  assertStringIncludes(text, "The daemon's proxy does not have the domain yet");
  const protocol = await server.call("expose_port", { ...web, protocol: "tls_passthrough" });
  assertEquals(protocol.text.includes("The daemon's proxy"), false, protocol.text);
});

Deno.test({
  ...unless(await whyNoPty(), "expose_port looks inside the container whether the app listens"),
  fn: async () => {
    await using daemon = await startDaemon({ containers, shell: {} });
    await using server = await connect(daemon);
    const none = await server.call("expose_port", web);
    assertEquals(answer.parse(none.structuredContent).listening, "nowhere");
    assertStringIncludes(none.text, "Nothing listens on port 3000 in the container yet");
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    const local = await server.call("expose_port", { ...web, domain: "api", port });
    assertEquals(answer.parse(local.structuredContent).listening, "loopback");
    assertStringIncludes(local.text, "let it listen on 0.0.0.0");
  },
});

Deno.test("expose_port takes a port of the host, TCP unless it says UDP", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon);
  const args = { username: "alice", port: 53, "external_port": 5353 };
  const tcp = await server.call("expose_port", args);
  assertStringIncludes(tcp.text, "tcp 5353 leads to alice's port 53 (10.77.0.5:53).");
  assertStringIncludes(tcp.text, "If a program of the host uses tcp port 5353");
  const udp = await server.call("expose_port", { ...args, username: "bob", protocol: "udp" });
  assertStringIncludes(udp.text, "udp 5353 leads to bob's port 53 (10.77.0.6:53).");
});

Deno.test("expose_port refuses what is taken, and takes it over only once the user agreed", async (t) => {
  const places = { domain: { domain: "web" }, port: { external_port: 15432 } };
  for (const [name, place] of Object.entries(places)) {
    await t.step(name, async () => {
      await using daemon = await startDaemon({ containers });
      await using server = await connect(daemon, { capabilities: { elicitation: {} } });
      const questions: unknown[] = [];
      const replies = [{ action: "decline" }, { action: "accept", content: { confirm: true } }];
      server.onRequest(
        "elicitation/create",
        ({ message }) => replies[questions.push(message) - 1],
      );
      await server.call("expose_port", { username: "bob", port: 81, ...place });
      const before = written(daemon).length;
      const taken = await server.call("expose_port", { username: "alice", port: 3000, ...place });
      assertEquals([taken.isError, taken.reason], [true, "route_taken"]);
      assertStringIncludes(taken.text, "it leads to bob-container (10.77.0.6 port 81)");
      assertStringIncludes(taken.text, "replace=true");
      const args = { username: "alice", port: 3000, ...place, replace: true };
      assertStringIncludes((await server.call("expose_port", args)).text, "The user declined");
      assertEquals(written(daemon).length, before, "nothing was sent");
      const { structuredContent } = await server.call("expose_port", args);
      assertEquals(answer.parse(structuredContent).replaced?.username, "bob");
      const what = name === "domain" ? "web.sim.test" : "tcp port 15432 of the host";
      const question = `${what} leads to bob-container (10.77.0.6 port 81). Let it lead to ` +
        "alice-container port 3000 instead? It no longer reaches the other.";
      assertEquals(questions, [question, question]);
    });
  }
});

Deno.test("expose_port again repairs a stale route, and asks nobody for that", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon, { capabilities: { elicitation: {} } });
  await server.call("expose_port", web);
  daemon.replace({ username: "alice", ipAddress: "10.77.0.9" });
  const { structuredContent, text } = await server.call("expose_port", web);
  const { route, replaced } = answer.parse(structuredContent);
  assertEquals([route.ip_address, replaced?.ip_address], ["10.77.0.9", "10.77.0.5"]);
  assertStringIncludes(text, "before: alice, 10.77.0.5:3000");
  const again = answer.parse((await server.call("expose_port", web)).structuredContent);
  assertEquals([again.route, again.replaced], [route, undefined]);
});

Deno.test("expose_port sends nothing for what the daemon could not delete, or would break", async (t) => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon);
  const own = Number(new URL(daemon.url).port);
  const cases: Readonly<Record<string, readonly [Readonly<Record<string, unknown>>, string]>> = {
    "a path": [{ domain: "web/x" }, "is not a domain"],
    "a wildcard": [{ domain: "*.sim.test" }, "is not a domain"],
    "a space": [{ domain: "my web" }, "is not a domain"],
    "the base domain": [{ domain: "sim.test" }, "the daemon itself is reached"],
    "SSH": [{ external_port: 22 }, "SSH to the host"],
    "the proxy": [{ external_port: 443 }, "the proxy of all domains"],
    "the daemon": [{ external_port: own }, "the daemon"],
    "no port": [{ external_port: 70_000 }, "a port, 1 to 65535"],
    "no port inside": [{ domain: "web", port: 0 }, "a port, 1 to 65535"],
    "both": [{ domain: "web", external_port: 5000 }, "either domain or external_port"],
    "neither": [{}, "either domain or external_port"],
    "UDP of a domain": [{ domain: "web", protocol: "udp" }, "needs external_port instead"],
    "HTTP of a port": [{ external_port: 5000, protocol: "http" }, "needs a domain instead"],
  };
  for (const [name, [args, words]] of Object.entries(cases)) {
    for (const replace of [false, true]) {
      await t.step(`${name}${replace ? ", replace" : ""}`, async () => {
        const { isError, text } = await server.call("expose_port", {
          username: "alice",
          port: 3000,
          replace,
          ...args,
        });
        assert(isError);
        assertStringIncludes(text, words);
        assertEquals(written(daemon), []);
      });
    }
  }
});

Deno.test("expose_port reads a URL as its domain", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon);
  const { text } = await server.call("expose_port", { ...web, domain: "https://App.Example.com/" });
  assertStringIncludes(text, "app.example.com leads to");
});

Deno.test("expose_port needs a running container, and sends nothing without", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", state: "CONTAINER_STATE_STOPPED" }],
  });
  await using server = await connect(daemon);
  const stopped = await server.call("expose_port", web);
  assertEquals([stopped.code, stopped.reason], ["failed_precondition", "not_running"]);
  const missing = await server.call("expose_port", { ...web, username: "carol" });
  assertEquals(missing.code, "not_found");
  assertEquals(written(daemon), []);
});

Deno.test("expose_port without a proxy says that a port of the host is left", async () => {
  await using daemon = await startDaemon({ containers, baseDomain: null });
  await using server = await connect(daemon);
  const { text, reason } = await server.call("expose_port", web);
  assertEquals(reason, "no_reverse_proxy");
  assertStringIncludes(text, "external_port");
  assertEquals(written(daemon), []);
});

Deno.test("expose_port is off for a token without the admin role, and says why", async () => {
  await using daemon = await startDaemon({ containers });
  const token = await daemon.token({ username: "alice" });
  await using server = await connect({ url: daemon.url, token });
  const { isError, text } = await server.call("expose_port", web);
  assert(isError);
  assertStringIncludes(text, "only to a token with the admin role");
  assertEquals(written(daemon), []);
});

Deno.test("expose_port in the real process requests only a host that it was granted", async (t) => {
  const cases = {
    "not granted": [[], "was not requested: this server may reach the daemon only"],
    // Nothing listens there: the name is this machine. The runtime asks with the port and without.
    "granted": [["web.localhost", "web.localhost:443"], "https://web.localhost/ does not answer: "],
  } as const;
  for (const [name, [net, words]] of Object.entries(cases)) {
    await t.step(name, async () => {
      await using daemon = await startDaemon({ containers });
      // The permission audit fails the test if the process reached for anything else.
      await using server = await connectProcess(daemon, { net });
      const { text } = await server.call("expose_port", { ...web, domain: "web.localhost" });
      assertStringIncludes(text, words);
    });
  }
});
