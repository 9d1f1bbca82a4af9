/** What a create must pass: the daemon's own checks, then Incus's. @module */

import { osImages, osLabels } from "./container.ts";
import { publicKeyProblem } from "./host_accounts.ts";
import type { Decoded } from "./protojson.ts";
import { type Peer, placeOf } from "./peers.ts";
import { goError, GrpcError } from "./reply.ts";
import type { createFields } from "./create_fields.ts";
import { isStack } from "./stacks.ts";
import { coresOf, diskProblem, memoryProblem, readCpu } from "./resources.ts";
import type { World } from "./world.ts";

/** A decoded create request. */
export type CreateRequest = Decoded<typeof createFields>;

/** What is asked for, with the daemon's defaults. */
export interface Wanted {
  readonly cpu: string;
  readonly memory: string;
  readonly disk: string;
  readonly image: string;
  readonly osType: string;
}

/** Fills in the defaults. */
export function withDefaults(request: CreateRequest): Wanted {
  const osType = osLabels[request.osType] === undefined ? "OS_TYPE_UBUNTU_2404" : request.osType;
  const osImage = osImages[request.osType];
  return {
    cpu: request.resources?.cpu || "4",
    memory: request.resources?.memory || "4GB",
    disk: request.resources?.disk || "50GB",
    image: osImage ?? (request.image || "images:ubuntu/24.04"),
    osType,
  };
}

/**
 * The checks that sync and async creates both make before they begin, in the daemon's order.
 *
 * @returns The peer that is to carry it out; nothing when it is this daemon's own
 */
export function admit(request: CreateRequest, wanted: Wanted, world: World): Peer | undefined {
  checkSizes(request);
  checkLifetimes(request);
  const { tenantId, encrypted, sshKeys } = request;
  if (tenantId !== "" && tenantId !== "default") {
    throw invalidArgument(
      `tenant_id "${tenantId}" is not available on this daemon: it is a single-tenant build, which accepts only an unset tenant_id or "default". Multi-tenant placement is a cloud-build feature`,
    );
  }
  if (encrypted) {
    throw new GrpcError(
      "FailedPrecondition",
      "encrypted=true requires this daemon to be wired with a KeyProvider for per-tenant dataset encryption, and none is configured; refusing rather than creating an unencrypted container. See docs/ZFS-PER-CONTAINER-ENCRYPTION-DESIGN.md",
    );
  }
  const peer = placeOf(request, world);
  // What follows is the peer's to check.
  if (peer !== undefined) return peer;
  for (const [index, key] of sshKeys.entries()) {
    const problem = publicKeyProblem(key);
    if (problem !== undefined) throw goError(`ssh_keys[${index}]: ${problem}`);
  }
  checkRegistry(wanted.image, world.allowedImageRegistries);
  checkCpuGate(wanted.cpu, world);
  return undefined;
}

function checkSizes({ sshKeys, stackParameters, labels }: CreateRequest): void {
  const tooMany = (what: string, count: number, most: number) => {
    if (count > most) throw invalidArgument(`too many ${what}: ${count} (max ${most})`);
  };
  const tooLong = (what: string, texts: readonly string[], most: number) => {
    if (texts.some((text) => text.length > most)) {
      throw invalidArgument(`${what} exceeds ${most} bytes`);
    }
  };
  tooMany("ssh_keys", sshKeys.length, 32);
  tooLong("ssh key", sshKeys, 8192);
  tooMany("stack_parameters", Object.keys(stackParameters).length, 64);
  tooLong("stack parameter key", Object.keys(stackParameters), 256);
  tooLong("stack parameter value", Object.values(stackParameters), 4096);
  tooMany("labels", Object.keys(labels).length, 64);
  tooLong("label", Object.entries(labels).flat(), 256);
}

function checkLifetimes(request: CreateRequest): void {
  checkTtl(request.ttlSeconds);
  const notNegative = (name: string, value: number) => {
    if (value < 0) throw invalidArgument(`${name} must be >= 0, got ${value}`);
  };
  notNegative("idle_stop_minutes", request.idleStopMinutes);
  notNegative("delete_after_stopped_seconds", request.deleteAfterStoppedSeconds);
}

/** A TTL is at most a week. */
export function checkTtl(seconds: number): void {
  if (seconds < 0) throw invalidArgument(`ttl seconds must be >= 0, got ${seconds}`);
  if (seconds > 604_800) {
    throw invalidArgument(`ttl seconds ${seconds} exceeds maximum of 604800 (7 days)`);
  }
}

function checkRegistry(image: string, allowed: readonly string[]): void {
  const prefix = registryOf(image);
  if (allowed.length === 0) return;
  if (prefix !== "" && allowed.some((entry) => prefix.startsWith(entry))) return;
  throw invalidArgument(
    `image "${image}" is not in the allowed-registries list [${
      allowed.join(" ")
    }]; ask an operator to add the registry to CONTAINARIUM_ALLOWED_IMAGE_REGISTRIES`,
  );
}

function registryOf(image: string): string {
  const url = /^[a-z]+:\/\/[^/]*/.exec(image);
  if (url !== null) return url[0];
  if (image.includes(":")) return image.slice(0, image.indexOf(":"));
  return image.includes("/") ? "" : "ubuntu";
}

function checkCpuGate(cpu: string, { cpuOvercommitFactor: factor, cpus, store }: World): void {
  if (factor === undefined) return;
  const committed = store.all().reduce((sum, container) => sum + coresOf(container.cpu), 0);
  const requested = coresOf(cpu);
  const total = committed + requested;
  if (total <= factor * cpus) return;
  throw new GrpcError(
    "ResourceExhausted",
    `CPU capacity exceeded on this backend: host has ${cpus} logical CPUs; ${
      committed.toFixed(2)
    } already committed + ${requested.toFixed(2)} requested = ${
      total.toFixed(2)
    } would exceed the ${factor.toFixed(2)}× overcommit ceiling (${
      (factor * cpus).toFixed(2)
    } cores) — projected ${
      (total / cpus).toFixed(2)
    }×. Retry on a less-loaded backend/pool or a larger host, or ask an operator to raise the overcommit factor.`,
  );
}

/** The failures of a create, each text whole: those before Incus has a record of the name, and those after. */
export interface IncusProblems {
  readonly early: string | undefined;
  readonly late: string | undefined;
}

const failed = "failed to create container";
/** How an error of Incus's create operation begins. */
export const operationFailed = `${failed}: ${failed}: ${failed} (operation failed)`;

/** What Incus will say of this create. */
export function incusProblems(request: CreateRequest, wanted: Wanted, world: World): IncusProblems {
  const cpu = readCpu(wanted.cpu);
  const name = nameProblem(`${request.username}-container`);
  const image = imageProblem(request, wanted, world);
  const gpu = gpuProblem(request, world);
  const early = gpu !== undefined
    ? `${failed}: GPU passthrough setup failed: GPU input ${gpu}`
    : !cpu.ok
    ? `${failed}: ${failed}: ${cpu.problem}`
    : name !== undefined
    ? `${failed}: ${failed}: ${failed}: ${name}`
    : image !== undefined
    ? `${operationFailed}: ${image}`
    : undefined;
  const record = memoryProblem(wanted.memory) ?? deviceProblem(request, wanted);
  const late = record === undefined
    ? absentGpu(request)
    : `${operationFailed}: Failed creating instance record: ${record}`;
  return { early, late };
}

const pciAddress = /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/i;

function gpuProblem({ gpus: [gpu] }: CreateRequest, world: World): string | undefined {
  if (gpu === undefined || pciAddress.test(gpu)) return undefined;
  if (!/^\d+$/.test(gpu)) return `"${gpu}": not a PCI address or non-negative integer`;
  return Number(gpu) < world.gpus
    ? undefined
    : `"${gpu}": index ${gpu} out of range (system has ${world.gpus} GPU(s))`;
}

/** A container with a GPU that is not there is made, does not start, and is removed. */
function absentGpu({ gpus: [gpu] }: CreateRequest): string | undefined {
  if (gpu === undefined || !pciAddress.test(gpu)) return undefined;
  return `${failed}: failed to start container: failed to start container (operation failed): Failed to start device "gpu": Invalid PCI address (no device found): ${gpu}`;
}

function deviceProblem({ staticIp }: CreateRequest, { disk }: Wanted): string | undefined {
  const problem = diskProblem(disk) ??
    (staticIp === "" || /^10\.77\.0\.\d+$/.test(staticIp)
      ? undefined
      : `Invalid devices: Device validation failed for "eth0": Device IP address "${staticIp}" not within network "incusbr0" subnet`);
  return problem === undefined ? undefined : `Failed initializing instance: ${problem}`;
}

function nameProblem(name: string): string | undefined {
  if (name.includes("/")) return 'The character "/" is reserved for snapshots';
  const problem = name.length > 63
    ? "Name must be 1-63 characters long"
    : name.startsWith("-")
    ? 'Name must not start with "-" character'
    : /^[A-Za-z0-9-]+$/.test(name)
    ? undefined
    : "Name can only contain alphanumeric and hyphen characters";
  return problem === undefined ? undefined : `Invalid instance name: ${problem}`;
}

function imageProblem(
  { stack }: CreateRequest,
  { image }: Wanted,
  { images }: World,
): string | undefined {
  const unknownStack = stack !== "" && !isStack(stack);
  if (!unknownStack && images.includes(image.replace(/@sha256:.*$/, ""))) return undefined;
  if (!unknownStack && !image.startsWith("images:")) {
    return "Image not provided for instance creation";
  }
  // Recorded on a host without internet; what an image server says of a missing image is not known.
  return 'Failed getting remote image info: Failed getting image: Failed parsing stream: Get "https://images.linuxcontainers.org/streams/v1/index.json": lookup images.linuxcontainers.org on 10.255.255.53:53: no such host';
}

function invalidArgument(text: string): GrpcError {
  return new GrpcError("InvalidArgument", text);
}
