/** Permissions of the real process: each tool needs only those that are shipped. */
import { assertEquals } from "@std/assert";
import { z } from "zod";
import { registry } from "../../tools/toolsets.ts";
import { inPackage } from "../client/security/scan_fixture.ts";
import { connectProcess } from "../connect.ts";
import { whyNoPty } from "../daemon/mod.ts";
import { unless } from "../needs.ts";
import { readRecord } from "../record.ts";
import { makeTempFolder } from "../temp.ts";
import { startRunnerWorld } from "../github/runner_box.ts";
import { startTwoHosts } from "../two_hosts.ts";

const username = "alice";
const publicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPndzlUN6fW8WsRjT8aS0iHAIqqp8y+HIvYTxZ63PZdP alice@laptop";

/** Of a database, with the host's clock standing still. */
const id = "alice-app-20260101T000000Z";
const login = { user: "app", "password_secret": "DB_PASSWORD" };
const withDatabase = ["alice", "b"].map((username) => ({
  username,
  user: "app",
  password: "s3cr3t-value",
  databases: { app: 1 },
}));

/** Arguments with which each tool succeeds, in this order. */
const calls: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ["create_container", { username }],
  ["create_containers", { usernames: ["b", "c"] }],
  ["list_containers", {}],
  ["get_container", { username, diagnose: true }],
  ["get_metrics", { username }],
  ["get_system_info", {}],
  ["get_quotas", {}],
  ["list_backends", {}],
  ["list_templates", {}],
  ["cleanup_disk", { username }],
  ["search_api", { query: "backups" }],
  ["call_api", { operation: "ListBackups" }],
  ["run_command", { username, command: "id" }],
  ["open_terminal", { username }],
  ["send_to_terminal", { text: "echo he''llo\r", wait_for: "/he[l]lo/" }],
  ["close_terminal", {}],
  ["get_logs", { username }],
  ["sync_files", { username, delete: true, then: "ls" }],
  ["fetch_files", { username, remote: "~/work" }],
  ["list_ssh_keys", { username }],
  ["add_ssh_key", { username, public_key: publicKey }],
  ["remove_ssh_key", { username, key: "alice@laptop" }],
  ["create_snapshot", { username, name: "before" }],
  ["list_snapshots", { username }],
  ["restore_snapshot", { username, name: "before" }],
  ["delete_snapshot", { username, name: "before" }],
  ["install_stack", { username, stack: "nodejs" }],
  ["create_from_recipe", { username: "d", recipe: "web" }],
  ["expose_port", { username, port: 3000, domain: "web" }],
  ["list_routes", {}],
  ["remove_route", { domain: "web" }],
  ["set_secret", { username, name: "API_KEY", generate: 32 }],
  ["list_secrets", { username }],
  ["get_secret", { username, name: "API_KEY" }],
  ["delete_secret", { username, name: "API_KEY" }],
  ["create_backup", { username, database: "app", ...login }],
  ["list_backups", { username }],
  ["verify_backup", { id, target: "b", ...login }],
  ["restore_backup", { id, ...login, clean: true }],
  ["delete_backup", { id }],
  ["scan_container", { username }],
  ["list_findings", { username }],
  ["resolve_finding", { kind: "pentest", id: "1", action: "fix" }],
  ["install_scanner", { scanner: "trivy" }],
  ["add_collaborator", { username, collaborator: "bob", public_keys: [publicKey] }],
  ["list_collaborators", { username }],
  ["remove_collaborator", { username, collaborator: "bob" }],
  ["get_audit_log", {}],
  ["revoke_token", { jti: "lost-laptop" }],
  ["set_alert", { alert: "HostDown", expr: "up == 0" }],
  ["list_alerts", {}],
  ["delete_alert", { alert: "HostDown" }],
  ["set_metrics_export", { enabled: false }],
  ["get_kms_status", {}],
  ["migrate_secrets", {}],
  ["manage_compose", { username, action: "find" }],
  ["provision_runners", { repo: "acme/shop", prefix: "ci" }],
  ["list_runners", {}],
  ["remove_runner", { username: "ci-1" }],
  ["list_agents", {}],
  ["run_agent", { agent: "hello-agent" }],
  ["call_agent", { agent: "hello-agent", input: "hi" }],
  ["stop_container", { username }],
  ["start_container", { username }],
  ["restart_container", { username }],
  ["resize_container", { username, cpu: "2" }],
  ["update_container", { username, labels: { team: "web" } }],
  ["validate_gpu", {}],
  ["move_container", { username, backend: "far" }],
  ["stop_containers", { usernames: ["b", "c"] }],
  ["start_containers", { usernames: ["b", "c"] }],
  ["delete_containers", { usernames: ["b", "c"], expected_count: 2 }],
  ["delete_container", { username: "d" }],
  ["undelete_container", { username }],
];

/** Tools that reach into a container, through a terminal. */
const inside = /terminal|run_command|get_logs|ssh_key|compose|runner|_files/;

Deno.test("permissions are tested with every tool", () => {
  const names = calls.map(([name]) => name);
  assertEquals(names.sort(), registry.map(({ name }) => name).sort(), "Add the call of a new tool");
});

Deno.test("every tool stays within the permissions that are shipped", async (t) => {
  const lacking = await whyNoPty();
  await using world = await startRunnerWorld();
  const { env, github, programs } = world;
  await using hosts = await startTwoHosts({
    zfs: true,
    recipes: [{ id: "web" }],
    postgresBoxes: withDatabase,
    secrets: withDatabase.map(({ username, password: value }) => ({
      username,
      name: "DB_PASSWORD",
      value,
    })),
    coreServices: ["security", "victoriametrics"],
    findings: [inPackage],
    clock: () => Date.parse("2026-01-01T00:00:00Z"),
    kms: "inproc",
    ...(lacking === undefined ? { shell: { programs } } : {}),
  });
  // The audit of the process's permissions fails the test at the end of the session.
  await using folder = await makeTempFolder();
  const record = `${folder.path}/record.jsonl`;
  const args = ["--audit", record, "--toolsets", "all"];
  const local = `${folder.path}/site`;
  await Deno.mkdir(local);
  await Deno.writeTextFile(`${local}/index.html`, "<h1>Hello</h1>");
  const options = { args, env, net: [github.host], read: [local], write: [record, local] };
  await using server = await connectProcess(hosts.near, options);
  let terminal = {};
  for (const [name, args] of calls) {
    await t.step({
      ...unless(inside.test(name) ? lacking : undefined, name),
      fn: async () => {
        const given = {
          ...args,
          .../^(send_to|close)_terminal$/.test(name) ? terminal : {},
          .../_files$/.test(name) ? { local } : {},
        };
        const { isError, text, structuredContent } = await server.call(name, given);
        assertEquals(isError, false, text);
        if (name !== "open_terminal") return;
        terminal = z.object({ terminal_id: z.string() }).parse(structuredContent);
      },
    });
  }
  await t.step({
    ...unless(lacking, "and each change is recorded, with its end"),
    fn: async () => {
      const entries = readRecord(await Deno.readTextFile(record));
      const called = new Set(calls.map(([name]) => name));
      const changing = registry.filter(({ name, effect }) => effect !== "read" && called.has(name))
        .map(({ name }) => name);
      const ended = entries.filter(({ event, outcome }) => event === "ended" && outcome === "ok");
      const names = new Set(ended.map(({ tool }) => tool));
      assertEquals(changing.filter((name) => !names.has(name)), []);
    },
  });
});
