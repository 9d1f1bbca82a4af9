/** What the tests see of the daemon simulator. @module */

import type { CatalogueOptions, CreateFailure } from "./creation_types.ts";
import type { Delays } from "./delay_types.ts";
import type { Listeners, ServiceOptions } from "./host_types.ts";
import type { NeighborOptions } from "./peer_types.ts";
import type { Scanners, ScanOptions } from "./scan_types.ts";
import type { JournalEntry, Leftovers, ShellOptions } from "./shell_types.ts";
import type { HostSnapshots, SnapshotSeed } from "./snapshot_types.ts";

export type * from "./creation_types.ts";
export type * from "./delay_types.ts";
export type * from "./host_types.ts";
export type * from "./peer_types.ts";
export type * from "./scan_types.ts";
export type * from "./shell_types.ts";
export type * from "./snapshot_types.ts";

/** A state of a container, as the daemon writes it. */
export type ContainerState =
  | "CONTAINER_STATE_UNSPECIFIED"
  | "CONTAINER_STATE_RUNNING"
  | "CONTAINER_STATE_STOPPED"
  | "CONTAINER_STATE_FROZEN"
  | "CONTAINER_STATE_CREATING"
  | "CONTAINER_STATE_PROVISIONING"
  | "CONTAINER_STATE_ERROR";

/** A state that an instance itself can be in; the others belong to a creation that runs or failed. */
export type InstanceState =
  | "CONTAINER_STATE_RUNNING"
  | "CONTAINER_STATE_STOPPED"
  | "CONTAINER_STATE_FROZEN";

/** The daemon versions that can be played, oldest first. */
export const versions = ["0.3.0", "0.6.0", "0.67.0"] as const;

/** A daemon version that can be played. */
export type Version = typeof versions[number];

/** A container that is there from the start. */
export interface ContainerSeed extends SnapshotSeed {
  /** Its user; the instance is called `<username>-container`. */
  readonly username: string;
  /** @default {"CONTAINER_STATE_RUNNING"} */
  readonly state?: InstanceState;
  /** @default {{ cpu: "4", memory: "4GB", disk: "50GB" }} */
  readonly resources?: { readonly cpu?: string; readonly memory?: string; readonly disk?: string };
  /** Labels beside `os-type`, which the daemon sets. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The image's description, as GET shows it. */
  readonly image?: string;
  /** `OS_TYPE_UNSPECIFIED` gives a container without the `os-type` label. @default {"OS_TYPE_UBUNTU_2404"} */
  readonly osType?: string;
  /** Lives this long from now. */
  readonly ttlSeconds?: number;
  /** Has `DELETE_POLICY_PROTECTED`. */
  readonly protected?: boolean;
  /** @default {new Date()} */
  readonly createdAt?: Date;
  /** Deleted this long after a stop; LIST alone shows it. */
  readonly deleteAfterStoppedSeconds?: number;
  /** Auto-sleep is on. */
  readonly autoSleep?: boolean;
  /** @default {15} */
  readonly idleThresholdMinutes?: number;
  /** It was made with a static address: only then it takes access rules. @default {false} */
  readonly staticIp?: boolean;
  /** Its address. @default {the next free one} */
  readonly ipAddress?: string;
  /** What cleaning its disk frees. @default {49201152} */
  readonly cleanableBytes?: number;
  /** The host's GPUs that it has, as it was made with them. @default {[]} */
  readonly gpus?: readonly string[];
  /** Its metrics are collected. @default {false} */
  readonly monitoring?: boolean;
  /** What ClamAV finds in it, as in `root/eicar.com: Win.Test.EICAR_HDB-1`. */
  readonly malware?: readonly string[];
  /** It is a workspace, and this lets one in. */
  readonly workspaceToken?: string;
  /** The keys of its host account. */
  readonly sshKeys?: readonly string[];
}

/** How a daemon is started. */
export interface DaemonOptions
  extends CatalogueOptions, NeighborOptions, ServiceOptions, ScanOptions {
  /** @default {0}, a free one */
  readonly port?: number;
  /** The containers there are. */
  readonly containers?: readonly ContainerSeed[];
  /** Accounts of the host, beside those of the containers: deleting a container of such a name removes them too. */
  readonly hostAccounts?: readonly string[];
  /** What should take longer than the defaults. */
  readonly delays?: Partial<Delays>;
  /** @default {"0.67.0"} */
  readonly version?: Version;
  /** @default {2} */
  readonly cpus?: number;
  /** @default {25769803776} */
  readonly memoryBytes?: number;
  /** @default {270553174016} */
  readonly diskBytes?: number;
  /** Also the id of the local backend, unless `cluster` says another. @default {"vm"} */
  readonly hostname?: string;
  /** How the addresses of its containers begin. @default {"10.77"} */
  readonly network?: string;
  /** The sentinel's address: what `sshHost` shows. @default {""} */
  readonly sshHost?: string;
  /** Turns the CPU gate on: creates beyond cpus × this answer 429. */
  readonly cpuOvercommitFactor?: number;
  /** Turns the image allow-list on. */
  readonly allowedImageRegistries?: readonly string[];
  /** The host has ZFS, without which there are no snapshots. @default {false} */
  readonly zfs?: boolean;
  /** Storage driver that the daemon reports; `null`: none. @default {"zfs" with zfs, else "dir"} */
  readonly storageDriver?: string | null;
  /** What `images:` offers; other images fail as they do on a host without internet. */
  readonly images?: readonly string[];
  /** At least 32 bytes. @default {a fixed one} */
  readonly jwtSecret?: string;
  /** The terminals lead to shells on this machine; left out: no shell ever runs. */
  readonly shell?: ShellOptions | undefined;
}

/** What a token says; by default it is an admin's access token. */
export interface TokenClaims {
  /** @default {"admin"} */
  readonly username?: string;
  /** @default {["admin"] for admin, ["user"] for any other} */
  readonly roles?: readonly string[] | null;
  /** Left out: unrestricted. */
  readonly scopes?: readonly string[] | undefined;
  /** Negative: already expired. @default {3600} */
  readonly expiresInSeconds?: number;
  /** What it is revoked by. @default {another one each time} */
  readonly jti?: string;
  /** @default {"access"} */
  readonly type?: "access" | "refresh";
}

/** One request as the daemon read it. */
export interface RecordedRequest {
  /** The method. */
  readonly method: string;
  /** The raw path with its query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As text. */
  readonly body: string;
}

/** A request or a phase that is made to wait. */
export interface Hold {
  /** Resolves when it waits. */
  readonly reached: Promise<void>;
  /** Lets it go on. */
  release(): void;
}

/** A stretch of work that `holdPhase` can make wait before its end. */
export type Phase =
  | "creating"
  | "provisioning"
  | "sync-create"
  | "post-start"
  | "installing"
  | "starting"
  | "stopping"
  | "deleting"
  | "moving"
  | "cluster"
  | "route-sync"
  | "scan-queued"
  | "scanning";

/** Which requests a fault takes; a path that is text must equal the raw path, with or without its query. */
export interface RequestFilter {
  /** Any, when left out. */
  readonly method?: string;
  /** Any, when left out. */
  readonly path?: string | RegExp;
}

/** What can go wrong with one answer. All but `answer` and `redirect` carry the request out. */
export type Fault =
  & RequestFilter
  & {
    /** How many requests it takes. @default {1} */
    readonly times?: number;
  }
  & (
    | { readonly kind: "latency"; readonly ms: number }
    | { readonly kind: "truncated" }
    | { readonly kind: "oversized"; readonly bytes: number }
    | { readonly kind: "invalid-json" }
    | {
      readonly kind: "rewritten";
      /** Makes another body of an answer's. */
      readonly rewrite: (body: string, request: RecordedRequest) => string;
    }
    | { readonly kind: "slow-body"; readonly ms: number }
    | { readonly kind: "redirect"; readonly location: string; readonly status?: number }
    | {
      readonly kind: "answer";
      readonly status: number;
      readonly body: string;
      readonly contentType?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  );

/** A running daemon. */
export interface Daemon extends AsyncDisposable, HostSnapshots, Listeners, Scanners {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** What tokens are signed with. */
  readonly jwtSecret: string;
  /** A real HS256 JWT; without claims an admin's. */
  token(claims?: TokenClaims): Promise<string>;
  /** The requests read so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** How many of them match. */
  count(method: string, path?: string | RegExp): number;
  /** Requests being answered now. */
  readonly inFlight: number;
  /** The most there were at one time. */
  readonly maxInFlight: number;
  /** Resolves when no request is being answered: each was, or its client gave it up. */
  idle(): Promise<void>;
  /** Resolves when nothing that a request began, such as a provisioning, goes on any more. */
  settled(): Promise<void>;
  /** The accounts of the host, sorted. */
  readonly hostAccounts: readonly string[];
  /** Deletes the container of that name, if there is one, and creates it anew, as others may do. */
  replace(container: ContainerSeed): void;
  /** Ends a container's time to live: the sweeper deletes it now, unless it is protected. */
  endTtl(username: string): void;
  /** A container's state as GET would say it; undefined when there is none. */
  state(username: string): string | undefined;
  /** Resolves when the container is in that state (undefined: gone). */
  when(username: string, state: string | undefined): Promise<void>;
  /** The home of that container's user: a folder on this machine. Needs the option `shell`. */
  home(username: string): string;
  /** What is still there of that container's terminals. */
  leftovers(username: string): Promise<Leftovers>;
  /** How many of its terminals' WebSockets are open. */
  terminals(username: string): number;
  /** Resets their TCP connections; the shells stay alive. */
  dropTerminals(username: string): void;
  /** Adds an entry to that container's journal; who follows it sees it. */
  logJournal(username: string, entry: JournalEntry): void;
  /** Adds text to the log of a container of podman's in that container. */
  logPodman(username: string, name: string, text: string): void;
  /** How many streams of events are open. */
  readonly eventStreams: number;
  /** Ends them. */
  dropEventStreams(): void;
  /** Sends text as it is to all of them. */
  writeEvents(text: string): void;
  /** The `authorized_keys` of that host account, a line each. */
  hostKeys(username: string): readonly string[];
  /** The next matching request waits after it was read; when its client gives up it is never carried out. */
  hold(method: string, path?: string | RegExp): Hold;
  /** The next such phase (of that user's container) waits before its end. */
  holdPhase(phase: Phase, username?: string): Hold;
  /** The next matching request ends in a TCP reset; "after-read" ones are carried out. */
  dropNext(method: string, when: "before-read" | "after-read", path?: string | RegExp): void;
  /** Spoils the answer to the next matching requests. */
  inject(fault: Fault): void;
  /** Forgets the faults and drops ordered for this very path (the same `RegExp`) that no request took. */
  forgetFaults(path: string | RegExp): void;
  /** How many requests had a fault, by its kind. */
  readonly faultsMet: ReadonlyMap<string, number>;
  /** The next creation fails; an async one ends in the sticky ERROR. */
  failNextCreate(failure?: CreateFailure): void;
  /** Ends it with its connections; safe to call twice. */
  close(): Promise<void>;
}
