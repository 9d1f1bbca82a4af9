/**
 * Forty calls that a model makes on a usual day: look around, create and set up a container, run and fix
 * something in it, take a snapshot, clean up.
 *
 * @module
 */
import { assert } from "@std/assert";
import type { CallResult, Session } from "../connect.ts";
import { type Daemon, startDaemon } from "../daemon/mod.ts";

type Call = readonly [tool: string, args?: Readonly<Record<string, unknown>>];

const key =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHnkwGtrLkdTPwG7yhOW4NTJ1gQq2n2tW1eUZ1Yc1eYh alice";
const alice = { username: "alice" };
const bob = { username: "bob" };
const run = (command: string): Call => ["run_command", { ...alice, command }];

/** The calls, in order. */
export const usualDay: readonly Call[] = [
  ["get_system_info"],
  ["list_containers"],
  ["get_logs", { ...bob, lines: 3 }],
  ["get_container", bob],
  ["get_metrics"],
  ["create_container", { ...alice, cpu: "1", ssh_keys: [key] }],
  run("true"),
  run("echo 20 >/dev/null; echo ready"),
  run("nonsense-command"),
  run("printf '%s\\n' one two three"),
  run("cat /etc/hostname >/dev/null"),
  ["get_logs", { ...alice, lines: 5 }],
  ["create_snapshot", { ...alice, name: "before" }],
  run("touch changed"),
  ["get_logs", { ...alice, unit: "nginx", lines: 5 }],
  ["get_metrics", alice],
  ["get_container", alice],
  ["list_snapshots", alice],
  ["restore_snapshot", { ...alice, name: "before" }],
  run("echo back"),
  ["stop_container", bob],
  ["start_container", bob],
  ["start_container", bob],
  ["resize_container", { ...alice, cpu: "2" }],
  ["update_container", { ...alice, labels: { team: "dev" } }],
  ["list_containers", { labels: { team: "dev" } }],
  ["list_ssh_keys", alice],
  ["get_container", { username: "alise" }],
  run("sleep 0"),
  run("echo done"),
  ["get_quotas"],
  ["create_container", { username: "carol" }],
  ["create_container", { username: "carol" }],
  ["stop_containers", { usernames: ["bob", "carol"] }],
  ["start_containers", { usernames: ["bob", "carol"] }],
  ["get_metrics", { sort: "memory", limit: 2 }],
  ["delete_snapshot", { ...alice, name: "before" }],
  ["delete_container", { username: "carol" }],
  ["delete_container", { username: "carol" }],
  ["list_containers"],
];

/** Starts a daemon with the containers of that day. */
export function startUsualDaemon(): Promise<Daemon> {
  const createdAt = new Date("2026-11-20T12:00:00Z");
  return startDaemon({
    cpus: 8,
    zfs: true,
    shell: {},
    containers: ["bob", "dora", "emil", "finn"].map((username) => ({
      username,
      createdAt,
      labels: { team: "dev" },
    })),
  });
}

/** Makes the calls. */
export async function liveUsualDay(session: Session): Promise<readonly CallResult[]> {
  const results: CallResult[] = [];
  for (const [tool, args] of usualDay) results.push(await session.call(tool, args));
  assert(results.length === usualDay.length);
  return results;
}
