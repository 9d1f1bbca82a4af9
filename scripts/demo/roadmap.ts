/** The demo's last part: many at once, snapshots, templates and quotas, in one go. @module */
import type { Daemon } from "../../tests/daemon/mod.ts";
import { makeTempFolder } from "../../tests/temp.ts";
import { connectWithPolicy } from "../../tests/with_policy.ts";
import { answered, call, explained, refused } from "./voice.ts";

const policy = {
  templates: {
    ci: {
      description: "A runner",
      cpu: "1",
      memory: "1GB",
      disk: "10GB",
      labels: { team: "ci" },
      post_create: ["mkdir work; echo ready >work/state"],
    },
  },
  quotas: { teams: { ci: { containers: 3, cpu: 3 } } },
  "delete_grace": "24h",
};

/** Of the database in one of the containers. */
export const password = "correct-horse";

/** Template → bulk create → command → logs → snapshot → break it → restore → refusal → bulk delete. */
export async function walkTheRoadmap(daemon: Daemon): Promise<void> {
  await explained(
    "The same with a policy file (--config): a template, a quota for its team, and a grace for deletes.",
  );
  await answered(JSON.stringify(policy));
  await using host = await connectWithPolicy(daemon, policy);
  const server = host.session;
  const username = "ci-1";

  await explained("Two from the template, at once.");
  await call(server, "create_containers", { usernames: [username, "ci-2"], template: "ci" });
  await call(server, "run_command", { username, command: "cat work/state" });
  await call(server, "get_logs", { username, lines: 1 });

  await explained("A folder of this machine, without SSH (--toolsets default,files).");
  await using site = await makeTempFolder();
  await site.write("index.html", "<h1>Hello</h1>");
  const { path: local } = site;
  await call(server, "sync_files", { username, local, remote: "~/site", then: "ls" });

  await explained("Take a snapshot, break something, go back.");
  await call(server, "create_snapshot", { username, name: "before" });
  await call(server, "run_command", { username, command: "rm -r work; ls" });
  await call(server, "restore_snapshot", { username, name: "before" });
  await call(server, "run_command", { username, command: "cat work/state" });

  await explained("Back a database up: the password goes from the secret to the daemon only.");
  await call(server, "set_secret", { username, name: "DB_PASSWORD", value: password });
  const login = { user: "app", "password_secret": "DB_PASSWORD" };
  await call(server, "create_backup", { username, database: "appdb", ...login });

  await explained("The toolset admin: alert somebody, and see who did what.");
  const expr = "system_memory_used_bytes / system_memory_total_bytes > 0.95";
  await call(server, "set_alert", { alert: "MemoryFull", expr });
  await call(server, "get_audit_log", { action: "api_post", resource: "alerts" });

  await explained("Two more are one too many for the team.");
  await refused(server, "create_containers", { usernames: ["ci-3", "ci-4"], template: "ci" });
  await call(server, "get_quotas");

  await explained("A delete that was a mistake.");
  await call(server, "delete_container", { username: "ci-2" });
  await call(server, "list_containers", { labels: { team: "ci" } });
  await call(server, "undelete_container", { username: "ci-2" });

  await explained("All of them go for good, by their label.");
  const selected = { labels: { team: "ci" }, permanently: true };
  await call(server, "delete_containers", { ...selected, dry_run: true });
  await call(server, "delete_containers", { ...selected, expected_count: 2 });
}
