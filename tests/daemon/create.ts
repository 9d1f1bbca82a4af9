/** POST /v1/containers: the sync create that holds its request, and the async one with its states. @module */

import { AuditLog } from "./audit_log.ts";
import { requireScope, requireTenant } from "./auth.ts";
import {
  accessTypeOf,
  type Container,
  fromSeed,
  isoSeconds,
  osLabels,
  visibleIpAddress,
  writeContainer,
  writeCreation,
  writeResources,
} from "./container.ts";
import {
  admit,
  type CreateRequest,
  incusProblems,
  operationFailed,
  type Wanted,
  withDefaults,
} from "./admission.ts";
import { coreAddress } from "./core_services.ts";
import { createFields } from "./create_fields.ts";
import { createOnPeer } from "./create_on_peer.ts";
import { gitProblem } from "./git_source.ts";
import { containariumShell, isHostUsername, noLogin } from "./host_accounts.ts";
import { descriptionOf } from "./images.ts";
import { decodeBody, type Fields, flag } from "./protojson.ts";
import { goError } from "./reply.ts";
import { readCpu } from "./resources.ts";
import type { Call, Route } from "./route.ts";
import { deliverSecrets } from "./secrets.ts";
import type { Creation } from "./store.ts";
import { extraMs, failureOf } from "./fates.ts";
import type { CreateFailure } from "./types.ts";
import { isSince, type World } from "./world.ts";

/** Creating containers. */
export const createRoutes: readonly Route[] = [
  { method: "POST", pattern: "/v1/containers", handle: createContainer },
];

async function createContainer(call: Call): Promise<unknown> {
  const { world, caller } = call;
  const request = readRequest(call);
  requireScope(caller, "containers:write");
  if (request.username === "") throw goError("username is required");
  requireTenant(caller, request.username);
  const wanted = withDefaults(request);
  const peer = admit(request, wanted, world);
  if (peer !== undefined) return await createOnPeer(call, request, peer);
  const failure = failureOf(request.username, world);
  return request.async
    ? beginAsync(request, wanted, failure, world)
    : await createSync(request, wanted, failure, world);
}

/** A creation by the daemon itself, for whom the caller may create. */
export async function createWithin(request: CreateRequest, world: World): Promise<void> {
  const wanted = withDefaults(request);
  admit(request, wanted, world);
  await createSync(request, wanted, failureOf(request.username, world), world);
}

/** The request as this version reads it: the old ones had fewer keys, and another name for podman. */
function readRequest(call: Call): CreateRequest {
  const { world } = call;
  if (isSince(world, "0.67.0")) return call.body(createFields);
  const { username, resources, sshKeys, labels, async, staticIp } = createFields;
  const shared = { username, resources, sshKeys, async, staticIp };
  const absent = decodeBody(createFields, "", true);
  if (isSince(world, "0.6.0")) {
    const { enablePodman, image } = createFields;
    return { ...absent, ...call.body({ ...shared, labels, image, enablePodman } satisfies Fields) };
  }
  const { enableDocker, ...rest } = call.body({ ...shared, enableDocker: flag } satisfies Fields);
  return { ...absent, ...rest, enablePodman: enableDocker };
}

async function createSync(
  request: CreateRequest,
  wanted: Wanted,
  failure: CreateFailure | undefined,
  world: World,
): Promise<unknown> {
  const { username } = request;
  const told = failure?.reason ?? "the simulator was told to fail";
  if (failure?.phase === "creating") throw goError(`failed to create container: ${told}`);
  const container = record(request, wanted, world);
  const ms = world.delays.syncCreateMs + extraMs(username, world);
  await world.pace.through("sync-create", username, ms);
  if (failure !== undefined) {
    world.store.remove(container);
    throw goError(`failed to create container: ${told}`);
  }
  finish(container, request, wanted, world);
  const problem = gitProblem(request, world);
  if (problem !== undefined) {
    world.store.remove(container);
    throw goError(problem);
  }
  // This path takes over a host account of that name, keys or not.
  if (isHostUsername(username)) {
    world.hostAccounts.set(username, { shell: containariumShell, keys: request.sshKeys });
  }
  container.ipAddressFromMs = 0;
  const isSsh = accessTypeOf(container) === "ACCESS_TYPE_SSH";
  const host = world.sshHost || visibleIpAddress(container);
  return {
    container: writeContainer(container, "created", world),
    message: `Container ${username}-container created successfully`,
    sshCommand: isSsh ? `ssh ${username}@${host}` : "",
    ...(isSince(world, "0.67.0") ? { rdpAddress: isSsh ? "" : `${host}:3389` } : {}),
  };
}

function beginAsync(
  request: CreateRequest,
  wanted: Wanted,
  failure: CreateFailure | undefined,
  world: World,
): unknown {
  const { username } = request;
  const { store } = world;
  const earlier = store.creation(username);
  if (earlier !== undefined && earlier.state !== "CONTAINER_STATE_ERROR") {
    throw goError(`container creation already in progress for user ${username}`);
  }
  const { cpu, memory, disk } = wanted;
  const creation: Creation = {
    username,
    state: "CONTAINER_STATE_CREATING",
  };
  store.begin(creation);
  store.inBackground(createAsync(creation, request, wanted, failure, world));
  return {
    container: writeCreation(
      username,
      "CONTAINER_STATE_CREATING",
      world,
      writeResources({ cpu, memory, disk }),
    ),
    message:
      `Container creation started for user ${username}. Poll GET /v1/containers/${username} to check status.`,
    sshCommand: "",
    ...(isSince(world, "0.67.0") ? { rdpAddress: "" } : {}),
  };
}

async function createAsync(
  creation: Creation,
  request: CreateRequest,
  wanted: Wanted,
  failure: CreateFailure | undefined,
  world: World,
): Promise<void> {
  const { store, pace, delays } = world;
  const { username } = request;
  const fail = (container: Container | undefined) => {
    if (container !== undefined) store.remove(container);
    creation.state = "CONTAINER_STATE_ERROR";
    store.changed();
  };
  // The answer goes out before the work begins.
  await pace.sleep(0);
  const container = tryRecord(request, wanted, world);
  if (container === undefined) return fail(undefined);
  await pace.through("creating", username, delays.creatingMs + extraMs(username, world));
  if (failure?.phase === "creating") return fail(container);
  finish(container, request, wanted, world);
  // Before 0.14 there was no such state: a container was called running too early.
  if (isSince(world, "0.67.0")) {
    creation.state = "CONTAINER_STATE_PROVISIONING";
    store.changed();
    await pace.through("provisioning", username, delays.provisioningMs);
    // A DELETE in the middle ends the creation without a word.
    if (store.creation(username) !== creation) return;
  }
  if (failure !== undefined || gitProblem(request, world) !== undefined) return fail(container);
  // Only with keys does this path make a host account.
  if (request.sshKeys.length > 0 && isHostUsername(username)) {
    world.hostAccounts.set(username, { shell: noLogin, keys: request.sshKeys });
  }
  store.end(creation);
}

function tryRecord(request: CreateRequest, wanted: Wanted, world: World): Container | undefined {
  try {
    return record(request, wanted, world);
  } catch {
    return undefined;
  }
}

/** The instance as Incus first has it: stopped, without labels, busy. */
function record(request: CreateRequest, wanted: Wanted, world: World): Container {
  const { username } = request;
  const { early, late } = incusProblems(request, wanted, world);
  if (early !== undefined) throw goError(early);
  const existing = world.store.find(username);
  if (existing !== undefined) {
    const reason = existing.busy === "create"
      ? 'Instance is busy running a "create" operation'
      : 'Add instance info to the database: Failed to create "instances" entry: UNIQUE constraint failed: instances.project_id, instances.name';
    throw goError(`${operationFailed}: Failed creating instance record: ${reason}`);
  }
  if (late !== undefined) throw goError(late);
  const cpu = readCpu(wanted.cpu);
  const container: Container = {
    ...fromSeed(
      {
        username,
        state: "CONTAINER_STATE_STOPPED",
        staticIp: request.staticIp !== "",
        osType: "",
        image: descriptionOf(wanted.image),
        gpus: request.gpus,
      },
      ipAddressFor(request, world),
    ),
    cpu: cpu.ok ? cpu.written : wanted.cpu,
    memory: wanted.memory,
    disk: wanted.disk,
    busy: "create",
    podmanRequested: request.enablePodman,
    sshKeys: request.sshKeys,
    snapshots: [],
    keyLoaded: true,
  };
  world.store.add(container);
  return container;
}

/** The instance is up, with its labels and settings. */
function finish(container: Container, request: CreateRequest, wanted: Wanted, world: World): void {
  container.busy = undefined;
  container.osType = wanted.osType;
  for (const [key, value] of Object.entries(request.labels)) container.labels.set(key, value);
  container.labels.set("os-type", osLabels[wanted.osType] ?? "ubuntu_2404");
  if (request.ttlSeconds > 0) {
    container.ttlExpiresAt = isoSeconds(Date.now() + request.ttlSeconds * 1000);
  }
  if (request.idleStopMinutes > 0) {
    container.autoSleepEnabled = true;
    container.idleThresholdMinutes = request.idleStopMinutes;
  }
  container.deleteAfterStoppedSeconds = request.deleteAfterStoppedSeconds;
  container.monitoring = request.monitoring && coreAddress(world, "otelcollector") !== undefined;
  // Those of an earlier container of that name too.
  deliverSecrets(container, world);
  world.store.setRunning(container);
  world.area(AuditLog).addContainer("CREATED", container);
}

/** An address that somebody has is not taken from them: the new one gets another, without a word. */
function ipAddressFor({ staticIp }: CreateRequest, { store }: World): string {
  const taken = store.all().some(({ ipAddress }) => ipAddress === staticIp);
  return staticIp === "" || taken ? store.nextIpAddress() : staticIp;
}
