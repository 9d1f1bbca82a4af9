/** A container: what the daemon knows of it, and how it writes it in each kind of answer. @module */

import { descriptionOf } from "./images.ts";
import type { ContainerSeed, ContainerState, InstanceState } from "./types.ts";
import { isSince, type World } from "./world.ts";
import { seededSnapshots, type Snapshot } from "./zfs.ts";

/** What runs on an instance at this moment, and so refuses other work. */
export type Busy = "create" | "start" | "stop" | "delete";

/** One Incus instance with what Containarium keeps about it. */
export interface Container {
  readonly username: string;
  state: InstanceState;
  busy: Busy | undefined;
  cpu: string;
  memory: string;
  disk: string;
  readonly labels: Map<string, string>;
  osType: string;
  readonly image: string;
  readonly ipAddress: string;
  /** It was made with this address: only then it has a device that takes access rules. */
  readonly staticIp: boolean;
  /** When the address shows; undefined while it does not run. */
  ipAddressFromMs: number | undefined;
  readonly createdAtSeconds: number;
  runningSinceMs: number | undefined;
  /** CPU time of earlier runs. */
  cpuSecondsBefore: number;
  stoppedAt: string | null;
  ttlExpiresAt: string | null;
  autoSleepEnabled: boolean;
  idleThresholdMinutes: number;
  deleteAfterStoppedSeconds: number;
  deletePolicy: string;
  /** What was asked for; only versions before 0.10 show it. */
  readonly podmanRequested: boolean;
  /** The keys that it was made with: they are in its user's home too. */
  readonly sshKeys: readonly string[];
  /** Oldest first, those of Incus too. */
  readonly snapshots: Snapshot[];
  /** Whether its dataset can be read. */
  readonly keyLoaded: boolean;
  monitoring: boolean;
  /** The host's GPUs that it was made with. */
  readonly gpus: readonly string[];
  /** What cleaning its disk frees. */
  cleanableBytes: number;
  /** What ClamAV finds in it. */
  malware: readonly string[];
  /** What lets one into its workspace. */
  readonly workspaceToken: string | undefined;
  /** What secrets left inside it. */
  readonly delivered: Record<"env" | "files" | "compose", Map<string, string>>;
}

/** The label that holds the operating system, for each `osType`. */
export const osLabels: Readonly<Record<string, string>> = {
  OS_TYPE_UBUNTU_2404: "ubuntu_2404",
  OS_TYPE_ROCKY_9: "rocky_9",
  OS_TYPE_RHEL_9: "rhel_9",
  OS_TYPE_WINDOWS_2022: "windows_2022",
};

/** The image that an operating system brings, for each `osType`. */
export const osImages: Readonly<Record<string, string>> = {
  OS_TYPE_UBUNTU_2404: "images:ubuntu/24.04",
  OS_TYPE_ROCKY_9: "images:rockylinux/9",
  OS_TYPE_RHEL_9: "local:rhel9",
  OS_TYPE_WINDOWS_2022: "local:windows-server-2022",
};

/** A container out of a seed. */
export function fromSeed(seed: ContainerSeed, ipAddress: string): Container {
  const state = seed.state ?? "CONTAINER_STATE_RUNNING";
  const osType = seed.osType ?? "OS_TYPE_UBUNTU_2404";
  const osLabel = osLabels[osType];
  const nowMs = Date.now();
  return {
    username: seed.username,
    state,
    busy: undefined,
    cpu: seed.resources?.cpu ?? "4",
    memory: seed.resources?.memory ?? "4GB",
    disk: seed.resources?.disk ?? "50GB",
    labels: new Map([
      ...Object.entries(seed.labels ?? {}),
      ...(osLabel === undefined ? [] : [["os-type", osLabel] as const]),
    ]),
    osType,
    image: seed.image ?? descriptionOf(osImages[osType] ?? ""),
    ipAddress,
    staticIp: seed.staticIp ?? false,
    ipAddressFromMs: state === "CONTAINER_STATE_RUNNING" ? 0 : undefined,
    createdAtSeconds: Math.floor((seed.createdAt?.getTime() ?? nowMs) / 1000),
    runningSinceMs: state === "CONTAINER_STATE_STOPPED" ? undefined : nowMs,
    cpuSecondsBefore: 0,
    stoppedAt: null,
    ttlExpiresAt: seed.ttlSeconds === undefined ? null : isoSeconds(nowMs + seed.ttlSeconds * 1000),
    autoSleepEnabled: seed.autoSleep ?? false,
    idleThresholdMinutes: seed.idleThresholdMinutes ?? 15,
    deleteAfterStoppedSeconds: seed.deleteAfterStoppedSeconds ?? 0,
    deletePolicy: seed.protected === true ? "DELETE_POLICY_PROTECTED" : "DELETE_POLICY_UNSPECIFIED",
    podmanRequested: true,
    sshKeys: seed.sshKeys ?? [],
    snapshots: seededSnapshots(seed.snapshots ?? []),
    keyLoaded: seed.keyLoaded ?? true,
    monitoring: seed.monitoring ?? false,
    gpus: seed.gpus ?? [],
    cleanableBytes: seed.cleanableBytes ?? 49_201_152,
    malware: seed.malware ?? [],
    workspaceToken: seed.workspaceToken,
    delivered: { env: new Map(), files: new Map(), compose: new Map() },
  };
}

/** RFC 3339 with whole seconds, as the daemon stores what it is given at creation. */
export function isoSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+/, "");
}

/**
 * Where a container is written: each answer leaves other things out. "brief" ones follow start, stop, resize and
 * clean-up; "created" follows a sync create.
 */
export type View = "list" | "get" | "created" | "brief";

/** A container on the wire. `state` overrides its own while a creation runs. */
export function writeContainer(
  container: Container,
  view: View,
  world: World,
  state: ContainerState = container.state,
): Record<string, unknown> {
  const shown = view === "list" || view === "get";
  const settingsShown = view !== "created";
  return forVersion(world, {
    ...emptyContainer(container.username, state),
    resources: writeResources(container),
    network: {
      ipAddress: visibleIpAddress(container),
      macAddress: "",
      interface: "",
      bridge: "",
    },
    createdAt: String(container.createdAtSeconds),
    labels: writeLabels(container),
    image: container.image,
    podmanEnabled: isSince(world, "0.67.0") || container.podmanRequested,
    backendId: view === "list" ? world.cluster?.backendId ?? "" : "",
    pool: shown ? world.cluster?.pool ?? "" : "",
    osType: container.labels.has("os-type") ? container.osType : "OS_TYPE_UNSPECIFIED",
    accessType: accessTypeOf(container),
    rdpAddress: accessTypeOf(container) === "ACCESS_TYPE_RDP"
      ? `${visibleIpAddress(container)}:3389`
      : "",
    gpuDevice: container.gpus[0] ?? "",
    gpuDevices: container.gpus,
    monitoringEnabled: container.monitoring,
    autoSleepEnabled: settingsShown && container.autoSleepEnabled,
    idleThresholdMinutes: settingsShown ? container.idleThresholdMinutes : 15,
    ttlExpiresAt: settingsShown ? container.ttlExpiresAt : null,
    sshHost: view === "brief" ? "" : world.sshHost,
    stoppedAt: view === "list" ? container.stoppedAt : null,
    deleteAfterStoppedSeconds: view === "list" ? String(container.deleteAfterStoppedSeconds) : "0",
    deletePolicy: settingsShown ? container.deletePolicy : "DELETE_POLICY_UNSPECIFIED",
    encryptionState: shown ? "ENCRYPTION_STATE_NONE" : "ENCRYPTION_STATE_UNSPECIFIED",
  });
}

/** What stands for a container that an async creation works on, or failed with. */
export function writeCreation(
  username: string,
  state: ContainerState,
  world: World,
  resources: Readonly<Record<string, unknown>> | null = null,
): Record<string, unknown> {
  return forVersion(world, { ...emptyContainer(username, state), resources });
}

/** A peer's container on the wire: read again through a few fields only. */
export function writePeerContainer(
  row: Readonly<Record<string, unknown>>,
  { id, pool }: { readonly id: string; readonly pool: string },
  world: World,
): Record<string, unknown> {
  const { username, state, resources, network, labels, osType, accessType } = row;
  const known = state === "CONTAINER_STATE_RUNNING" || state === "CONTAINER_STATE_STOPPED";
  return {
    ...emptyContainer(String(username), known ? state : "CONTAINER_STATE_UNSPECIFIED"),
    resources: resources ?? writeResources({ cpu: "", memory: "", disk: "" }),
    network: network ?? { ipAddress: "", macAddress: "", interface: "", bridge: "" },
    // Go's zero time.
    createdAt: "-62135596800",
    podmanEnabled: true,
    backendId: id,
    sshHost: world.sshHost,
    ...{ labels, osType, accessType, pool },
  };
}

/** The resources on the wire. */
export function writeResources(
  of: { readonly cpu: string; readonly memory: string; readonly disk: string },
): Record<string, unknown> {
  const { cpu, memory, disk } = of;
  return { cpu, memory, disk, gpu: "", gpus: [], storageClass: "" };
}

/** Labels sorted by key, as Go writes a map. */
export function writeLabels(container: Container): Record<string, string> {
  return Object.fromEntries([...container.labels].sort(([a], [b]) => a < b ? -1 : 1));
}

/** The address, once it shows. */
export function visibleIpAddress(container: Container): string {
  const { ipAddressFromMs } = container;
  return ipAddressFromMs !== undefined && ipAddressFromMs <= Date.now() ? container.ipAddress : "";
}

/** How one gets in. */
export function accessTypeOf(container: Container): "ACCESS_TYPE_SSH" | "ACCESS_TYPE_RDP" {
  return container.osType === "OS_TYPE_WINDOWS_2022" ? "ACCESS_TYPE_RDP" : "ACCESS_TYPE_SSH";
}

function emptyContainer(username: string, state: ContainerState): Record<string, unknown> {
  return {
    name: `${username}-container`,
    username,
    state,
    resources: null,
    sshKeys: [],
    network: null,
    createdAt: "0",
    updatedAt: "0",
    labels: {},
    image: "",
    podmanEnabled: false,
    stack: "",
    gpuDevice: "",
    backendId: "",
    osType: "OS_TYPE_UNSPECIFIED",
    accessType: "ACCESS_TYPE_SSH",
    rdpAddress: "",
    monitoringEnabled: false,
    pool: "",
    autoSleepEnabled: false,
    idleThresholdMinutes: 0,
    ttlExpiresAt: null,
    sshHost: "",
    stoppedAt: null,
    deleteAfterStoppedSeconds: "0",
    deletePolicy: "DELETE_POLICY_UNSPECIFIED",
    gpuDevices: [],
    encryptionState: "ENCRYPTION_STATE_UNSPECIFIED",
  };
}

/** Keeps of a container what the daemon's version knew. */
function forVersion(world: World, container: Record<string, unknown>): Record<string, unknown> {
  if (isSince(world, "0.67.0")) return container;
  const { name, username, state, sshKeys, network, createdAt, updatedAt } = container;
  const { labels, image, podmanEnabled, resources } = container;
  const old = { name, username, state, sshKeys, network, createdAt, updatedAt };
  if (isSince(world, "0.6.0")) {
    return { ...old, resources, labels, image, podmanEnabled };
  }
  return { ...old, resources: withoutDisk(resources), dockerEnabled: podmanEnabled };
}

function withoutDisk(resources: unknown): unknown {
  if (typeof resources !== "object" || resources === null) return null;
  return Object.fromEntries(
    Object.entries(resources).filter(([key]) => key === "cpu" || key === "memory"),
  );
}
