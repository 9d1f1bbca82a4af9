/** What the user agreed to binds what is done to routes. */
import { assertEquals } from "@std/assert";
import type { z } from "zod";
import { exposePort } from "../../../tools/routes/expose_port.ts";
import { removeRoute } from "../../../tools/routes/remove_route.ts";
import { clientOf } from "../../client/connect.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";

const containers = [
  { username: "alice", ipAddress: "10.77.0.5", createdAt: new Date("2026-01-01T00:00:00Z") },
  { username: "bob", ipAddress: "10.77.0.6" },
];
const routes = [{ domain: "web", targetIp: "10.77.0.6", targetPort: 81 }];

/** Another client that leads the domain elsewhere. */
async function lead(daemon: Daemon, targetIp: string): Promise<void> {
  const response = await fetch(`${daemon.url}/v1/network/routes`, {
    method: "POST",
    headers: { authorization: `Bearer ${await daemon.token()}` },
    body: JSON.stringify({ domain: "web", targetIp, targetPort: 81 }),
  });
  await response.body?.cancel();
}

const expose: z.input<typeof exposePort.input> = {
  username: "alice",
  port: 3000,
  domain: "web",
  replace: true,
};

Deno.test("expose_port takes nothing over that the user did not agree to", async (t) => {
  const changes: Readonly<Record<string, (daemon: Daemon) => unknown>> = {
    "a route to another container": (daemon) => lead(daemon, "10.77.0.7"),
    "for a container that was created anew": (daemon) => daemon.replace({ username: "alice" }),
  };
  for (const [name, change] of Object.entries(changes)) {
    await t.step(name, async () => {
      await using daemon = await startDaemon({ containers, routes });
      using client = await clientOf(daemon);
      let sent = 0;
      const { question, refusal } = await changedBetween(
        exposePort,
        expose,
        contextOf(client),
        async () => {
          await change(daemon);
          sent = daemon.count("POST");
        },
      );
      assertEquals(question === undefined, false);
      assertEquals([refusal?.reason, daemon.count("POST")], ["changed_since_agreed", sent]);
    });
  }
});

Deno.test("expose_port with replace takes no route that appeared after there was nothing to ask", async () => {
  await using daemon = await startDaemon({ containers });
  using client = await clientOf(daemon);
  const { question, refusal } = await changedBetween(
    exposePort,
    expose,
    contextOf(client),
    () => lead(daemon, "10.77.0.6"),
  );
  assertEquals([question, refusal?.reason], [undefined, "route_taken"]);
  assertEquals((await client.routes.list()).map(({ port }) => port), [81]);
});

Deno.test("remove_route removes and switches only the route that the user saw", async (t) => {
  for (const disable of [false, true]) {
    await t.step(disable ? "switch" : "removal", async () => {
      await using daemon = await startDaemon({ containers, routes });
      using client = await clientOf(daemon);
      const { question, refusal } = await changedBetween(
        removeRoute,
        { domain: "web", disable },
        contextOf(client),
        () => lead(daemon, "10.77.0.5"),
      );
      assertEquals(question === undefined, false);
      assertEquals(refusal?.reason, "changed_since_agreed");
      assertEquals([daemon.count("DELETE"), daemon.count("PUT")], [0, 0]);
    });
  }
});
