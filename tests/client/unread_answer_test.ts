/**
 * Writes that the daemon carried out and answered with JSON that nobody understands: an error that says
 * that they failed would have them sent again.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { type ContainariumClient, ContainariumError } from "../../client/mod.ts";
import { type Daemon, startDaemon } from "../daemon/mod.ts";
import { daemonWith as daemonWithDatabases } from "../postgres_daemon.ts";
import { clientOf } from "./connect.ts";

interface Case {
  readonly start: () => Promise<Daemon>;
  readonly write: (client: ContainariumClient, daemon: Daemon) => Promise<unknown>;
}

const alice = { username: "alice" };
const withAlice = () => startDaemon({ containers: [alice] });
const login = { user: "app", passwordSecret: "DB_PASSWORD" };

const cases: Readonly<Record<string, Case>> = {
  "agents.call": {
    start: () => startDaemon({ containers: [{ username: "agent-hello-agent" }] }),
    write: ({ agents }) => agents.call("hello-agent", { input: { question: "hi" } }),
  },
  "agents.run": {
    start: withAlice,
    write: ({ agents }) => agents.run("hello-agent", { input: { question: "hi" } }),
  },
  "alerts.set": {
    start: () => startDaemon({ coreServices: ["victoriametrics"] }),
    write: ({ alerts }) => alerts.set("HostDown", { expr: "up == 0" }),
  },
  "backups.create": {
    start: daemonWithDatabases,
    write: ({ backups }) => backups.create("alice", login),
  },
  "backups.verify": {
    start: daemonWithDatabases,
    write: ({ backups }, daemon) => backups.verify(daemon.backUp("alice", "appdb"), "bob", login),
  },
  "containers.setLabels": {
    start: withAlice,
    write: ({ containers }) => containers.setLabels("alice", { team: "dev" }),
  },
  "crews.run": {
    start: withAlice,
    write: ({ crews }) => crews.run("hello-crew", { input: { task: "say hi" } }),
  },
  "keyService.migrate": {
    start: () =>
      startDaemon({
        kms: "inproc",
        secrets: [{ username: "alice", name: "A", value: "one-two-three", legacy: true }],
      }),
    write: ({ keyService }) => keyService.migrate(),
  },
  "recipes.deploy": {
    start: () => startDaemon({ recipes: [{ id: "bare" }] }),
    write: ({ recipes }) => recipes.deploy("bare", { username: "bob" }),
  },
  "secrets.set": {
    start: withAlice,
    write: ({ secrets }) => secrets.set("alice", "API_KEY", "one-two-three"),
  },
  "snapshots.create": {
    start: () => startDaemon({ zfs: true, containers: [alice] }),
    write: ({ snapshots }) => snapshots.create("alice"),
  },
  "snapshots.rollback": {
    start: () =>
      startDaemon({
        zfs: true,
        containers: [{ ...alice, snapshots: ["before"], state: "CONTAINER_STATE_STOPPED" }],
      }),
    write: ({ snapshots }) => snapshots.rollback("alice", "before"),
  },
};

/** Replaces each object and list in an answer by a number. */
function garble(body: string): string {
  const answer: Readonly<Record<string, unknown>> = JSON.parse(body);
  const keys = ["destroyedSnapshots", "errors", "failures", ...Object.keys(answer)];
  return JSON.stringify(Object.fromEntries(keys.map((key) => [key, 7])));
}

Deno.test("each change is ambiguous if nobody understands the daemon's answer", async (t) => {
  for (const [name, { start, write }] of Object.entries(cases)) {
    await t.step(name, async () => {
      await using daemon = await start();
      using client = await clientOf(daemon);
      daemon.inject({ kind: "rewritten", method: "POST", path: /^/, rewrite: garble });
      const { code, message } = await assertRejects(() => write(client, daemon), ContainariumError);
      assertEquals(code, "ambiguous", message);
    });
  }
});
