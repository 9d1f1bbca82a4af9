/**
 * No tool destroys anything of a container that was re-created under the same name, nor anything that appears
 * after it had nothing to ask about.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../client/mod.ts";
import { removeRunner } from "../../tools/runners/remove_runner.ts";
import { restoreSnapshot } from "../../tools/snapshots/restore_snapshot.ts";
import { registry } from "../../tools/toolsets.ts";
import { clientOf } from "../client/connect.ts";
import { ed25519Of } from "../client/ssh_keys/make_key.ts";
import type { ContainerSeed, Daemon } from "../daemon/mod.ts";
import { startTwoHosts } from "../two_hosts.ts";
import { changedBetween } from "./between.ts";
import { contextOf } from "./context.ts";
import { lateCases } from "./late_cases.ts";
import { testWithPty } from "../with_pty.ts";

const alice: ContainerSeed = {
  username: "alice",
  createdAt: new Date("2026-01-01T00:00:00Z"),
  snapshots: ["old", "new"],
  deleteAfterStoppedSeconds: 60,
  ttlSeconds: 3600,
};

/** A call of each tool that would destroy something of alice's container. */
const calls: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "delete_container": { username: "alice" },
  "stop_container": { username: "alice" },
  "restart_container": { username: "alice" },
  "resize_container": { username: "alice", disk: "1GB", "allow_shrink": true },
  "cleanup_disk": { username: "alice" },
  "update_container": { username: "alice", ttl: "1m" },
  "restore_snapshot": { username: "alice", name: "old", "discard_newer": true },
  "delete_snapshot": { username: "alice", name: "old" },
  "delete_containers": { usernames: ["alice"] },
  "stop_containers": { usernames: ["alice"] },
  "move_container": { username: "alice", backend: "far" },
  "add_collaborator": {
    username: "alice",
    collaborator: "bob",
    "public_keys": [`${ed25519Of(new Uint8Array(32).fill(7))} bob@laptop`],
    sudo: true,
  },
};

/**
 * Tools that ask about something other than a container: see `remove_ssh_key removes no key but …`,
 * `call_api does nothing to what was replaced …` and the like of each.
 */
const others = [
  "manage_compose",
  "sync_files",
  "fetch_files",
  "remove_ssh_key",
  "expose_port",
  "remove_route",
  "get_secret",
  "set_secret",
  "delete_secret",
  "call_api",
  "create_backup",
  "restore_backup",
  "verify_backup",
  "delete_backup",
  "resolve_finding",
  "revoke_token",
  "remove_collaborator",
  "set_alert",
  "delete_alert",
  "set_metrics_export",
  "migrate_secrets",
  "run_agent",
  "remove_runner",
];

const consenting = registry.filter(({ consent, reach }) =>
  consent !== undefined && reach !== "shell"
);

Deno.test("every tool that can lose something is tested here, and every destructive tool asks", () => {
  assertEquals(
    consenting.map(({ name }) => name).sort(),
    [...Object.keys(calls), ...others].sort(),
  );
  assertEquals(
    consenting.map(({ name }) => name).sort(),
    Object.keys(lateCases).sort(),
    "tests/tools/late_cases.ts has a call of each",
  );
  const unasked = registry.filter(({ effect, consent }) => effect === "destroy" && !consent);
  assertEquals(unasked.map(({ name }) => name), []);
});

for (const tool of consenting.filter(({ name }) => !others.includes(name))) {
  const args = calls[tool.name] ?? {};

  Deno.test(`${tool.name} destroys nothing of a container that was re-created`, async () => {
    await using hosts = await startTwoHosts({ containers: [alice], zfs: true });
    using client = await clientOf(hosts.near);
    const { question, answer, refusal } = await changedBetween(
      tool,
      args,
      contextOf(client),
      () => hosts.near.replace({ ...alice, createdAt: new Date() }),
    );
    assertEquals(question === undefined, false, "it would not even ask");
    const rows = Array.isArray(answer?.containers) ? answer.containers : [];
    assertEquals(
      [refusal?.reason ?? "changed_since_agreed", rows.filter(({ result }) => result === "done")],
      ["changed_since_agreed", []],
    );
    const writes = hosts.near.requests.filter(({ method }) => method !== "GET");
    assertEquals(writes.map(({ method, path }) => `${method} ${path}`), []);
  });

  Deno.test(`${tool.name} does what was agreed to`, async () => {
    await using hosts = await startTwoHosts({ containers: [alice], zfs: true });
    using client = await clientOf(hosts.near);
    const { refusal } = await changedBetween(tool, args, contextOf(client), () => {});
    assertEquals(refusal?.message, undefined);
    assertEquals(hosts.near.requests.some(({ method }) => method !== "GET"), true);
  });
}

/** What was sent that may have changed something. */
function writesOf(daemon: Daemon, from: number): readonly string[] {
  return daemon.requests.slice(from).filter(({ method }) => method !== "GET")
    .map(({ method, path }) => `${method} ${path}`);
}

Deno.test("a tool without a late case has always something to ask about, or fails", async () => {
  const without = Object.keys(lateCases).filter((name) => lateCases[name]?.length === 0);
  // A revoked token stays revoked: nothing to ask about appears.
  assertEquals(without, ["remove_runner", "restore_snapshot", "revoke_token"]);
  await using hosts = await startTwoHosts({ containers: [alice], zfs: true });
  using client = await clientOf(hosts.near);
  const args = restoreSnapshot.input.parse({ username: "alice", name: "gone" });
  await assertRejects(
    async () => await restoreSnapshot.consent?.(args, contextOf(client)),
    ContainariumError,
    "no snapshot",
  );
  await assertRejects(
    async () => await removeRunner.consent?.({ username: "nobody" }, contextOf(client)),
    ContainariumError,
    "There is no container for nobody",
  );
});

for (const tool of consenting) {
  for (const { what, args, before, appear, needsShell } of lateCases[tool.name] ?? []) {
    const test = needsShell ? testWithPty : Deno.test;

    test(`${tool.name} with nothing to ask about does nothing to what appears then: ${what}`, async () => {
      const options = { zfs: true, ...(needsShell ? { shell: {} } : {}), ...before };
      await using asked = await startTwoHosts(options);
      using admin = await clientOf(asked.near);
      await appear(asked.near, admin);
      const request = await tool.consent?.(tool.input.parse(args), contextOf(admin));
      assertEquals(request?.question === undefined, false, "it would not even ask");

      await using hosts = await startTwoHosts(options);
      using client = await clientOf(hosts.near);
      let from = 0;
      const { question, answer, refusal } = await changedBetween(
        tool,
        args,
        contextOf(client),
        async () => {
          await appear(hosts.near, client);
          from = hosts.near.requests.length;
        },
      );
      assertEquals(question, undefined, "there is something to ask about already");
      assertEquals(writesOf(hosts.near, from), []);
      const shown = JSON.stringify(answer ?? "");
      assertEquals(shown.includes("s3cr3t-value"), false, "it is shown");
      const reason = refusal === undefined ? "changed_since_agreed" : refusal.reason ?? "";
      assertEquals(["changed_since_agreed", "route_taken"].includes(reason), true, reason);
    });
  }
}
