/** Everything that one daemon is made of, for the handlers. @module */

import { AuthLimiter } from "./auth.ts";
import { createAccounts, type HostAccount } from "./host_accounts.ts";
import { Pace } from "./pace.ts";
import { type Cluster, createCluster, Peer } from "./peers.ts";
import { Store } from "./store.ts";
import {
  type CreateFate,
  type Daemon,
  type DaemonOptions,
  type Delays,
  type RecipeSeed,
  type ScanOptions,
  type ServiceOptions,
  type Version,
  versions,
} from "./types.ts";
import { Zfs } from "./zfs.ts";

/** A daemon's inside. */
export interface World {
  readonly version: Version;
  readonly jwtSecret: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly hostname: string;
  readonly network: string;
  readonly sshHost: string;
  readonly cpuOvercommitFactor: number | undefined;
  readonly allowedImageRegistries: readonly string[];
  readonly images: readonly string[];
  readonly gpus: number;
  readonly recipes: readonly RecipeSeed[];
  readonly fates: ReadonlyMap<string, CreateFate>;
  readonly delays: Delays;
  readonly startedAtMs: number;
  readonly pace: Pace;
  readonly limiter: AuthLimiter;
  /** Nothing: it was built without peers. */
  readonly cluster: Cluster | undefined;
  readonly gpuModels: readonly string[];
  readonly hostAccounts: Map<string, HostAccount>;
  readonly store: Store;
  readonly zfs: Zfs;
  readonly storageDriver: string | null;
  readonly services: Services;
  /** Called when a container has got its secrets. */
  onDelivery?: (username: string) => void;
  /** The state of an area, made when first asked for. */
  area<T>(Area: new (world: World) => T): T;
}

/** What the host has beside Incus. */
export type Services = Required<ServiceOptions & ScanOptions>;

/** The delays of tests: just enough for a poll to see the states of a creation, nothing else. */
export const testDelays: Delays = {
  creatingMs: 5,
  provisioningMs: 5,
  syncCreateMs: 0,
  postStartMs: 0,
  installMs: 0,
  startMs: 0,
  readySecondMs: 0,
  routeSyncMs: 0,
  scanQueuedMs: 0,
  scanMs: 0,
  stopMs: 0,
  stopFrozenMs: 0,
  sweepMs: 0,
  deleteMs: 0,
  ipAddressMs: 0,
  moveMs: 0,
  peerAnswerMs: 30_000,
};

/** The delays of a real daemon with baked images. */
export const realDelays: Delays = {
  creatingMs: 2000,
  provisioningMs: 3000,
  syncCreateMs: 5000,
  postStartMs: 20_000,
  installMs: 60_000,
  startMs: 200,
  readySecondMs: 1000,
  routeSyncMs: 5000,
  scanQueuedMs: 3000,
  scanMs: 2000,
  stopMs: 800,
  stopFrozenMs: 30_000,
  sweepMs: 60_000,
  deleteMs: 1500,
  ipAddressMs: 1500,
  moveMs: 8000,
  peerAnswerMs: 30_000,
};

const knownImages = [
  "images:ubuntu/22.04",
  "images:ubuntu/24.04",
  "images:debian/12",
  "images:debian/13",
  "images:rockylinux/9",
  "images:alpine/3.20",
  "images:fedora/42",
  "local:rhel9",
  "local:windows-server-2022",
];

/**
 * Puts a daemon together, with the containers that it starts with.
 *
 * @param worldOf The inside of another daemon
 */
export function createWorld(options: DaemonOptions, worldOf: (other: Daemon) => World): World {
  const pace = new Pace();
  const delays = { ...testDelays, ...options.delays };
  const { cluster = {}, sharesIncusWith: neighbor } = options;
  const hostname = options.hostname ?? "vm";
  const network = options.network ?? "10.77";
  const hostAccounts = createAccounts(options.hostAccounts ?? [], options.containers ?? []);
  const store = new Store(
    pace,
    delays,
    options.containers ?? [],
    neighbor === undefined ? undefined : worldOf(neighbor).store,
    network,
  );
  const areas = new Map<unknown, unknown>();
  const world: World = {
    version: options.version ?? "0.67.0",
    jwtSecret: options.jwtSecret ?? "a secret of the simulator, 32 bytes and more",
    cpus: options.cpus ?? 2,
    memoryBytes: options.memoryBytes ?? 25_769_803_776,
    diskBytes: options.diskBytes ?? 270_553_174_016,
    hostname,
    network,
    sshHost: options.sshHost ?? "",
    cpuOvercommitFactor: options.cpuOvercommitFactor,
    allowedImageRegistries: options.allowedImageRegistries ?? [],
    images: options.images ?? knownImages,
    gpus: options.gpus ?? 0,
    recipes: options.recipes ?? [],
    fates: new Map(Object.entries(options.creates ?? {})),
    delays,
    startedAtMs: Date.now(),
    pace,
    limiter: new AuthLimiter(),
    cluster: cluster === "alone" ? undefined : createCluster(cluster, hostname, (seed) => {
      const inside = seed.daemon === undefined ? undefined : worldOf(seed.daemon);
      return new Peer(seed, inside, pace, delays.peerAnswerMs);
    }),
    gpuModels: options.gpuModels ?? [],
    hostAccounts,
    store,
    zfs: new Zfs(options.zfs ?? false, store),
    storageDriver: options.storageDriver === undefined
      ? (options.zfs ? "zfs" : "dir")
      : options.storageDriver,
    services: {
      postgres: options.postgres ?? true,
      baseDomain: options.baseDomain === undefined ? "sim.test" : options.baseDomain,
      appHosting: options.appHosting ?? true,
      postgresBoxes: options.postgresBoxes ?? [],
      clock: options.clock ?? Date.now,
      auditLog: options.auditLog ?? [],
      findings: options.findings ?? [],
      zapAlerts: options.zapAlerts ?? [],
      containerNodes: options.containerNodes ?? false,
      gitRepositories: options.gitRepositories ?? {},
      connections: options.connections ?? [],
      podman: options.podman ?? true,
      webhooks: options.webhooks ?? {},
      coreServices: options.coreServices ?? [],
      latestRelease: options.latestRelease ?? null,
      routes: options.routes ?? [],
      kms: options.kms ?? "none",
      secrets: options.secrets ?? [],
      forwardsPorts: options.forwardsPorts ?? false,
      listeners: options.listeners ?? [],
    },
    area<T>(Area: new (world: World) => T): T {
      const known = areas.get(Area);
      if (known instanceof Area) return known;
      const made = new Area(world);
      areas.set(Area, made);
      return made;
    },
  };
  return world;
}

/** Whether the daemon is at least of that version. */
export function isSince(world: World, version: Version): boolean {
  return versions.indexOf(world.version) >= versions.indexOf(version);
}
