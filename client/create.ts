import { type Container, type ContainerState, readContainer } from "./container.ts";
import type { CallOptions, Containers } from "./containers.ts";
import { delay } from "./delay.ts";
import { ContainariumError } from "./errors.ts";
import type { Http } from "./http.ts";
import { newUsernameProblem } from "./username.ts";
import type { JsonObject } from "./wire.ts";

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
}

const FIRST_POLL_MS = 100;
const LONGEST_POLL_MS = 2_000;

/** Creates a container: look, ask, wait. */
export async function createContainer(
  http: Http,
  containers: Containers,
  options: CreateOptions,
): Promise<CreateResult> {
  const { username, signal, waitMs = 600_000 } = options;
  const problem = newUsernameProblem(username);
  if (problem !== undefined) throw new ContainariumError("invalid_argument", problem);
  await refuseExisting(containers, username, signal);
  const container = await post(http, options);
  return await waitUntilReady(containers, container, { ...options, waitMs });
}

async function refuseExisting(
  containers: Containers,
  username: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const existing = await find(containers, username, signal);
  if (existing === undefined || existing.state === "failed") return;
  const { state } = existing;
  const what = state === "creating" || state === "provisioning"
    ? `A container for ${username} is being created already (${state})`
    : `${username} has a container already (${state}); there is one a user`;
  throw new ContainariumError("conflict", `${what}. Nothing was sent`);
}

async function find(
  containers: Containers,
  username: string,
  signal: AbortSignal | undefined,
): Promise<Container | undefined> {
  try {
    return await containers.get(username, { signal });
  } catch (error) {
    if (error instanceof ContainariumError && error.code === "not_found") return undefined;
    throw error;
  }
}

async function post(http: Http, options: CreateOptions): Promise<Container> {
  const send = (body: JsonObject) =>
    http.request("POST", "/v1/containers", { signal: options.signal, body });
  try {
    return readContainer((await send(createBody(options, "enablePodman"))).container);
  } catch (error) {
    // A daemon of before 0.6.0 calls it Docker; a body it cannot read it does not carry out.
    if (!(error instanceof ContainariumError) || !isUnknownPodman(error)) throw error;
    return readContainer((await send(createBody(options, "enableDocker"))).container);
  }
}

function isUnknownPodman({ status, message }: ContainariumError): boolean {
  return status === 400 && /unknown field \\?"enablePodman/.test(message);
}

/** Sends the least: an unknown key is fatal to newer daemons, an absent one is safe on all. */
function createBody(
  options: CreateOptions,
  podmanKey: "enablePodman" | "enableDocker",
): JsonObject {
  const { username, cpu, memory, disk, sshKeys = [], image, enablePodman } = options;
  const resources = Object.entries({ cpu, memory, disk }).filter(([, size]) => size !== undefined);
  return {
    username,
    async: true,
    ...(resources.length > 0 ? { resources: Object.fromEntries(resources) } : {}),
    ...(sshKeys.length > 0 ? { sshKeys } : {}),
    ...(image === undefined ? {} : { image }),
    ...(enablePodman ? { [podmanKey]: true } : {}),
  };
}

async function waitUntilReady(
  containers: Containers,
  created: Container,
  { username, signal, waitMs, onState }: CreateOptions & { readonly waitMs: number },
): Promise<CreateResult> {
  const until = performance.now() + waitMs;
  let container = created;
  onState?.(container.state);
  for (let pauseMs = FIRST_POLL_MS;; pauseMs = Math.min(pauseMs * 1.5, LONGEST_POLL_MS)) {
    if (container.state === "running") return { ready: true, container };
    if (container.state === "failed") throw failed(username);
    const leftMs = until - performance.now();
    if (leftMs <= 0) return { ready: false, container };
    await delay(Math.min(pauseMs, leftMs), signal);
    const next = await find(containers, username, signal);
    if (next === undefined) throw vanished(username);
    if (next.state !== container.state) onState?.(next.state);
    container = next;
  }
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
