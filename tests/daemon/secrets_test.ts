/** What the simulator's secrets leave inside a container. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Daemon, startDaemon } from "./mod.ts";

async function send(daemon: Daemon, method: string, path: string, body?: unknown): Promise<string> {
  const answer = await fetch(`${daemon.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${await daemon.token()}` },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return await answer.text();
}

const secrets = [
  { username: "alice", name: "KEY", value: "k\0cut" },
  { username: "alice", name: "CERT", value: "c", delivery: "file" },
  { username: "alice", name: "DB", value: "d", delivery: "compose" },
] as const;

Deno.test("A refresh puts secrets into the container, and a delete takes only compose's back", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }], secrets });
  assertEquals(daemon.delivered("alice"), { env: {}, files: {}, compose: {} });
  await send(daemon, "POST", "/v1/secrets/alice/refresh", {});
  const delivered = { env: { KEY: "k" }, files: { CERT: "c" }, compose: { DB: "d" } };
  assertEquals(daemon.delivered("alice"), delivered);
  for (const { name } of secrets) await send(daemon, "DELETE", `/v1/secrets/alice/${name}`);
  await send(daemon, "POST", "/v1/secrets/alice/refresh", {});
  assertEquals(daemon.delivered("alice"), { ...delivered, compose: {} });
});

Deno.test("A new container gets the secrets of an earlier one of its name", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }], secrets });
  await send(daemon, "DELETE", "/v1/containers/alice?force=true");
  const resources = { cpu: "1", memory: "1GB", disk: "5GB" };
  await send(daemon, "POST", "/v1/containers", { username: "alice", resources });
  assertEquals(daemon.delivered("alice").env, { KEY: "k" });
});

Deno.test("A secret named PATH keeps its container from starting", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", state: "CONTAINER_STATE_STOPPED" }],
    secrets: [{ username: "alice", name: "PATH", value: "/nowhere" }],
  });
  assertStringIncludes(
    await send(daemon, "POST", "/v1/containers/alice/start", {}),
    "failed to start container after env update",
  );
  assertEquals(daemon.state("alice"), "CONTAINER_STATE_STOPPED");
});

Deno.test("A dry run of the migration that has no end is given up with the daemon", async () => {
  const daemon = await startDaemon({ kms: "inproc", secrets: [{ ...secrets[0], legacy: true }] });
  const hold = daemon.hold("POST");
  const sent = send(daemon, "POST", "/v1/kms/migrate-to-envelope", { dryRun: true })
    .catch(() => "no answer");
  await hold.reached;
  hold.release();
  await daemon.close();
  assertEquals(await sent, "no answer");
});
