/** Start, stop and resize. @module */

import { AuditLog } from "./audit_log.ts";
import { requireScope, requireTenant } from "./auth.ts";
import { type Busy, type Container, writeContainer } from "./container.ts";
import { requiredUsername } from "./containers.ts";
import { Listening } from "./listening.ts";
import { RouteTable } from "./route_table.ts";
import { hereOrOnPeer, passOn, passOnUnseen } from "./peers.ts";
import { flag, integer, text } from "./protojson.ts";
import { goError } from "./reply.ts";
import { diskProblem, memoryProblem, readCpu } from "./resources.ts";
import type { Call, Route } from "./route.ts";
import { deliverSecrets, refuseBrokenEnvironment, SecretStore } from "./secrets.ts";
import { notFoundText } from "./store.ts";
import type { World } from "./world.ts";

/** Start, stop and resize. */
export const lifeCycleRoutes: readonly Route[] = [
  {
    method: "POST",
    pattern: "/v1/containers/{username}/start",
    implementedSince: "0.67.0",
    handle: startContainer,
  },
  {
    method: "POST",
    pattern: "/v1/containers/{username}/stop",
    implementedSince: "0.67.0",
    handle: stopContainer,
  },
  {
    method: "PUT",
    pattern: "/v1/containers/{username}/resize",
    since: "0.67.0",
    handle: resizeContainer,
  },
];

const startFields = { username: text, waitForReady: flag, readyTimeoutSeconds: integer("int32") };
const stopFields = { username: text, force: flag, timeout: integer("int32") };
const resizeFields = { username: text, cpu: text, memory: text, disk: text };

function startContainer(call: Call): Promise<unknown> {
  const { waitForReady, readyTimeoutSeconds } = call.body(startFields);
  const username = writable(call);
  return hereOrOnPeer(
    call,
    username,
    () => startHere(call.world, username, waitForReady ? readyTimeoutSeconds : undefined),
    async (peer, no) => {
      const path = `/v1/containers/${username}/start`;
      await passOnUnseen(call, peer, no, path, { waitForReady, readyTimeoutSeconds });
      return {
        message: `Container for user ${username} started on backend ${peer.id}`,
        container: null,
        readyTimedOut: false,
      };
    },
  );
}

async function startHere(
  world: World,
  username: string,
  readyTimeoutSeconds: number | undefined,
): Promise<unknown> {
  const { store, pace, delays } = world;
  const container = store.demand(username, "failed to start container: failed to start container");
  refuseBusy(container, "start");
  if (container.state !== "CONTAINER_STATE_STOPPED") {
    throw refused("start", "The instance is already running");
  }
  deliverSecrets(container, world);
  refuseBrokenEnvironment(container);
  container.busy = "start";
  await pace.through("starting", username, delays.startMs);
  container.busy = undefined;
  store.setRunning(container);
  world.area(AuditLog).addContainer("STARTED", container);
  if (readyTimeoutSeconds !== undefined && isSlowToDeliver(container, world)) {
    return await waitForPort(container, world, readyTimeoutSeconds);
  }
  // It answers before the container has its address, and so looks at no port.
  const answered = { ...container, ipAddressFromMs: undefined };
  return {
    message: `Container for user ${username} started successfully`,
    container: writeContainer(answered, "brief", world),
    readyTimedOut: false,
  };
}

/** Delivering many secrets takes so long that the address is there before the answer. */
function isSlowToDeliver(container: Container, world: World): boolean {
  const files = world.area(SecretStore).list(container.username)
    .filter(({ delivery }) => delivery === "file");
  return files.length >= 20;
}

async function waitForPort(
  container: Container,
  world: World,
  readyTimeoutSeconds: number,
): Promise<unknown> {
  const { username, ipAddress } = container;
  const port = world.area(RouteTable).list()
    .find(({ containerName }) => containerName === `${username}-container`)?.targetPort;
  container.ipAddressFromMs = 0;
  const listens = port === undefined || world.area(Listening).at(ipAddress, port) !== undefined;
  const seconds = readyTimeoutSeconds > 0 ? readyTimeoutSeconds : 30;
  if (!listens) await world.pace.sleep(seconds * world.delays.readySecondMs);
  const how = listens ? "started successfully" : "started but readiness probe timed out";
  return {
    message: `Container for user ${username} ${how}`,
    container: writeContainer(container, "brief", world),
    readyTimedOut: !listens,
  };
}

function stopContainer(call: Call): Promise<unknown> {
  const { force } = call.body(stopFields);
  const username = writable(call);
  return hereOrOnPeer(
    call,
    username,
    () => stopHere(call.world, username, force),
    async (peer, no) => {
      await passOnUnseen(call, peer, no, `/v1/containers/${username}/stop`, { force });
      return {
        message: `Container for user ${username} stopped on backend ${peer.id}`,
        container: null,
      };
    },
  );
}

async function stopHere(world: World, username: string, force: boolean): Promise<unknown> {
  const { store, pace, delays } = world;
  const container = store.demand(username, "failed to stop container: failed to stop container");
  if (container.state === "CONTAINER_STATE_STOPPED") {
    throw refused("stop", "The instance is already stopped");
  }
  refuseBusy(container, "stop");
  container.busy = "stop";
  // A kill of a frozen one was not recorded; Incus says of itself that it works.
  const frozen = container.state === "CONTAINER_STATE_FROZEN" && !force;
  await pace.through("stopping", username, frozen ? delays.stopFrozenMs : delays.stopMs);
  container.busy = undefined;
  if (frozen) {
    store.setRunning(container);
    throw refused(
      "stop",
      'Failed shutting down instance, status is "Running": context deadline exceeded',
    );
  }
  store.setStopped(container);
  // As on a host, a start comes after the last process's end.
  await store.emptied();
  world.area(AuditLog).addContainer("STOPPED", container);
  return {
    message: `Container for user ${username} stopped successfully`,
    container: writeContainer(container, "brief", world),
  };
}

function resizeContainer(call: Call): Promise<unknown> {
  const { cpu, memory, disk } = call.body(resizeFields);
  const username = writable(call);
  const limits = { cpu, memory, disk };
  const here = () => resizeHere(call.world, username, limits);
  return hereOrOnPeer(call, username, here, async (peer) => {
    await passOn(call, peer, "PUT", `/v1/containers/${username}/resize`, "resize", limits);
    return {
      message: `Container ${username}-container resized on backend ${peer.id}`,
      container: null,
    };
  });
}

/** Whose container is to be changed, if the caller may. */
function writable({ caller, param }: Call): string {
  requireScope(caller, "containers:write");
  const username = requiredUsername(param("username"));
  requireTenant(caller, username);
  return username;
}

function resizeHere(
  world: World,
  username: string,
  { cpu, memory, disk }: { readonly cpu: string; readonly memory: string; readonly disk: string },
): unknown {
  if (cpu === "" && memory === "" && disk === "") {
    throw goError("at least one resource (cpu, memory, or disk) must be specified");
  }
  const container = world.store.find(username);
  const failed = (reason: string) => goError(`failed to resize container: ${reason}`);
  if (container === undefined) {
    throw failed(`container not found: failed to get container: ${notFoundText(username)}`);
  }
  // One after the other: what came before a failure stays.
  if (disk !== "") {
    const problem = diskProblem(disk);
    if (problem !== undefined) throw failed(`failed to set disk size: ${updateFailed(problem)}`);
    container.disk = disk;
  }
  if (cpu !== "") {
    const request = readCpu(cpu);
    if (!request.ok) throw failed(`failed to set CPU limit: ${request.problem}`);
    container.cpu = request.written;
  }
  if (memory !== "") {
    const problem = memoryProblem(memory);
    if (problem !== undefined) {
      throw failed(`failed to set memory limit: ${updateFailed(`Invalid config: ${problem}`)}`);
    }
    container.memory = memory;
  }
  return {
    message: `Container ${username}-container resized successfully`,
    container: writeContainer(container, "brief", world),
  };
}

function updateFailed(problem: string): string {
  return `failed to wait for config update: ${problem}`;
}

function refuseBusy(container: Container, verb: "start" | "stop"): void {
  const { busy }: { readonly busy: Busy | undefined } = container;
  if (busy === undefined) return;
  throw refused(
    verb,
    `Failed to create instance ${verb} operation: Instance is busy running a "${busy}" operation`,
  );
}

function refused(verb: "start" | "stop", reason: string): Error {
  return goError(
    `failed to ${verb} container: failed to ${verb} container (operation failed): ${reason}`,
  );
}
