/** For each tool that may ask: calls about nothing that can be lost, until something is there. @module */
import type { ContainariumClient } from "../../client/mod.ts";
import { inPackage } from "../client/security/scan_fixture.ts";
import {
  keepCollaborator,
  keepDomain,
  keepPolicy,
  keepPort,
  keepSecret,
} from "../client/leftovers/keep.ts";
import { ed25519Of } from "../client/ssh_keys/make_key.ts";
import type { ContainerSeed, Daemon, DaemonOptions } from "../daemon/mod.ts";

/** A call that has nothing to ask about at first. */
export interface LateCase {
  /** What appears between the question and the call. */
  readonly what: string;
  /** The arguments. */
  readonly args: Readonly<Record<string, unknown>>;
  /** The daemon before. */
  readonly before: DaemonOptions;
  /** What another client does meanwhile. */
  readonly appear: (daemon: Daemon, client: ContainariumClient) => unknown;
  /** Whether a shell in the container is needed. @default {false} */
  readonly needsShell?: boolean;
}

const createdAt = new Date("2026-01-01T00:00:00Z");
const alice: ContainerSeed = { username: "alice", createdAt, ipAddress: "10.77.0.5" };
const stopped: ContainerSeed = { ...alice, state: "CONTAINER_STATE_STOPPED" };
const doomed: ContainerSeed = { ...alice, deleteAfterStoppedSeconds: 60 };
const args = { username: "alice" };
const shown = { ...args, name: "API_KEY" };
const toBob = { domain: "web.test" };
const otherKey = `${ed25519Of(new Uint8Array(32).fill(8))} alice@phone`;
const key = `${ed25519Of(new Uint8Array(32).fill(7))} alice@laptop`;

const backup = { id: "alice-app-20260101T000000Z" };
const clock = () => createdAt.getTime();
const backsUp = (daemon: Daemon) => void daemon.backUp("alice", "app");
const finding = { kind: "pentest", id: "1" };
const findings = [inPackage];
const scans = async (_daemon: Daemon, client: ContainariumClient) =>
  void await client.security.scan("alice", "pentest");

/** Appearing from nothing, and becoming what would need a question. */
const comes = (
  seed: ContainerSeed,
  what = "a container",
): Pick<LateCase, "what" | "before" | "appear"> => ({
  what,
  before: { containers: [] },
  appear: (daemon) => void daemon.replace(seed),
});
const becomes = (
  before: ContainerSeed,
  after: ContainerSeed,
  what: string,
): Pick<LateCase, "what" | "before" | "appear"> => ({
  what,
  before: { containers: [before] },
  appear: (daemon) => void daemon.replace(after),
});
// How long after a stop it is deleted is set when it is created; only its protection can end.
const isDoomed = becomes({ ...doomed, protected: true }, doomed, "a deletion that a stop starts");
const isStarted = becomes({ ...doomed, state: "CONTAINER_STATE_STOPPED" }, doomed, "a start");

/** Lets the daemon answer a read otherwise from now on: the simulator cannot get into that state. */
function answers(daemon: Daemon, path: string, fields: Readonly<Record<string, unknown>>): void {
  daemon.inject({
    kind: "rewritten",
    method: "GET",
    path,
    times: Infinity,
    rewrite: (body) => JSON.stringify({ ...JSON.parse(body), ...fields }),
  });
}

/** A folder of the user's machine with one file. */
const local = Deno.makeTempDirSync();
Deno.writeTextFileSync(`${local}/report.txt`, "mine");
globalThis.addEventListener("unload", () => Deno.removeSync(local, { recursive: true }));

/** The cases by tool. A tool without any has always something to ask about, or fails. */
export const lateCases: Readonly<Record<string, readonly LateCase[]>> = {
  "remove_runner": [],
  "run_agent": [{
    args: { agent: "hello-agent" },
    what: "a network policy that stops traffic",
    before: { containers: [{ username: "agent-hello-agent" }] },
    appear: (_daemon, client) =>
      client.api.request("POST", ["network-policies"], {
        body: { policy: { tenant: "agent-hello-agent", mode: "NETWORK_POLICY_MODE_ENFORCE" } },
      }),
  }],
  "delete_container": [
    { args, ...comes(alice) },
    { args, ...becomes({ ...alice, protected: true }, alice, "the end of its protection") },
    {
      args,
      what: "what an earlier container left",
      before: { containers: [] },
      appear: async (daemon) => {
        await keepSecret(daemon, "alice");
        await keepPort(daemon, "alice");
        await keepPolicy(daemon, "alice");
        await keepDomain(daemon, "web.test");
      },
    },
  ],
  "delete_containers": [
    { args: { usernames: ["alice"] }, ...comes(alice) },
    {
      args: { usernames: ["alice"] },
      ...becomes({ ...alice, protected: true }, alice, "the end of its protection"),
    },
  ],
  "stop_container": [
    { args, ...comes(doomed) },
    { args, ...isDoomed },
    { args, ...isStarted },
  ],
  "stop_containers": [
    { args: { usernames: ["alice"] }, ...comes(doomed) },
    { args: { usernames: ["alice"] }, ...isDoomed },
    { args: { usernames: ["alice"] }, ...isStarted },
  ],
  "restart_container": [
    { args, ...comes(doomed) },
    { args, ...isDoomed },
    { args, ...isStarted },
  ],
  "move_container": [
    { args: { ...args, backend: "far" }, ...comes(doomed) },
    { args: { ...args, backend: "far" }, ...isDoomed },
    { args: { ...args, backend: "far" }, ...isStarted },
  ],
  "resize_container": [
    { args: { ...args, disk: "5GB", "allow_shrink": true }, ...comes(alice) },
    {
      args: { ...args, disk: "5GB", "allow_shrink": true },
      ...becomes({ ...alice, resources: { disk: "5GB" } }, alice, "a larger disk"),
    },
  ],
  "update_container": [
    { args: { ...args, ttl: "1m" }, ...comes(alice) },
    {
      args: { ...args, ttl: "1h" },
      ...becomes(
        { ...alice, ttlSeconds: 600 },
        alice,
        "the end of a time to live that was shorter",
      ),
    },
    {
      args: { ...args, protected: false },
      ...becomes(alice, { ...alice, protected: true }, "its protection"),
    },
    {
      args: { ...args, monitoring: false },
      ...becomes({ ...stopped, monitoring: true }, { ...alice, monitoring: true }, "a start"),
    },
    { args: { ...args, "auto_sleep_minutes": 30 }, ...isDoomed },
    { args: { ...args, firewall: "http_only" }, ...comes({ ...alice, staticIp: true }) },
  ],
  "cleanup_disk": [{ args, ...comes(alice) }, { args, ...becomes(stopped, alice, "a start") }],
  "restore_snapshot": [],
  "delete_snapshot": [
    {
      args: { ...args, name: "old" },
      ...becomes(alice, { ...alice, snapshots: ["old"] }, "a snapshot"),
    },
  ],
  "manage_compose": [{ args: { ...args, action: "enable", dir: "shop" }, ...comes(alice) }],
  "sync_files": [{
    args: { ...args, local, delete: true },
    what: "a file there that is not here",
    needsShell: true,
    before: { containers: [alice] },
    appear: async (_daemon, client) =>
      void await client.terminal("alice").run("mkdir -p work; echo 1 >work/other"),
  }],
  "fetch_files": [{
    args: { ...args, local, remote: "~/out" },
    what: "a file there that replaces one here",
    needsShell: true,
    before: { containers: [alice], shell: { profile: "mkdir -p ~/out" } },
    appear: async (_daemon, client) =>
      void await client.terminal("alice").run("echo other >out/report.txt"),
  }],
  "remove_ssh_key": [
    {
      args: { ...args, key },
      what: "the key, as the last one",
      needsShell: true,
      before: { containers: [alice] },
      appear: async (_daemon, client) => void await client.sshKeys.add("alice", key),
    },
    {
      args: { ...args, key },
      what: "the removal of the other key",
      needsShell: true,
      before: { containers: [{ ...alice, sshKeys: [key, otherKey] }] },
      appear: async (_daemon, client) => void await client.sshKeys.remove("alice", otherKey),
    },
  ],
  "expose_port": [
    {
      args: { ...args, port: 3000, domain: "web.test", replace: true },
      what: "a route to another container",
      before: { containers: [alice, { username: "bob", ipAddress: "10.77.0.6" }] },
      appear: (daemon) => keepDomain(daemon, "web.test", "bob-container", "10.77.0.6"),
    },
    {
      args: { ...args, port: 80, domain: "web.test", replace: true },
      what: "another container at the domain that was its own",
      before: {
        containers: [alice, { username: "bob", ipAddress: "10.77.0.6" }],
        routes: [{ domain: "web.test", targetIp: "10.77.0.5", targetPort: 80 }],
      },
      appear: (daemon) => keepDomain(daemon, "web.test", "bob-container", "10.77.0.6"),
    },
  ],
  "remove_route": [
    {
      args: toBob,
      what: "the route",
      before: {},
      appear: (daemon) => keepDomain(daemon, "web.test"),
    },
    {
      args: { ...toBob, disable: true },
      what: "the route, to be switched off",
      before: {},
      appear: (daemon) => keepDomain(daemon, "web.test"),
    },
  ],
  "get_secret": [{
    args: shown,
    what: "the secret",
    before: { containers: [alice] },
    appear: (daemon) => keepSecret(daemon, "alice"),
  }],
  "set_secret": [{
    args: { ...shown, value: "my-own-value" },
    what: "the secret",
    before: { containers: [alice] },
    appear: (daemon) => keepSecret(daemon, "alice"),
  }, {
    args: { ...shown, value: "my-own-value" },
    what: "the container of a secret that was kept without one",
    before: { secrets: [{ username: "alice", name: "API_KEY", value: "s3cr3t-value" }] },
    appear: (daemon) => void daemon.replace(alice),
  }],
  "delete_secret": [{
    args: shown,
    what: "the secret",
    before: { containers: [alice] },
    appear: (daemon) => keepSecret(daemon, "alice"),
  }],
  "create_backup": [{ args: { ...args, bucket: "gs://team-backups" }, ...comes(alice) }],
  "restore_backup": [
    {
      args: { ...backup, clean: true },
      what: "the backup",
      before: { containers: [alice], clock },
      appear: backsUp,
    },
    {
      args: { ...backup, clean: true },
      what: "the backup and its container",
      before: { clock },
      appear: (daemon) => {
        daemon.replace(alice);
        backsUp(daemon);
      },
    },
  ],
  "verify_backup": [{
    args: { ...backup, target: "bob" },
    what: "the backup",
    before: { containers: [alice, { username: "bob", createdAt }], clock },
    appear: backsUp,
  }],
  "delete_backup": [
    { args: backup, what: "the backup", before: { containers: [alice], clock }, appear: backsUp },
  ],
  "resolve_finding": [
    {
      args: { ...finding, action: "fix" },
      what: "the finding",
      before: { containers: [alice], findings },
      appear: scans,
    },
    {
      args: { ...finding, action: "suppress" },
      what: "the finding to suppress",
      before: { containers: [alice], findings },
      appear: scans,
    },
  ],
  "revoke_token": [],
  "add_collaborator": [{
    args: {
      ...args,
      collaborator: "bob",
      "public_keys": [key],
      sudo: true,
      "container_runtime": false,
    },
    ...comes(alice),
  }],
  "remove_collaborator": [{
    args: { ...args, collaborator: "amy" },
    what: "the collaborator",
    before: { containers: [alice] },
    appear: (daemon) => keepCollaborator(daemon, "alice"),
  }],
  "set_alert": [{
    args: { alert: "Late", expr: "up == 0" },
    what: "an alert of that name",
    before: { coreServices: ["victoriametrics"] },
    appear: async (_daemon, client) => void await client.alerts.set("Late", { expr: "up == 1" }),
  }],
  "delete_alert": [{
    args: { alert: "Late" },
    what: "the alert",
    before: { coreServices: ["victoriametrics"] },
    appear: async (_daemon, client) => void await client.alerts.set("Late", { expr: "up == 1" }),
  }],
  "set_metrics_export": [{
    args: { enabled: false },
    what: "an export that is on",
    before: {},
    appear: (daemon) => answers(daemon, "/v1/system/metrics-export", { enabled: true }),
  }],
  "migrate_secrets": [{
    args: {},
    what: "a legacy secret",
    before: { kms: "inproc" },
    appear: (daemon) => answers(daemon, "/v1/kms/envelope-coverage", { total: "1", legacy: "1" }),
  }],
  "call_api": [
    {
      args: {
        operation: "DeleteNetworkPolicy",
        parameters: { tenant: "alice" },
        "show_secrets": false,
      },
      what: "what a DELETE is about",
      before: {},
      appear: (daemon) => keepPolicy(daemon, "alice"),
    },
  ],
};
