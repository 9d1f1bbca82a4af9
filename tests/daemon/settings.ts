/** TTL, delete policy, auto-sleep, and cleaning a disk. @module */

import { checkTtl } from "./admission.ts";
import { requireScope, requireTenant } from "./auth.ts";
import { type Container, writeContainer } from "./container.ts";
import { hereOrOnPeer, passOnUnseen } from "./peers.ts";
import { choice, flag, integer, text } from "./protojson.ts";
import type { Call, Route } from "./route.ts";

/** TTL, delete policy, auto-sleep, and cleaning a disk. */
export const settingsRoutes: readonly Route[] = [
  { method: "POST", pattern: "/v1/containers/{name}/ttl", since: "0.67.0", handle: setTtl },
  {
    method: "POST",
    pattern: "/v1/containers/{name}/delete-policy",
    since: "0.67.0",
    handle: setDeletePolicy,
  },
  {
    method: "POST",
    pattern: "/v1/containers/{username}/auto-sleep",
    since: "0.67.0",
    handle: setAutoSleep,
  },
  {
    method: "POST",
    pattern: "/v1/containers/{username}/cleanup-disk",
    since: "0.67.0",
    handle: cleanUpDisk,
  },
];

const deletePolicies = ["DELETE_POLICY_UNSPECIFIED", "DELETE_POLICY_PROTECTED"];
const ttlFields = { name: text, durationSeconds: integer("int64") };
const policyFields = { name: text, deletePolicy: choice(deletePolicies) };
const autoSleepFields = { username: text, enabled: flag, idleThresholdMinutes: integer("int32") };

function owned(call: Call, name: string): Container {
  requireTenant(call.caller, call.param(name));
  return call.world.store.demandOr404(call.param(name));
}

function setTtl(call: Call): unknown {
  const { durationSeconds } = call.body(ttlFields);
  requireScope(call.caller, "containers:write");
  requireTenant(call.caller, call.param("name"));
  checkTtl(durationSeconds);
  const container = owned(call, "name");
  container.ttlExpiresAt = durationSeconds === 0
    ? null
    : new Date(Date.now() + durationSeconds * 1000).toISOString();
  return { ttlExpiresAt: container.ttlExpiresAt };
}

function setDeletePolicy(call: Call): unknown {
  const { deletePolicy } = call.body(policyFields);
  requireScope(call.caller, "containers:write");
  const container = owned(call, "name");
  container.deletePolicy = deletePolicy;
  return { deletePolicy };
}

function setAutoSleep(call: Call): unknown {
  const { enabled, idleThresholdMinutes } = call.body(autoSleepFields);
  requireScope(call.caller, "containers:write");
  const container = owned(call, "username");
  container.autoSleepEnabled = enabled;
  if (idleThresholdMinutes > 0) container.idleThresholdMinutes = idleThresholdMinutes;
  return {
    message: enabled
      ? `auto-sleep enabled at ${container.idleThresholdMinutes}m`
      : "auto-sleep disabled",
    autoSleepEnabled: enabled,
    idleThresholdMinutes: container.idleThresholdMinutes,
  };
}

function cleanUpDisk(call: Call): Promise<unknown> {
  call.body({ username: text });
  const username = call.param("username");
  requireTenant(call.caller, username);
  return hereOrOnPeer(call, username, () => cleanUpHere(call), async (peer, no) => {
    await passOnUnseen(call, peer, no, `/v1/containers/${username}/cleanup-disk`, {});
    // It cannot read the number, which is a string.
    return { message: `Disk cleaned on backend ${peer.id}`, freedBytes: "0", container: null };
  });
}

function cleanUpHere({ world, param }: Call): unknown {
  const container = world.store.demand(
    param("username"),
    "failed to clean up disk: container not found: failed to get container",
  );
  const freed = container.state === "CONTAINER_STATE_RUNNING" ? container.cleanableBytes : 0;
  container.cleanableBytes -= freed;
  const said = freed === 0 ? "0 B" : `${(freed / 2 ** 20).toFixed(1)} MB`;
  return {
    message: `Cleaned temp files, package cache, and trimmed journal logs. Freed ${said}.`,
    freedBytes: String(freed),
    container: writeContainer(container, "brief", world),
  };
}
