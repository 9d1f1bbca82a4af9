/**
 * Writes that the daemon accepted and whose result cannot be read back: a failure that says that the
 * daemon was not reached would have them sent again.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { type ContainariumClient, ContainariumError } from "../../client/mod.ts";
import { type Daemon, startDaemon } from "../daemon/mod.ts";
import { daemonWith as daemonWithDatabases } from "../postgres_daemon.ts";
import { clientOf } from "./connect.ts";
import { daemonWith as daemonWithScanners, inPackage } from "./security/scan_fixture.ts";

interface Case {
  readonly start: () => Promise<Daemon>;
  /** Brings about what is changed, and returns its id. */
  readonly before?: (client: ContainariumClient, daemon: Daemon) => Promise<string> | string;
  readonly change: (client: ContainariumClient, id: string) => Promise<unknown>;
  /** The write: it is accepted. */
  readonly write: readonly [method: string, path: string];
  /** What cannot be read. Absent: anything. */
  readonly read?: string;
}

const target = { ipAddress: "10.77.0.5", port: 80, containerName: "alice-container" };
const at = { kind: "domain", domain: "web.sim.test" } as const;
const containers = [{ username: "alice", ipAddress: "10.77.0.5", staticIp: true }];
const routes = [{ domain: "web", targetIp: "10.77.0.5", targetPort: 80 }];
const secrets = [{ username: "alice", name: "API_KEY", value: "one-two-three" }];

const cases: Readonly<Record<string, Case>> = {
  "backups.delete": {
    start: daemonWithDatabases,
    before: (_client, daemon) => daemon.backUp("alice", "appdb"),
    change: ({ backups }, id) => backups.delete(id),
    write: ["DELETE", "/v1/backups/{id}"],
  },
  "containers.update, of the firewall": {
    start: () => startDaemon({ containers }),
    change: ({ containers }) => containers.update("alice", { firewall: "http_only" }),
    write: ["PUT", "/v1/containers/alice/acl"],
    read: "/v1/containers/alice/acl",
  },
  "routes.expose": {
    start: () => startDaemon({ containers }),
    change: ({ routes }) => routes.expose(at, target),
    write: ["POST", "/v1/network/routes"],
  },
  "routes.setActive": {
    start: () => startDaemon({ containers, routes }),
    change: ({ routes }) => routes.setActive(at, false),
    write: ["PUT", "/v1/network/routes/web.sim.test"],
  },
  "routes.remove": {
    start: () => startDaemon({ containers, routes }),
    change: ({ routes }) => routes.remove(at),
    write: ["DELETE", "/v1/network/routes/web.sim.test"],
  },
  "secrets.set": {
    start: () => startDaemon({ containers, secrets }),
    change: ({ secrets }) => secrets.set("alice", "API_KEY", "four-five-six"),
    write: ["POST", "/v1/secrets/alice/refresh"],
  },
  "security.install": {
    start: daemonWithScanners,
    change: ({ security }) => security.install("zap"),
    write: ["POST", "/v1/zap/install"],
  },
  "security.suppress": {
    start: daemonWithScanners,
    before: async ({ security }) => {
      await security.scan("alice", "pentest");
      const { findings } = await security.findings({ username: "alice" });
      return findings.find(({ title }) => title === inPackage.title)?.id ?? "";
    },
    change: ({ security }, id) => security.suppress("pentest", id),
    write: ["POST", "/v1/pentest/findings/{id}/suppress"],
  },
};

Deno.test("each change that the daemon accepted is ambiguous if it cannot be read back", async (t) => {
  for (const [name, { start, before, change, write, read }] of Object.entries(cases)) {
    await t.step(name, async () => {
      const [method, path] = write;
      await using daemon = await start();
      using client = await clientOf(daemon);
      const id = await before?.(client, daemon) ?? "";
      const sent = daemon.hold(method, path.replace("{id}", id));
      const changing = assertRejects(() => change(client, id), ContainariumError);
      await sent.reached;
      daemon.inject({
        kind: "answer",
        method: "GET",
        path: read ?? /^/,
        status: 503,
        body: "{}",
        times: 99,
      });
      sent.release();
      const { code, reason, message } = await changing;
      assertEquals([code, reason], ["ambiguous", "response_lost"], message);
    });
  }
});

Deno.test("secrets.delete() and set() are ambiguous if the container may have got the secrets or not", async (t) => {
  const calls: Readonly<Record<string, (client: ContainariumClient) => Promise<unknown>>> = {
    set: ({ secrets }) => secrets.set("alice", "API_KEY", "four-five-six"),
    delete: ({ secrets }) => secrets.delete("alice", "API_KEY"),
  };
  for (const [name, call] of Object.entries(calls)) {
    await t.step(name, async () => {
      await using daemon = await startDaemon({
        containers,
        secrets: secrets.map((secret) => ({ ...secret, delivery: "compose" })),
      });
      using client = await clientOf(daemon);
      const path = "/v1/secrets/alice/refresh";
      daemon.inject({ kind: "answer", method: "POST", path, status: 429, body: "{}" });
      const { code, reason } = await assertRejects(() => call(client), ContainariumError);
      assertEquals([code, reason], ["ambiguous", "response_lost"]);
    });
  }
});
