import { type Container, type ContainerState, readContainer } from "./container.ts";
import type { CallOptions, Containers } from "./containers.ts";
import { type Presence, refuseInTheWay } from "./create_checks.ts";
import { delay } from "./delay.ts";
import { ContainariumError } from "./errors.ts";
import type { Http } from "./http.ts";
import type { JsonObject } from "./wire.ts";

/** The operating systems that the daemon knows by name. */
export type OsName = "ubuntu_2404" | "rocky_9" | "rhel_9" | "windows_2022";

/** What to create. Sizes are in the daemon's words. */
export interface CreateOptions extends CallOptions {
  /** Whose: lower-case letters, digits and dashes, at most 32. */
  readonly username: string;
  /** CPU limit: `"4"`, `"0.5"`, `"250m"`; the daemon's default is 4. */
  readonly cpu?: string;
  /** Memory limit: `"4GB"`, `"512MiB"`; the daemon's default is 4GB. */
  readonly memory?: string;
  /** Disk limit: `"50GB"`; the daemon's default is 50GB. */
  readonly disk?: string;
  /** OpenSSH public keys, one a line of `authorized_keys`. */
  readonly sshKeys?: readonly string[];
  /** Image: `"images:ubuntu/24.04"`, which is the daemon's default. */
  readonly image?: string;
  /** Operating system; overrides `image`. */
  readonly os?: OsName;
  /** Labels. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Seconds after which the daemon deletes it, at most 604,800. */
  readonly ttlSeconds?: number;
  /**
   * Whether containers can be run inside it, with Podman (Docker on daemons before 0.6.0).
   *
   * @default {false}
   */
  readonly enablePodman?: boolean;
  /**
   * How many milliseconds to wait until it is ready; the creation goes on after that.
   *
   * @default {600_000}
   */
  readonly waitMs?: number;
  /** Told each new state while waiting. */
  readonly onState?: (state: ContainerState) => void;
}

/** A container that was created, or is still being created when the wait was over. */
export interface CreateResult {
  /** Whether it is running and fully installed. */
  readonly ready: boolean;
  /** The container, as far as it is known. */
  readonly container: Container;
  /** What was asked for and did not take effect, once it is ready: the daemon is too old for it. */
  readonly ignored: readonly ("labels" | "ttl")[];
}

const FIRST_POLL_MS = 100;
const LONGEST_POLL_MS = 2_000;
/** How often a lost creation is looked for before it is given up. */
const LOOKS = 5;

/** Creates a container: look, ask, wait. */
export async function createContainer(
  http: Http,
  containers: Containers,
  options: CreateOptions,
): Promise<CreateResult> {
  const presence = await refuseInTheWay(containers, options.username, options.signal);
  const container = await postOnce(http, containers, options, presence);
  return await waitUntilReady(containers, container, options);
}

/** A create whose answer was lost is looked for: the daemon knows of it before it answers. */
async function postOnce(
  http: Http,
  containers: Containers,
  options: CreateOptions,
  presence: Presence,
): Promise<Container> {
  try {
    return await post(http, options, presence);
  } catch (error) {
    if (!(error instanceof ContainariumError) || error.code !== "ambiguous") throw error;
    for (let look = 0; look < LOOKS; look++) {
      const found = await containers.find(options.username, options);
      // An ERROR of before says nothing about this attempt.
      if (found !== undefined && !(found.state === "failed" && presence.failedBefore)) return found;
      await delay(FIRST_POLL_MS * 2 ** look, options.signal);
    }
    throw error;
  }
}

async function post(
  http: Http,
  options: CreateOptions,
  { isOldDaemon }: Presence,
): Promise<Container> {
  let body = createBody(options, isOldDaemon);
  for (;;) {
    try {
      const { signal } = options;
      const answer = await http.request("POST", "/v1/containers", { signal, body });
      return readContainer(answer.container);
    } catch (error) {
      // A body that the daemon cannot read it does not carry out, so this is no second write.
      const { [podmanKeyRefused(error) ?? ""]: refused, ...rest } = body;
      if (refused === undefined) throw error;
      body = rest;
    }
  }
}

/** Which of the two names of one switch this daemon does not know; nothing else is ever left out. */
function podmanKeyRefused(error: unknown): string | undefined {
  if (!(error instanceof ContainariumError) || error.status !== 400) return undefined;
  return /unknown field \\?"(enablePodman|enableDocker)/.exec(error.message)?.[1];
}

/** Sends the least: an unknown key is fatal to newer daemons, an absent one is safe on all. */
function createBody(options: CreateOptions, isOldDaemon: boolean): JsonObject {
  const { username, cpu, memory, disk, sshKeys = [], image, os, labels = {}, ttlSeconds } = options;
  const resources = Object.entries({ cpu, memory, disk }).filter(([, size]) => size !== undefined);
  return {
    username,
    async: true,
    ...(resources.length > 0 ? { resources: Object.fromEntries(resources) } : {}),
    ...(sshKeys.length > 0 ? { sshKeys } : {}),
    ...(os === undefined ? {} : { osType: `OS_TYPE_${os.toUpperCase()}` }),
    ...(image === undefined || os !== undefined ? {} : { image }),
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
    ...(ttlSeconds === undefined ? {} : { ttlSeconds: String(ttlSeconds) }),
    ...(options.enablePodman ? { enablePodman: true } : {}),
    // Before 0.6.0 it has another name; daemons of that age pass over the one they do not know.
    ...(options.enablePodman && isOldDaemon ? { enableDocker: true } : {}),
  };
}

async function waitUntilReady(
  containers: Containers,
  created: Container,
  options: CreateOptions,
): Promise<CreateResult> {
  const { username, signal, waitMs = 600_000, onState } = options;
  const until = performance.now() + waitMs;
  let container = created;
  onState?.(container.state);
  for (let pauseMs = FIRST_POLL_MS;; pauseMs = Math.min(pauseMs * 1.5, LONGEST_POLL_MS)) {
    if (container.state === "running") {
      return { ready: true, container, ignored: ignoredBy(container, options) };
    }
    if (container.state === "failed") throw failed(username);
    const leftMs = until - performance.now();
    if (leftMs <= 0) return { ready: false, container, ignored: [] };
    await delay(Math.min(pauseMs, leftMs), signal);
    const next = await containers.find(username, { signal });
    if (next === undefined) throw vanished(username);
    if (next.state !== container.state) onState?.(next.state);
    container = next;
  }
}

/** Old daemons pass over what they do not know, without a word. */
function ignoredBy(
  container: Container,
  { labels = {}, ttlSeconds }: CreateOptions,
): CreateResult["ignored"] {
  const lacksLabel = Object.entries(labels).some(([key, value]) => container.labels[key] !== value);
  const lacksTtl = ttlSeconds !== undefined && container.ttlExpiresAt === undefined;
  return [...(lacksLabel ? ["labels" as const] : []), ...(lacksTtl ? ["ttl" as const] : [])];
}

function failed(username: string): ContainariumError {
  return new ContainariumError(
    "internal",
    `The daemon could not create the container for ${username}. It keeps the reason to its own ` +
      `log; an image that does not exist, a bad size and a full host are the usual ones`,
  );
}

function vanished(username: string): ContainariumError {
  return new ContainariumError(
    "failed_precondition",
    `The container for ${username} was deleted while it was being created`,
  );
}
