/** What outlives a container in the simulator, and what a new one of its name inherits. @module */

import { assertEquals } from "@std/assert";
import { type Daemon, startDaemon } from "./mod.ts";

async function send(daemon: Daemon, method: string, path: string, body?: unknown) {
  const answer = await fetch(`${daemon.url}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${await daemon.token()}` },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const value: Record<string, unknown> = JSON.parse(await answer.text());
  return value;
}

/** How many there are under that key. */
async function count(daemon: Daemon, path: string, key: string): Promise<number> {
  const value = (await send(daemon, "GET", path))[key];
  return Array.isArray(value) ? value.length : 0;
}

Deno.test("Passthrough rules, secrets, collaborators, policies and backups outlive a container; routes do not", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", ipAddress: "10.77.0.5" }],
    secrets: [{ username: "alice", name: "KEY", value: "x" }],
    routes: [{ domain: "web", targetIp: "10.77.0.5", targetPort: 80 }],
  });
  const target = { targetIp: "10.77.0.5", targetPort: 80 };
  const sshPublicKeys = [
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGVnZ2VnZ2VnZ2VnZ2VnZ2VnZ2VnZ2VnZ2VnZ2VnZ2Vn t@x",
  ];
  await send(daemon, "POST", "/network/passthrough", { externalPort: 15_000, ...target });
  await send(daemon, "POST", "/containers/alice/collaborators", {
    collaboratorUsername: "amy",
    sshPublicKeys,
  });
  await send(daemon, "POST", "/network-policies", { policy: { tenant: "alice" } });
  daemon.backUp("alice", "appdb");
  await send(daemon, "DELETE", "/containers/alice?force=true");
  const left = {
    passthrough: await count(daemon, "/network/passthrough", "routes"),
    secrets: await count(daemon, "/secrets/alice", "secrets"),
    collaborators: await count(daemon, "/containers/alice/collaborators", "collaborators"),
    policies: await count(daemon, "/network-policies", "policies"),
    backups: await count(daemon, "/backups?username=alice", "records"),
    routes: await count(daemon, "/network/routes", "routes"),
  };
  assertEquals(left, {
    passthrough: 1,
    secrets: 1,
    collaborators: 1,
    policies: 1,
    backups: 1,
    routes: 0,
  });
});
