import type { CallOptions } from "../async/call_options.ts";
import type { Container, ContainerState } from "./container.ts";
import type { IgnorableSetting } from "./ignorable_setting.ts";

/** Name of an operating system that the daemon knows. */
export type OsName = "ubuntu_2404" | "rocky_9" | "rhel_9" | "windows_2022";

/** An operating system that the daemon knows by name. */
export interface OsType {
  /** Its name, for `create`. */
  readonly name: OsName;
  /**
   * The image that the daemon uses for it. `local:` images exist only if the operator made them.
   */
  readonly image: string;
}

/** The operating systems that the daemon knows by name, with their images. It has no endpoint for them. */
export const osTypes: readonly OsType[] = [
  { name: "ubuntu_2404", image: "images:ubuntu/24.04" },
  { name: "rocky_9", image: "images:rockylinux/9" },
  { name: "rhel_9", image: "local:rhel9" },
  { name: "windows_2022", image: "local:windows-server-2022" },
];

/** Their names. */
export const osNames: readonly OsName[] = osTypes.map(({ name }) => name);

/** Defaults of the daemon. */
export const createDefaults = {
  cpu: "4",
  memory: "4GB",
  disk: "50GB",
  image: "images:ubuntu/24.04",
} as const;

/** What to create. Sizes are in the daemon's format. */
export interface CreateOptions extends CallOptions {
  /** Owner: lower-case letters, digits and dashes, at most 32. */
  readonly username: string;
  /** CPU limit: `"4"`, `"0.5"`, `"250m"`; the daemon's default is 4. */
  readonly cpu?: string | undefined;
  /** Memory limit: `"4GB"`, `"512MiB"`; the daemon's default is 4GB. */
  readonly memory?: string | undefined;
  /** Disk limit: `"50GB"`; the daemon's default is 50GB. */
  readonly disk?: string | undefined;
  /** OpenSSH public keys, each a line of `authorized_keys`. */
  readonly sshKeys?: readonly string[] | undefined;
  /** Image: `"images:ubuntu/24.04"`, which is the daemon's default. */
  readonly image?: string | undefined;
  /** Operating system; overrides `image`. */
  readonly os?: OsName | undefined;
  /** Labels. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Seconds after which the daemon deletes it, at most 604,800. */
  readonly ttlSeconds?: number | undefined;
  /**
   * Whether containers can be run inside it, with Podman (Docker on daemons before 0.6.0).
   *
   * @default {false}
   */
  readonly enablePodman?: boolean | undefined;
  /** Id of the host to create it on, if there are several. Not together with `pool`. */
  readonly backend?: string | undefined;
  /** Pool of hosts to create it in. */
  readonly pool?: string | undefined;
  /** Stack to install once it runs: `"nodejs"`. */
  readonly stack?: string | undefined;
  /** Parameters of the stack. */
  readonly stackParameters?: Readonly<Record<string, string>> | undefined;
  /** GPUs of the host, by index or PCI address: `["0"]`. */
  readonly gpus?: readonly string[] | undefined;
  /** IPv4 address on the host's network. One that is taken is replaced: see `ignored`. */
  readonly staticIp?: string | undefined;
  /** Git repository to clone into it: `https://…`, `git://…`, `ssh://…` or `git@host:path`. */
  readonly gitSource?: string | undefined;
  /** Branch, tag or commit of `gitSource`. */
  readonly gitRef?: string | undefined;
  /** Path to clone `gitSource` to; the daemon's default is /workspace. */
  readonly workspacePath?: string | undefined;
  /**
   * Whether it sends metrics to the daemon's collector.
   *
   * @default {false}
   */
  readonly monitoring?: boolean | undefined;
  /**
   * Whether its disk is encrypted; refused by daemons that keep no keys.
   *
   * @default {false}
   */
  readonly encrypted?: boolean | undefined;
  /** Idle minutes after which the daemon stops it; never if absent. */
  readonly autoSleepMinutes?: number | undefined;
  /** Seconds after it stops until the daemon deletes it; never if absent. */
  readonly deleteAfterStoppedSeconds?: number | undefined;
  /**
   * Milliseconds to wait until it is ready. The creation continues after that.
   *
   * @default {600_000}
   */
  readonly waitMs?: number | undefined;
  /** Called with each new state while waiting. */
  readonly onState?: ((state: ContainerState) => void) | undefined;
}

/**
 * A container that is ready; or that was still being created when the wait ended, or that someone
 * else stopped or paused first.
 */
export interface CreateResult {
  /** Whether it is running and fully installed. */
  readonly ready: boolean;
  /** The container as read last. */
  readonly container: Container;
  /** Requested settings that did not take effect; known once it is ready. */
  readonly ignored: readonly IgnorableSetting[];
}
