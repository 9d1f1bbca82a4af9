/**
 * Starts and stops a container.
 *
 * @module
 */
import { afterWrite } from "../transport/after_write.ts";
import { type AgreedContainer, isSameContainer, refuseOtherDeletion } from "./agreed.ts";
import type { CallOptions } from "../async/call_options.ts";
import { type Container, isDeletedOnceStopped } from "./container.ts";
import { ContainariumError, restate } from "../errors.ts";
import { expectPassedOn, notFoundOrSilent } from "./on_peer.ts";
import type { Http } from "../transport/http.ts";
import { poll } from "../async/poll.ts";
import type { ContainerReader } from "./reader.ts";
import { containerName, containerPath } from "./username.ts";

/** How to stop a container. */
export interface StopOptions extends CallOptions {
  /**
   * Kill it instead of shutting it down.
   *
   * @default {false}
   */
  readonly force?: boolean | undefined;
  /**
   * The container as the user agreed to stop it, read by `getForStop`. If the stop starts a
   * deletion, any other container is refused.
   *
   * @default The current state
   */
  readonly agreed?: AgreedContainer | undefined;
}

/** How to start a container. */
export interface StartOptions extends CallOptions {
  /**
   * Milliseconds to wait for an IP address.
   *
   * @default {10_000}
   */
  readonly addressTimeoutMs?: number | undefined;
}

/** A container and whether the call changed it. */
export interface ChangeResult {
  /** False when it was in the wanted state already. */
  readonly changed: boolean;
  /** The container afterwards. */
  readonly container: Container;
}

const POLL_MS = 250;

/** Starts a container; `POST /v1/containers/{username}/start`. */
export async function startContainer(
  http: Http,
  containers: ContainerReader,
  username: string,
  options: StartOptions,
): Promise<ChangeResult> {
  const { signal, addressTimeoutMs = 10_000 } = options;
  const changed = await change(http, containers, username, "start", {}, signal);
  const container = await afterWrite(
    `The start of ${containerName(username)}`,
    () => untilAddress(containers, username, addressTimeoutMs, signal),
  );
  if (changed) expectPassedOn(container, "running");
  else expectState(container, "running");
  return { changed, container };
}

async function untilAddress(
  containers: ContainerReader,
  username: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Container> {
  return await poll(
    () => containers.get(username, { signal }),
    ({ state, ipAddress }) => state !== "running" || ipAddress !== undefined,
    { firstMs: POLL_MS, timeoutMs, signal },
  );
}

/** Stops a container; `POST /v1/containers/{username}/stop`. */
export async function stopContainer(
  http: Http,
  containers: ContainerReader,
  username: string,
  options: StopOptions,
): Promise<ChangeResult> {
  const { signal, force = false, agreed } = options;
  const body = force ? { force } : {};
  // A container that is already stopped needs no request: it would stop what others start now.
  const changed = agreed !== undefined && !await isToStop(containers, username, agreed, signal)
    ? false
    : await stop(http, containers, username, body, signal);
  const isDeleted = agreed?.container !== undefined && isDeletedOnceStopped(agreed.container);
  const container = await afterWrite(
    `The stop of ${containerName(username)}`,
    () =>
      isDeleted ? containers.getWhole(username, { signal }) : containers.get(username, { signal }),
  );
  if (changed) expectPassedOn(container, "stopped");
  else expectState(container, "stopped");
  return { changed, container };
}

/** Returns whether there is anything to stop; throws if it was not agreed to. */
async function isToStop(
  containers: ContainerReader,
  username: string,
  agreed: AgreedContainer,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const now = await containers.find(username, { signal });
  // Let the daemon report that there is none.
  if (now === undefined) return true;
  if (now.state === "stopped") return false;
  const was = agreed.container;
  // The delay never changes, so it need not be read again for the same container.
  const whole = was !== undefined && isSameContainer(now, was)
    ? { ...now, deleteAfterStoppedSeconds: was.deleteAfterStoppedSeconds }
    : await containers.findWhole(username, { signal }) ?? now;
  refuseOtherDeletion(whole, agreed);
  return true;
}

/** The daemon gives up on a shutdown after 30 s, which may leave any state behind. */
async function stop(
  http: Http,
  containers: ContainerReader,
  username: string,
  body: { readonly force?: boolean },
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    return await change(http, containers, username, "stop", body, signal);
  } catch (error) {
    const isGivenUp = error instanceof ContainariumError && error.code === "timeout";
    if (!isGivenUp) throw error;
    const now = await afterWrite(
      `The stop of ${containerName(username)}`,
      () => containers.get(username, { signal }),
    );
    throw restate(
      error,
      `${containerName(username)} did not shut down in time and is ${now.state} now`,
      { code: "failed_precondition", reason: "shutdown_timed_out" },
    );
  }
}

/** Being in the wanted state already is an error for the daemon and a success here. */
async function change(
  http: Http,
  containers: ContainerReader,
  username: string,
  action: "start" | "stop",
  body: { readonly force?: boolean },
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    await http.request("POST", containerPath(username, action), { signal, body });
    return true;
  } catch (error) {
    if (!(error instanceof ContainariumError)) throw error;
    if (error.reason === "already_in_state") return false;
    throw error.code === "not_found"
      ? notFoundOrSilent(error, action, await containers.find(username, { signal }))
      : error;
  }
}

/**
 * The daemon reports a frozen container as already running, and one being created as already
 * stopped.
 */
function expectState({ username, state }: Container, wanted: "running" | "stopped"): void {
  switch (state) {
    case "frozen":
      throw new ContainariumError(
        "failed_precondition",
        `The container of ${username} is frozen (paused), which the daemon cannot undo: stop it with ` +
          `force, then start it`,
        { reason: "frozen", details: { username } },
      );
    case "creating":
    case "provisioning":
      throw new ContainariumError(
        "conflict",
        `The container of ${username} is still being created (${state}), so it cannot be ` +
          `${wanted === "running" ? "started" : "stopped"} yet`,
        { reason: "being_created", details: { username } },
      );
    case "running":
    case "stopped":
    case "failed":
    case "unknown":
      return;
  }
}
