/** Moving a container to a peer. Texts that are Incus's own are the simulator's. @module */

import { requireAdmin } from "./auth.ts";
import { type Container, fromSeed } from "./container.ts";
import { containariumShell, isHostUsername } from "./host_accounts.ts";
import { type Peer, PeerSilent } from "./peers.ts";
import { flag, integer, text, texts } from "./protojson.ts";
import { goError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import { notFoundText } from "./store.ts";
import type { World } from "./world.ts";

/** Moving, and what the daemon that it goes to is asked for. */
export const moveRoutes: readonly Route[] = [
  {
    method: "POST",
    pattern: "/v1/containers/{username}/move",
    since: "0.67.0",
    handle: moveContainer,
  },
  {
    method: "POST",
    pattern: "/v1/containers/{username}/adopt",
    since: "0.67.0",
    handle: adoptContainer,
  },
];

const moveFields = {
  username: text,
  targetBackendId: text,
  maxIterations: integer("int32"),
  deltaThresholdSeconds: integer("int32"),
  stateful: flag,
};
const adoptFields = { username: text, sourceRoutes: texts };

async function moveContainer(call: Call): Promise<unknown> {
  const { world, caller, param } = call;
  const { targetBackendId, maxIterations } = call.body(moveFields);
  requireAdmin(caller);
  const username = param("username");
  const peer = targetOf(targetBackendId, world);
  const there = peer.world;
  if (there === undefined) throw copyFailed("connection refused");
  const source = world.store.find(username);
  if (source === undefined) {
    throw goError("phase 1: snapshot: incus snapshot: Error: Instance not found");
  }
  if (there.store.find(username) !== undefined) throw copyFailed("Instance already exists");
  const wasStopped = source.state === "CONTAINER_STATE_STOPPED";
  there.store.add(copyOf(source, there));
  await world.pace.through("moving", username, world.delays.moveMs);
  if (!wasStopped) world.store.setStopped(source);
  await world.store.emptied();
  const newIpAddress = await adoptOn(peer, call, username).catch((error: unknown) => {
    if (!wasStopped) world.store.setRunning(source);
    throw error;
  });
  world.store.remove(source);
  world.hostAccounts.delete(username);
  return {
    message: `Container ${username} migrated to ${peer.id} (downtime 0s)`,
    newIpAddress,
    targetBackendId: peer.id,
    // The first copy, one round that takes no time, and the last.
    iterationsRun: maxIterations < 0 ? 2 : 3,
    downtimeSeconds: 0,
  };
}

function targetOf(id: string, { cluster }: World): Peer {
  if (id === "") throw goError("target_backend_id is required");
  if (cluster === undefined) {
    throw goError(
      "peer pool not configured; multi-backend support is disabled on this daemon",
    );
  }
  if (id === cluster.backendId) {
    throw goError("cannot move container to its own backend (target_backend_id matches local)");
  }
  const peer = cluster.peers.find((one) => one.id === id);
  if (peer === undefined) throw goError(`target backend "${id}" not found in peer pool`);
  return peer;
}

function copyFailed(reason: string): Error {
  return goError(`phase 1: initial copy: incus copy: Error: ${reason}`);
}

/** What Incus sends over: all but where it is and whether it runs. */
function copyOf(source: Container, { store }: World): Container {
  const { username, image, osType } = source;
  return {
    ...fromSeed(
      { username, image, osType, state: "CONTAINER_STATE_STOPPED" },
      store.nextIpAddress(),
    ),
    cpu: source.cpu,
    memory: source.memory,
    disk: source.disk,
    labels: new Map(source.labels),
    sshKeys: source.sshKeys,
    deletePolicy: source.deletePolicy,
  };
}

async function adoptOn(peer: Peer, call: Call, username: string): Promise<string> {
  const path = `/v1/containers/${username}/adopt`;
  const body = { username, "source_routes": [] };
  try {
    const reply = await peer.request("POST", path, call.authorization, body);
    if (reply.status >= 400) {
      throw goError(
        `phase 3: adopt on target: peer adopt RPC returned ${reply.status}: ${reply.text}`,
      );
    }
    const { newIpAddress }: { newIpAddress: string } = JSON.parse(reply.text);
    return newIpAddress;
  } catch (error) {
    if (!(error instanceof PeerSilent)) throw error;
    throw goError(`phase 3: adopt on target: peer adopt RPC: ${error.message}`);
  }
}

function adoptContainer(call: Call): unknown {
  const { world, caller, param } = call;
  call.body(adoptFields);
  requireAdmin(caller);
  const username = param("username");
  const container = world.store.find(username);
  if (container === undefined) {
    throw goError(
      `start adopted container: incus start ${username}-container: exit status 1\nOutput: Error: ${
        notFoundText(username)
      }\n`,
    );
  }
  world.store.setRunning(container);
  if (isHostUsername(username)) {
    world.hostAccounts.set(username, { shell: containariumShell, keys: container.sshKeys });
  }
  return {
    message: `Container ${username}-container adopted`,
    newIpAddress: container.ipAddress,
  };
}
