/** What the simulator's routes tell those who listen, and what a container's end does to them. @module */

import { assertEquals } from "@std/assert";
import { type Daemon, startDaemon } from "./mod.ts";

async function send(daemon: Daemon, method: string, path: string, body?: unknown): Promise<string> {
  const answer = await fetch(`${daemon.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${await daemon.token()}` },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return await answer.text();
}

async function domains(daemon: Daemon): Promise<readonly string[]> {
  const { routes }: { routes: readonly { fullDomain: string }[] } = JSON.parse(
    await send(daemon, "GET", "/v1/network/routes"),
  );
  return routes.map(({ fullDomain }) => fullDomain);
}

const containers = [{ username: "alice", ipAddress: "10.77.0.5" }];
const routes = [
  { domain: "web", targetIp: "10.77.0.5", targetPort: 80 },
  { domain: "other", targetIp: "10.77.0.6", targetPort: 80, containerName: "bob-container" },
];

Deno.test("A container's routes go with it, found by its address or named with it", async () => {
  await using daemon = await startDaemon({ containers, routes });
  assertEquals(await domains(daemon), ["other.sim.test", "web.sim.test"]);
  await send(daemon, "DELETE", "/v1/containers/alice?force=true");
  assertEquals(await domains(daemon), ["other.sim.test"]);
});

Deno.test("A stream of events tells of a route that was added, taken or deleted, not of a change", async () => {
  await using daemon = await startDaemon({ containers });
  const stream = await fetch(
    `${daemon.url}/v1/events/subscribe?resourceTypes=RESOURCE_TYPE_ROUTE`,
    { headers: { authorization: `Bearer ${await daemon.token()}` } },
  );
  const target = { targetIp: "10.77.0.5", targetPort: 80 };
  await send(daemon, "POST", "/v1/network/routes", { domain: "web", ...target });
  await send(daemon, "PUT", "/v1/network/routes/web", { active: false });
  await send(daemon, "POST", "/v1/network/routes", { domain: "web", ...target, targetPort: 81 });
  await send(daemon, "DELETE", "/v1/network/routes/web");
  let text = "";
  for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (text.includes("route_deleted") && text.endsWith("\n\n")) break;
  }
  assertEquals(text.match(/^event: .*$/gm), [
    "event: connected",
    "event: route_added",
    "event: route_added",
    "event: route_deleted",
  ]);
});

Deno.test("A daemon without Postgres lacks the services that need it", async () => {
  await using daemon = await startDaemon({ postgres: false });
  for (
    const [path, service] of [
      ["/v1/tokens/revoked", "TokensService"],
      ["/v1/apps", "AppService"],
    ] as const
  ) {
    assertEquals(
      JSON.parse(await send(daemon, "GET", path)),
      {
        code: 501,
        error: `rpc error: code = Unimplemented desc = unknown service containarium.v1.${service}`,
      },
    );
  }
});
