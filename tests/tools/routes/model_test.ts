/** Who owns which domain and port, with several clients and containers that are created anew: against a model. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { connect, type Session } from "../../connect.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";

const usernames = ["alice", "bob"] as const;
const places = [
  { domain: "web" },
  { domain: "api.example.com" },
  { external_port: 15432, protocol: "tcp" },
  { external_port: 15432, protocol: "udp" },
] as const;

/** Where a place leads, as the model has it. */
interface Lead {
  readonly username: string;
  readonly port: number;
  readonly address: string;
}

interface Step {
  readonly kind: "expose" | "replace" | "remove" | "disable" | "recreate";
  readonly client: number;
  readonly place: number;
  readonly username: typeof usernames[number];
  readonly port: number;
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom("expose", "replace", "remove", "disable", "recreate"),
    client: fc.nat({ max: 1 }),
    place: fc.nat({ max: places.length - 1 }),
    username: fc.constantFrom(...usernames),
    port: fc.constantFrom(80, 3000),
  }),
  { minLength: 4, maxLength: 14 },
);

class World {
  readonly leads = new Map<number, Lead>();
  readonly addresses = new Map<string, string>([["alice", "10.77.0.5"], ["bob", "10.77.0.6"]]);
  #next = 10;

  constructor(readonly daemon: Daemon, readonly clients: readonly Session[]) {}

  async take({ kind, client, place, username, port }: Step): Promise<void> {
    const session = this.clients[client];
    const at = places[place];
    if (session === undefined || at === undefined) throw new Error("no such client or place");
    const before = this.#writes();
    const was = this.leads.get(place);
    switch (kind) {
      case "recreate": {
        const ipAddress = `10.77.0.${this.#next++}`;
        this.daemon.replace({ username, ipAddress });
        this.addresses.set(username, ipAddress);
        return;
      }
      case "expose":
      case "replace": {
        const isOwn = was === undefined || (was.username === username && was.port === port);
        const mayTake = isOwn || kind === "replace";
        const args = { username, port, ...at, replace: kind === "replace" };
        const { isError, reason } = await session.call("expose_port", args);
        assertEquals([isError, reason], mayTake ? [false, undefined] : [true, "route_taken"]);
        assertEquals(this.#writes(), before + (mayTake ? 1 : 0));
        const address = this.addresses.get(username) ?? "";
        if (mayTake) this.leads.set(place, { username, port, address });
        return;
      }
      case "remove":
      case "disable": {
        const args = "domain" in at ? { domain: at.domain } : at;
        const disable = kind === "disable";
        const { isError } = await session.call("remove_route", { ...args, disable });
        assertEquals(isError, false);
        if (was === undefined) assertEquals(this.#writes(), before, "nothing to remove");
        if (!disable) this.leads.delete(place);
        return;
      }
    }
  }

  /** What the daemon has is what the model has, and each stale route is marked. */
  async check(): Promise<void> {
    const { structuredContent } = await this.clients[0]?.call("list_routes") ?? {};
    const { routes } = JSON.parse(JSON.stringify(structuredContent));
    const seen = routes.map((route: Readonly<Record<string, unknown>>) => [
      route.domain ?? `${route.protocol} ${route.external_port}`,
      route.username,
      route.port,
      route.ip_address,
      route.stale ?? false,
    ]);
    const expected = [...this.leads].map(([place, { username, port, address }]) => {
      const at = places[place];
      return [
        at === undefined
          ? ""
          : "domain" in at
          ? fullName(at.domain)
          : `${at.protocol} ${at.external_port}`,
        username,
        port,
        address,
        this.addresses.get(username) !== address,
      ];
    });
    assertEquals(seen.toSorted(), expected.toSorted());
  }

  #writes(): number {
    return this.daemon.requests.filter(({ method, path }) =>
      method !== "GET" && path.startsWith("/v1/network/")
    ).length;
  }
}

function fullName(domain: string): string {
  return domain.includes(".") ? domain : `${domain}.sim.test`;
}

Deno.test("no domain or port changes its owner without replace, whatever clients do in turn", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      await using daemon = await startDaemon({
        containers: [
          { username: "alice", ipAddress: "10.77.0.5" },
          { username: "bob", ipAddress: "10.77.0.6" },
        ],
      });
      await using one = await connect(daemon);
      await using other = await connect(daemon);
      const world = new World(daemon, [one, other]);
      for (const step of taken) {
        await world.take(step);
        await world.check();
      }
    }),
    { numRuns: 15 },
  );
});

Deno.test("of several clients that expose one domain at once, each that succeeds read its own route back", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob" }, { username: "carol" }],
  });
  await using one = await connect(daemon);
  await using other = await connect(daemon);
  const calls = ["alice", "bob", "carol", "alice", "bob", "carol"].map((username, at) =>
    (at % 2 === 0 ? one : other).call("expose_port", { username, port: 80, domain: "web" })
  );
  const answers = await Promise.all(calls);
  const refused = answers.filter(({ isError }) => isError);
  assertEquals(refused.every(({ reason }) => reason === "route_taken"), true);
  const { text } = await one.call("list_routes");
  assertEquals(
    answers.some(({ isError, text: said }) => {
      const [, target = "none"] = /\((10[\d.]+:80)\)/.exec(said) ?? [];
      return !isError && text.includes(target);
    }),
    true,
    text,
  );
});
