/** The simulator's proxy: which container answers for a domain. @module */

import { assertEquals, assertRejects } from "@std/assert";
import { type Daemon, startDaemon } from "./mod.ts";

async function put(daemon: Daemon, path: string, body: unknown, method = "POST"): Promise<unknown> {
  const answer = await fetch(`${daemon.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${await daemon.token()}` },
    body: body === null ? null : JSON.stringify(body),
  });
  assertEquals(answer.status, 200);
  return await answer.json();
}

async function ask(daemon: Daemon, url: string): Promise<readonly [number, string]> {
  const answer = await daemon.browse(url);
  return [answer.status, await answer.text()];
}

/** A port that nothing listens on. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Asks a port of this machine until it does as expected. */
async function untilPort(port: number, expected: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).then((one) => one.text())
      .catch(() => "nothing");
    if (answer === expected) return;
  }
}

const alice = { username: "alice", ipAddress: "10.77.0.5" };
const target = { targetIp: "10.77.0.5", targetPort: 8080 };

Deno.test("The proxy sends a domain to what listens in the container of its route", async () => {
  await using daemon = await startDaemon({ containers: [alice] });
  daemon.listen({
    username: "alice",
    port: 8080,
    answer: async (request) =>
      new Response(`${request.method} ${request.url} ${await request.text()}`, { status: 201 }),
  });
  await put(daemon, "/v1/network/routes", { domain: "web", ...target });
  assertEquals(await ask(daemon, "https://web.sim.test/a?b=c"), [
    201,
    "GET http://web.sim.test/a?b=c ",
  ]);
  await put(daemon, "/v1/network/routes", { domain: "*.sim.test", ...target });
  assertEquals((await ask(daemon, "https://OTHER.sim.test/"))[0], 201);
});

Deno.test("The proxy resets who asks for a domain without a route, or with one that is off", async () => {
  await using daemon = await startDaemon({ containers: [alice] });
  daemon.listen({ username: "alice", port: 8080 });
  await assertRejects(() => ask(daemon, "https://web.sim.test/"), TypeError);
  await put(daemon, "/v1/network/routes", { domain: "web", ...target });
  assertEquals(await ask(daemon, "https://web.sim.test/"), [200, "alice:8080"]);
  await put(daemon, "/v1/network/routes/web", { active: false }, "PUT");
  await assertRejects(() => ask(daemon, "https://web.sim.test/"), TypeError);
});

Deno.test("The proxy answers 502 when nothing listens, the container is stopped or has moved", async () => {
  await using daemon = await startDaemon({
    containers: [alice],
    listeners: [{ username: "alice", port: 8080 }],
  });
  await put(daemon, "/v1/network/routes", { domain: "web", ...target });
  await put(daemon, "/v1/network/routes", { domain: "other", ...target, targetPort: 81 });
  assertEquals((await ask(daemon, "https://other.sim.test/"))[0], 502);
  await put(daemon, "/v1/containers/alice/stop", {});
  assertEquals((await ask(daemon, "https://web.sim.test/"))[0], 502);
  await put(daemon, "/v1/containers/alice/start", {});
  assertEquals((await ask(daemon, "https://web.sim.test/"))[0], 200);
  daemon.replace({ username: "alice" });
  daemon.listen({ username: "alice", port: 8080 });
  assertEquals((await ask(daemon, "https://web.sim.test/"))[0], 502);
});

Deno.test("A passthrough rule's port listens while its target does", async () => {
  await using daemon = await startDaemon({ containers: [alice], forwardsPorts: true });
  const externalPort = freePort();
  await put(daemon, "/v1/network/passthrough", { externalPort, ...target });
  await untilPort(externalPort, "nothing");
  daemon.listen({ username: "alice", port: 8080 });
  await untilPort(externalPort, "alice:8080");
  await put(daemon, "/v1/containers/alice/stop", {});
  await untilPort(externalPort, "nothing");
  await put(daemon, "/v1/containers/alice/start", {});
  await untilPort(externalPort, "alice:8080");
  await put(daemon, `/v1/network/passthrough/${externalPort}`, { active: false }, "PUT");
  await untilPort(externalPort, "nothing");
});
