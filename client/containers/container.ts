import { containerName } from "./username.ts";
import type { DeletionRecord } from "./deletion_record.ts";

/** State of a container; `unknown` if the daemon does not report one that this client knows. */
export type ContainerState =
  | "running"
  | "stopped"
  | "frozen"
  | "creating"
  | "provisioning"
  | "failed"
  | "unknown";

/** Whether a disk is encrypted; `locked`: it is, and its key is out of reach, so nothing can read it. */
export type Encryption = "none" | "unlocked" | "locked";

/** Limits of a container, in the daemon's format. */
export interface Limits {
  /** CPU limit. */
  readonly cpu?: string | undefined;
  /** Memory limit. */
  readonly memory?: string | undefined;
  /** Disk limit. */
  readonly disk?: string | undefined;
}

/** A container as the daemon describes it. The daemon did not report what is absent. */
export interface Container {
  /** The instance's name: `<username>-container`. */
  readonly name: string;
  /** Owner, by which the API addresses it. */
  readonly username: string;
  /** Its state now. */
  readonly state: ContainerState;
  /** Its IPv4 address, while it has one. */
  readonly ipAddress?: string | undefined;
  /** SSH jump host (sentinel); absent if containers are reached directly. */
  readonly sshHost?: string | undefined;
  /** CPU limit in the daemon's format: `"4"`, `"250m"`, `"0-3"`. */
  readonly cpu?: string | undefined;
  /** Memory limit in the daemon's format: `"4GB"`. */
  readonly memory?: string | undefined;
  /** Disk limit in the daemon's format: `"50GB"`. */
  readonly disk?: string | undefined;
  /** The image's description. */
  readonly image?: string | undefined;
  /** The operating system: `ubuntu_2404`; absent where `image` contradicts it. */
  readonly os?: string | undefined;
  /** Labels, without the daemon's own `os-type` and the one of `deletion`. */
  readonly labels: Readonly<Record<string, string>>;
  /** When it was created; unknown for peers. */
  readonly createdAt?: Date | undefined;
  /** When it stopped; only in lists. */
  readonly stoppedAt?: Date | undefined;
  /** Seconds after it stops until the daemon deletes it with its disk; only in lists. */
  readonly deleteAfterStoppedSeconds?: number | undefined;
  /** When the daemon will delete it. */
  readonly ttlExpiresAt?: Date | undefined;
  /** Set by `deleteLater`: what `undelete` goes by. */
  readonly deletion?: DeletionRecord | undefined;
  /** Whether the daemon's sweeper spares it. The daemon still deletes it on request. */
  readonly isProtected: boolean;
  /** Idle minutes after which the daemon stops it; absent if auto-sleep is off. */
  readonly autoSleepMinutes?: number | undefined;
  /** Whether its programs are configured to send metrics to the daemon's collector. */
  readonly isMonitored: boolean;
  /** Whether its disk is encrypted with a key of its own; absent: the daemon does not know. */
  readonly encryption?: Encryption | undefined;
  /** GPUs of the host that it has, by index or PCI address. */
  readonly gpus: readonly string[];
  /** Where a Windows machine is reached by RDP. */
  readonly rdpAddress?: string | undefined;
  /** Id of its host, if there are several. */
  readonly backendId?: string | undefined;
  /** Which pool of hosts it belongs to. */
  readonly pool?: string | undefined;
}

/** Returns a container that is being created and that the daemon does not describe yet. */
export function unseenContainer(username: string): Container {
  return {
    name: containerName(username),
    username,
    state: "creating",
    labels: {},
    isProtected: false,
    isMonitored: false,
    gpus: [],
  };
}

/**
 * Returns whether a container is on a peer: the daemon forwards neither creation time nor policy.
 */
export function isOfPeer({ createdAt, state }: Container): boolean {
  return createdAt === undefined && state !== "creating" && state !== "provisioning";
}

/** Returns whether a container was deleted with `deleteLater`, and the daemon will carry that out. */
export function isBeingDeleted({ deletion, ttlExpiresAt, isProtected }: Container): boolean {
  return deletion !== undefined && ttlExpiresAt !== undefined && !isProtected;
}

/** Returns whether a stop starts the container's deletion. Only lists report that. */
export function isDeletedOnceStopped(
  { deleteAfterStoppedSeconds, isProtected }: Container,
): boolean {
  return deleteAfterStoppedSeconds !== undefined && !isProtected;
}

/**
 * Returns when the daemon will delete a stopped container; `undefined` if it will not, or if that
 * is unknown.
 */
export function deletionAt(container: Container): Date | undefined {
  const { stoppedAt, deleteAfterStoppedSeconds, state } = container;
  if (!isDeletedOnceStopped(container) || state !== "stopped" || stoppedAt === undefined) {
    return undefined;
  }
  const at = new Date(stoppedAt.getTime() + (deleteAfterStoppedSeconds ?? 0) * 1_000);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
