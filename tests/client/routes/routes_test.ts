/** Domains and ports of the host: what the client sends, and what it does not. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  type ContainariumClient,
  ContainariumError,
  type RouteAddress,
  type RouteTarget,
} from "../../../client/mod.ts";
import { type Daemon, type DaemonOptions, startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

const alice: RouteTarget = {
  ipAddress: "10.77.0.5",
  port: 80,
  containerName: "alice-container",
};
const bob: RouteTarget = { ipAddress: "10.77.0.6", port: 81, containerName: "bob-container" };
const containers = [
  { username: "alice", ipAddress: "10.77.0.5" },
  { username: "bob", ipAddress: "10.77.0.6" },
];

const web: RouteAddress = { kind: "domain", domain: "web" };
const tcp: RouteAddress = { kind: "port", externalPort: 15432, protocol: "tcp" };
const udp: RouteAddress = { ...tcp, protocol: "udp" };

interface Setting extends AsyncDisposable {
  readonly daemon: Daemon;
  readonly client: ContainariumClient;
}

async function start(options: DaemonOptions = {}): Promise<Setting> {
  const daemon = await startDaemon({ containers, ...options });
  const client = await clientOf(daemon);
  return {
    daemon,
    client,
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await daemon.close();
    },
  };
}

/** Returns how a call is refused, which sends no write. */
async function refused(daemon: Daemon, call: () => Promise<unknown>): Promise<ContainariumError> {
  const before = writes(daemon);
  const error = await assertRejects(call, ContainariumError);
  assertEquals(writes(daemon), before, "it sent a write");
  return error;
}

function writes(daemon: Daemon): number {
  return daemon.requests.filter(({ method }) => method !== "GET").length;
}

Deno.test("routes.expose() leads a domain to a container, and reads it back", async () => {
  await using setting = await start();
  const { client, daemon } = setting;
  const { route, before } = await client.routes.expose(web, alice);
  assertEquals(route, {
    kind: "domain",
    domain: "web.sim.test",
    ...alice,
    protocol: "http",
    isActive: true,
  });
  assertEquals([before, await client.routes.find(web)], [undefined, route]);
  daemon.listen({ username: "alice", port: 80 });
  assertEquals(await (await daemon.browse("https://web.sim.test/")).text(), "alice:80");
});

Deno.test("routes.expose() keeps the TCP and the UDP of one port apart", async () => {
  await using setting = await start();
  const { client } = setting;
  await client.routes.expose(tcp, alice, { description: "database" });
  await client.routes.expose(udp, bob);
  assertEquals(
    (await client.routes.listPorts()).map(({ protocol, containerName, description }) => [
      protocol,
      containerName,
      description,
    ]),
    [["tcp", "alice-container", "database"], ["udp", "bob-container", undefined]],
  );
  assertEquals((await client.routes.remove(udp)).route?.containerName, "bob-container");
  assertEquals((await client.routes.listPorts()).map(({ protocol }) => protocol), ["tcp"]);
});

Deno.test("routes.expose() takes nothing from another container or port unless agreed to", async (t) => {
  for (const at of [web, tcp]) {
    await t.step(at.kind, async () => {
      await using setting = await start();
      const { client, daemon } = setting;
      const { route } = await client.routes.expose(at, bob);
      for (const target of [alice, { ...bob, port: 82 }]) {
        const error = await refused(daemon, () => client.routes.expose(at, target));
        assertEquals([error.code, error.reason], ["conflict", "route_taken"]);
        assertEquals(error.details.takenBy, "bob-container");
        assertStringIncludes(error.message, "bob-container (10.77.0.6 port 81)");
      }
      const stale = { route: { ...route, port: 99 } };
      const changed = await refused(
        daemon,
        () => client.routes.expose(at, alice, { agreed: stale }),
      );
      assertEquals(changed.reason, "changed_since_agreed");
      const { before, route: now } = await client.routes.expose(at, alice, { agreed: { route } });
      assertEquals([before, now.containerName], [route, "alice-container"]);
    });
  }
});

Deno.test("routes.expose() repairs a route of the same container and port", async (t) => {
  for (const at of [web, tcp]) {
    await t.step(at.kind, async () => {
      await using setting = await start();
      const { client } = setting;
      await client.routes.expose(at, { ...alice, ipAddress: "10.77.0.99" });
      await client.routes.setActive(at, false);
      const { route, before } = await client.routes.expose(at, alice);
      assertEquals(
        [before?.ipAddress, before?.isActive, route.ipAddress, route.isActive],
        ["10.77.0.99", false, "10.77.0.5", true],
      );
    });
  }
});

Deno.test("routes.expose() never sends what cannot be deleted or takes the host's own", async () => {
  await using setting = await start();
  const { client, daemon } = setting;
  const own = Number(new URL(daemon.url).port);
  const domains = [
    "a/b",
    "sim.test",
    "*.sim.test",
    "a b",
    "-a",
    "a..b",
    "",
    "a:80",
    "ä",
    "SIM.test",
    "169.254.169.254",
    "127.1",
    "0x7f.0x1",
    "xn--a",
    "xn--a.example.com",
  ];
  for (const domain of domains) {
    const error = await refused(
      daemon,
      () => client.routes.expose({ kind: "domain", domain }, alice),
    );
    assertEquals(error.code, "invalid_argument", domain);
  }
  for (const externalPort of [0, -1, 65_536, 1.5, NaN, 22, 53, 80, 443, 8080, own]) {
    const error = await refused(
      daemon,
      () => client.routes.expose({ ...tcp, externalPort }, alice),
    );
    assertEquals(error.code, "invalid_argument", `${externalPort}`);
  }
  for (
    const target of [
      { ...alice, port: 0 },
      { ...alice, port: 70_000 },
      { ...alice, ipAddress: "nope" },
      { ...alice, ipAddress: "" },
    ]
  ) {
    const error = await refused(daemon, () => client.routes.expose(web, target));
    assertEquals(error.code, "invalid_argument", JSON.stringify(target));
  }
});

Deno.test("routes.expose() sees a domain that was written in capitals", async () => {
  await using setting = await start({
    routes: [{ domain: "WEB.sim.test", targetIp: "10.77.0.6", targetPort: 81 }],
  });
  const { client, daemon } = setting;
  const error = await refused(daemon, () => client.routes.expose(web, alice));
  assertEquals(error.reason, "route_taken");
  const agreed = { route: await client.routes.find(web) };
  await client.routes.expose(web, alice, { agreed });
  assertEquals((await client.routes.list()).map(({ domain }) => domain), ["WEB.sim.test"]);
});

Deno.test("routes.expose() refuses a domain that the proxy serves without a route in the list", async () => {
  await using setting = await start();
  const { client, daemon } = setting;
  daemon.inject({
    kind: "rewritten",
    path: "/v1/network/dns-records",
    rewrite: (body) => body.replace('"data":"sim.test"', '"data":"web.sim.test"'),
  });
  assertEquals(
    (await refused(daemon, () => client.routes.expose(web, alice))).reason,
    "route_taken",
  );
});

Deno.test("routes.expose() notices when another client takes the domain right after it", async () => {
  await using setting = await start();
  const { client, daemon } = setting;
  using other = await clientOf(daemon);
  daemon.inject({
    kind: "rewritten",
    path: "/v1/network/routes",
    method: "GET",
    times: 2,
    rewrite: (body) => body.replace('"containerIp":"10.77.0.5"', '"containerIp":"10.77.0.6"'),
  });
  const error = await assertRejects(() => client.routes.expose(web, alice), ContainariumError);
  assertEquals([error.code, error.reason], ["conflict", "route_taken"]);
  assertEquals((await other.routes.find(web))?.ipAddress, "10.77.0.5");
});

Deno.test("routes.expose() of one client is one at a time: only the first gets the domain", async () => {
  await using setting = await start();
  const { client } = setting;
  const results = await Promise.allSettled(
    [alice, bob, { ...alice, port: 90 }].map((target) => client.routes.expose(web, target)),
  );
  assertEquals(results.map(({ status }) => status), ["fulfilled", "rejected", "rejected"]);
  assertEquals((await client.routes.find(web))?.port, 80);
});

Deno.test("routes.setActive() switches a route, and says when there is none", async (t) => {
  for (const at of [web, tcp, udp]) {
    await t.step(at.kind, async () => {
      await using setting = await start();
      const { client, daemon } = setting;
      const error = await refused(daemon, () => client.routes.setActive(at, false));
      assertEquals([error.code, error.reason], ["not_found", "route_missing"]);
      await client.routes.expose(at, alice);
      const off = await client.routes.setActive(at, false);
      assertEquals([off.changed, off.route.isActive, off.route.port], [true, false, 80]);
      assertEquals((await client.routes.setActive(at, false)).changed, false);
      assertEquals((await client.routes.setActive(at, true)).route.isActive, true);
    });
  }
});

Deno.test("routes.remove() removes only what was agreed to, and sends nothing for nothing", async (t) => {
  for (const at of [web, tcp, udp]) {
    await t.step(at.kind, async () => {
      await using setting = await start();
      const { client, daemon } = setting;
      assertEquals(await client.routes.remove(at), {});
      assertEquals(daemon.count("DELETE"), 0);
      const { route } = await client.routes.expose(at, alice);
      for (const agreed of [{}, { route: { ...route, ipAddress: "10.77.0.6" } }]) {
        const error = await refused(daemon, () => client.routes.remove(at, { agreed }));
        assertEquals(error.reason, "changed_since_agreed");
      }
      assertEquals(await client.routes.remove(at, { agreed: { route } }), { route });
      assertEquals(await client.routes.find(at), undefined);
    });
  }
});

Deno.test("routes.remove() never sends the base domain, nor one that would be another path", async () => {
  await using setting = await start({
    routes: [{ domain: "bad/x.test", targetIp: "10.77.0.6", targetPort: 81 }],
  });
  const { client, daemon } = setting;
  assertEquals(await client.routes.remove({ kind: "domain", domain: "sim.test" }), {});
  const error = await refused(
    daemon,
    () => client.routes.remove({ kind: "domain", domain: "bad/x.test" }),
  );
  assertEquals(error.code, "invalid_argument");
  assertEquals(daemon.count("DELETE"), 0);
});

Deno.test("routes say what a daemon or a token lacks", async () => {
  await using without = await start({ baseDomain: null });
  const error = await refused(without.daemon, () => without.client.routes.expose(web, alice));
  assertEquals([error.code, error.reason], ["unsupported", "no_reverse_proxy"]);
  assertEquals(await without.client.routes.list(), []);

  await using setting = await start();
  const token = await setting.daemon.token({ username: "alice", roles: ["user"] });
  using user = await clientOf(setting.daemon, { token });
  assertEquals(await user.routes.list(), []);
  for (
    const call of [
      () => user.routes.listPorts(),
      () => user.routes.expose(tcp, alice),
      () => user.routes.expose(web, alice),
    ]
  ) {
    assertEquals((await refused(setting.daemon, call)).reason, "admin_required");
  }
});

Deno.test("routes.remove removes the row that is named, of two that differ in capitals only", async () => {
  const target = { targetIp: "10.77.0.5", targetPort: 80 };
  for (const domain of ["web.test", "WEB.test"]) {
    await using daemon = await startDaemon({
      routes: [{ domain: "web.test", ...target }, { domain: "WEB.test", ...target }],
    });
    using client = await clientOf(daemon);
    const { route } = await client.routes.remove({ kind: "domain", domain });
    assertEquals(route?.kind === "domain" && route.domain, domain);
    const left = (await client.routes.list()).map((one) => one.domain);
    assertEquals(left, [domain === "web.test" ? "WEB.test" : "web.test"]);
  }
});
