/**
 * The example of each tool in `docs/tools.md`: a call, and the server's answer over a simulated
 * daemon. All calls are one story: each needs what earlier ones created.
 *
 * @module
 */
import { assert } from "@std/assert";
import { z } from "zod";
import { connectWithPolicy } from "../tests/with_policy.ts";
import { password, policy, site, startExampleWorld } from "./example_world.ts";
import { settled } from "./settled.ts";

type Arguments = Readonly<Record<string, unknown>>;

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPndzlUN6fW8WsRjT8aS0iHAIqqp8y+HIvYTxZ63PZdP";

const username = "alice";
/** Of the databases, with the host's clock standing still. */
const login = { user: "app", "password_secret": "DB_PASSWORD" };
const id = "alice-appdb-20261120T080000Z";

/** Calls, in order. `terminal_id` is filled in. */
export const exampleCalls: readonly (readonly [tool: string, args: Arguments])[] = [
  ["create_container", {
    username,
    cpu: "2",
    memory: "4GB",
    disk: "20GB",
    ssh_keys: [`${key} alice@laptop`],
  }],
  ["list_containers", { state: "running" }],
  ["get_container", { username }],
  ["resize_container", { username, memory: "8GB" }],
  ["update_container", { username, labels: { team: "web" }, auto_sleep_minutes: 30 }],
  ["cleanup_disk", { username }],
  ["get_metrics", { username }],
  ["get_system_info", {}],
  ["run_command", { username, command: "mkdir shop && echo 'services: {}' >shop/compose.yaml" }],
  ["manage_compose", { username, action: "find" }],
  ["run_command", { username, command: "echo hello >notes.txt; ls -1; exit 3" }],
  ["open_terminal", { username, cols: 60, rows: 5 }],
  ["send_to_terminal", { text: "wc -c notes.txt\r", wait_for: "6 notes" }],
  ["close_terminal", {}],
  ["get_logs", { username, unit: "nginx.service", lines: 5 }],
  ["add_ssh_key", { username, public_key: `${key} alice@desk`, places: ["host"] }],
  ["list_ssh_keys", { username }],
  ["remove_ssh_key", { username, key: "alice@laptop" }],
  ["sync_files", {
    username,
    local: site,
    remote: "~/site",
    exclude: ["*.bak"],
    then: "ls",
  }],
  ["fetch_files", { username, remote: "~/site", local: `${site}/copy` }],
  ["expose_port", { username, port: 3000, domain: "app" }],
  ["list_routes", {}],
  ["remove_route", { domain: "app", disable: true }],
  ["create_snapshot", { username, name: "before" }],
  ["list_snapshots", { username }],
  ["restore_snapshot", { username, name: "before" }],
  ["delete_snapshot", { username, name: "before" }],
  ["set_secret", { username, name: "API_KEY", value: "sk-9f86d081", deliver: "file" }],
  ["list_secrets", { username }],
  ["get_secret", { username, name: "API_KEY" }],
  ["delete_secret", { username, name: "API_KEY" }],
  ["add_collaborator", { username, collaborator: "bob", public_keys: [`${key} bob@laptop`] }],
  ["list_collaborators", { username }],
  ["remove_collaborator", { username, collaborator: "bob" }],
  ["get_audit_log", { action: "api_delete", limit: 3 }],
  ["revoke_token", { jti: "xnBgjALoqBnr3XppDGdX9Q" }],
  ["set_alert", {
    alert: "MemoryFull",
    expr: "system_memory_used_bytes / system_memory_total_bytes > 0.95",
    severity: "critical",
  }],
  ["list_alerts", {}],
  ["delete_alert", { alert: "MemoryFull" }],
  ["set_metrics_export", { enabled: false }],
  ["get_kms_status", {}],
  ["migrate_secrets", {}],
  ["list_templates", {}],
  ["create_from_recipe", { recipe: "ollama", username: "bob", gpu: "0" }],
  ["set_secret", { username, name: "DB_PASSWORD", value: password }],
  ["set_secret", { username: "bob", name: "DB_PASSWORD", value: password }],
  ["create_backup", { username, database: "appdb", ...login }],
  ["list_backups", { username }],
  ["verify_backup", { id, target: "bob", ...login }],
  ["restore_backup", { id, ...login, clean: true }],
  ["delete_backup", { id }],
  ["scan_container", { username }],
  ["list_findings", { username }],
  ["resolve_finding", { kind: "pentest", id: "1", action: "fix" }],
  ["install_scanner", { scanner: "nuclei" }],
  ["set_secret", { username, name: "SESSION_KEY", generate: 32 }],
  ["install_stack", { username, stack: "nodejs" }],
  ["create_containers", { usernames: ["ci-1", "ci-2"], template: "ci" }],
  ["get_quotas", {}],
  ["stop_containers", { labels: { team: "ci" } }],
  ["start_containers", { usernames: ["ci-*"] }],
  ["delete_containers", { labels: { team: "ci" }, expected_count: 2 }],
  ["stop_container", { username }],
  ["start_container", { username }],
  ["restart_container", { username }],
  ["delete_container", { username }],
  ["undelete_container", { username }],
  ["list_backends", {}],
  ["validate_gpu", {}],
  ["move_container", { username, backend: "far" }],
  ["search_api", { query: "SetNetworkPolicy" }],
  ["call_api", { operation: "ListACLPresets" }],
  ["provision_runners", { repo: "acme/shop", prefix: "ci" }],
  ["list_runners", { repo: "acme/shop" }],
  ["remove_runner", { username: "ci-1" }],
  ["list_agents", {}],
  ["run_agent", { agent: "hello-agent", input: "Say hello" }],
  ["call_agent", { agent: "hello-agent", input: '{"question": "Who are you?"}' }],
  ["delete_container", { username: "bob" }],
];

/** Tools that have an example. */
export const exemplified: readonly string[] = [...new Set(exampleCalls.map(([tool]) => tool))];

/** Makes every call, and returns the example of each tool for the page. Throws if a call fails. */
export async function runExamples(): Promise<ReadonlyMap<string, string>> {
  await using world = await startExampleWorld();
  await using host = await connectWithPolicy(world.daemon, policy, {}, world.env);
  const examples = new Map<string, string>();
  const addresses = new Map<string, string>();
  let terminal: Arguments = {};
  for (const [tool, given] of exampleCalls) {
    const args = /^(send_to|close)_terminal$/.test(tool) ? { ...terminal, ...given } : given;
    const answer = await host.session.call(tool, world.located(args));
    assert(!answer.isError, `${tool} failed: ${answer.text}`);
    if (tool === "open_terminal") {
      terminal = z.object({ terminal_id: z.string() }).parse(answer.structuredContent);
    }
    const text = settled(`→ ${tool} ${JSON.stringify(args)}\n\n${answer.text}`);
    examples.set(tool, renumbered(text, addresses));
  }
  return examples;
}

/**
 * Numbers addresses as they appear: concurrent creations get theirs in the order in which they reach the
 * daemon.
 */
function renumbered(text: string, known: Map<string, string>): string {
  return text.replaceAll(/\b10\.77\.0\.\d\d\b/g, (address) => {
    const number = known.get(address) ?? `10.77.0.${known.size + 12}`;
    known.set(address, number);
    return number;
  });
}
