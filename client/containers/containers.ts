import { afterWrite } from "../transport/after_write.ts";
import { type AgreedContainer, isSameContainer, refuseOtherDeletion } from "./agreed.ts";
import {
  type Container,
  type ContainerState,
  isDeletedOnceStopped,
  present,
  readContainer,
} from "./container.ts";
import { createContainer, type CreateOptions, type CreateResult } from "./create.ts";
import { deleteContainer, type DeleteResult } from "./delete.ts";
import { delay } from "../async/delay.ts";
import { diagnose, type Diagnosis } from "./diagnosis.ts";
import { ContainariumError, restate } from "../errors.ts";
import { expectPassedOn, notFoundOrSilent } from "./on_peer.ts";
import type { Http } from "../transport/http.ts";
import { resizeContainer, type ResizeOptions, type ResizeResult } from "./resize.ts";
import { restartContainer, type RestartOptions, type RestartResult } from "./restart.ts";
import { Settings } from "./update.ts";
import { listContainers, type ListOptions } from "./list.ts";
import { containerPath } from "./username.ts";

/** What any call may carry. */
export interface CallOptions {
  /** Aborts the call. */
  readonly signal?: AbortSignal | undefined;
}

/** How to stop a container. */
export interface StopOptions extends CallOptions {
  /**
   * Kill it instead of shutting it down.
   *
   * @default {false}
   */
  readonly force?: boolean;
  /**
   * What was agreed to be stopped, with what only a list says of it: where the stop starts a
   * deletion, anything else is refused.
   *
   * @default Whatever there is
   */
  readonly agreed?: AgreedContainer;
}

/** How to start a container. */
export interface StartOptions extends CallOptions {
  /**
   * How many milliseconds to wait for an IP address.
   *
   * @default {10_000}
   */
  readonly addressTimeoutMs?: number;
}

/** How to delete a container. */
export interface DeleteOptions extends CallOptions {
  /**
   * Kill it first instead of shutting it down; a running container is deleted either way.
   *
   * @default {false}
   */
  readonly force?: boolean;
  /**
   * What was agreed to be deleted; anything else is refused.
   *
   * @default Whatever there is
   */
  readonly agreed?: AgreedContainer;
}

/** How to wait for a state. */
export interface WaitOptions extends CallOptions {
  /** Milliseconds to wait at most. */
  readonly timeoutMs: number;
  /** Called with each new state. */
  readonly onState?: (state: ContainerState) => void;
}

/** A container and whether the call changed it. */
export interface ChangeResult {
  /** False when it was in the wanted state already. */
  readonly changed: boolean;
  /** The container afterwards. */
  readonly container: Container;
}

const POLL_MS = 250;
const LONGEST_POLL_MS = 2_000;

/** The containers of a daemon; `/v1/containers`. */
export class Containers {
  /** Labels, time to live, protection, auto-sleep. */
  readonly settings: Settings;
  readonly #http: Http;

  /**
   * Made by the client.
   *
   * @param http Speaks to the daemon
   */
  constructor(http: Http) {
    this.#http = http;
    this.settings = new Settings(http);
  }

  /**
   * Lists containers, by username; `GET /v1/containers`. Without the admin role only one's own.
   *
   * @throws {ContainariumError}
   */
  list(options: ListOptions = {}): Promise<readonly Container[]> {
    return listContainers(this.#http, options);
  }

  /**
   * Reads one container; `GET /v1/containers/{username}`. The daemon answers ERROR for ever after
   * a failed create, over a healthy container too, so that is checked against the list.
   *
   * @throws {ContainariumError} `not_found` when there is none
   */
  async get(username: string, { signal }: CallOptions = {}): Promise<Container> {
    const container = await this.getAsSaid(username, { signal });
    if (container.state !== "failed") return container;
    const [listed] = await this.list({ signal, username });
    return listed ?? container;
  }

  /**
   * Reads one container, an ERROR as the daemon says it: over a healthy container too, that the last
   * creation failed.
   *
   * @throws {ContainariumError} `not_found` when there is none
   */
  async getAsSaid(username: string, { signal }: CallOptions = {}): Promise<Container> {
    const answer = await this.#http.request("GET", containerPath(username), { signal });
    return readContainer(answer.container);
  }

  /**
   * Reads one container, with what only a list says of it: when it stopped, and whether a stop
   * starts its deletion.
   *
   * @throws {ContainariumError} `not_found` when there is none
   */
  async getWhole(username: string, options: CallOptions = {}): Promise<Container> {
    const [container, rows] = await Promise.all([
      this.get(username, options),
      this.list({ ...options, username }),
    ]);
    // Two hosts may each hold one of that name; the daemon is asked by name only.
    const listed = rows.find((row) => isSameContainer(row, container)) ?? rows[0];
    const { stoppedAt, deleteAfterStoppedSeconds } = listed ?? {};
    return { ...container, ...present({ stoppedAt, deleteAfterStoppedSeconds }) };
  }

  /**
   * Reads one container, as `getWhole` does, or nothing when there is none.
   *
   * @throws {ContainariumError}
   */
  async findWhole(username: string, options: CallOptions = {}): Promise<Container | undefined> {
    return await ifFound(this.getWhole(username, options));
  }

  /**
   * Reads one container, as `get` does, or nothing when there is none.
   *
   * @throws {ContainariumError}
   */
  async find(username: string, options: CallOptions = {}): Promise<Container | undefined> {
    return await ifFound(this.get(username, options));
  }

  /**
   * Reads one container again and again until it is in a state, or the time is over; a creation that
   * failed ends the wait too.
   *
   * @returns The container as it was read last
   * @throws {ContainariumError} `not_found` when there is none
   */
  async waitFor(
    username: string,
    state: ContainerState,
    { signal, timeoutMs, onState }: WaitOptions,
  ): Promise<Container> {
    const until = performance.now() + timeoutMs;
    let seen: ContainerState | undefined;
    for (let pauseMs = POLL_MS;; pauseMs = Math.min(pauseMs * 1.5, LONGEST_POLL_MS)) {
      const container = await this.get(username, { signal });
      if (container.state !== seen) onState?.(container.state);
      seen = container.state;
      const leftMs = until - performance.now();
      if (seen === state || seen === "failed" || leftMs <= 0) return container;
      await delay(Math.min(pauseMs, leftMs), signal);
    }
  }

  /**
   * The daemon's verdict on a container and its host account, also when there is no container;
   * `GET /v1/containers/{username}/debug`.
   *
   * @throws {ContainariumError} `not_found` or `unsupported` when the daemon is older than 0.16.5
   */
  diagnose(username: string, { signal }: CallOptions = {}): Promise<Diagnosis> {
    return diagnose(this.#http, username, signal);
  }

  /**
   * Creates a container and waits until it is ready; `POST /v1/containers`, asynchronously, then
   * polled.
   *
   * @throws {ContainariumError} `conflict` when the user has one already, before anything is sent
   */
  create(options: CreateOptions): Promise<CreateResult> {
    return createContainer(this.#http, this, options);
  }

  /**
   * Deletes a container with its disk, and reads that it is gone;
   * `DELETE /v1/containers/{username}`. The daemon also removes the host account of that name with
   * its home. That there is none is a success, reported as such.
   *
   * @throws {ContainariumError} `failed_precondition` when it is protected, or not what was agreed to
   */
  delete(username: string, options: DeleteOptions = {}): Promise<DeleteResult> {
    return deleteContainer(this.#http, this, username, options);
  }

  /**
   * Sets new limits, and reads that they hold; `PUT /v1/containers/{username}/resize`.
   *
   * @throws {ContainariumError} `not_found`; `failed_precondition` for a disk that would shrink; any
   * failure says what was changed all the same
   */
  resize(username: string, options: ResizeOptions): Promise<ResizeResult> {
    return resizeContainer(this.#http, this, username, options);
  }

  /**
   * Starts a container and waits a while for its address;
   * `POST /v1/containers/{username}/start`.
   *
   * @throws {ContainariumError} `not_found` when there is none; `failed_precondition` when it is frozen
   */
  async start(username: string, options: StartOptions = {}): Promise<ChangeResult> {
    const { signal, addressTimeoutMs = 10_000 } = options;
    const changed = await this.#change(username, "start", {}, signal);
    const container = await afterWrite(
      `The start of ${username}-container`,
      () => this.#untilAddress(username, addressTimeoutMs, signal),
    );
    if (changed) expectPassedOn(container, "running");
    else expectState(container, "running");
    return { changed, container };
  }

  async #untilAddress(
    username: string,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Container> {
    const until = performance.now() + timeoutMs;
    for (;;) {
      const container = await this.get(username, { signal });
      const isWaiting = container.state === "running" && container.ipAddress === undefined;
      if (!isWaiting || performance.now() >= until) return container;
      await delay(POLL_MS, signal);
    }
  }

  /**
   * Stops a container; `POST /v1/containers/{username}/stop`.
   *
   * @throws {ContainariumError} `not_found` when there is none; `conflict` while it is being
   * created; `failed_precondition` for a stop that starts a deletion that was not agreed to
   */
  async stop(username: string, options: StopOptions = {}): Promise<ChangeResult> {
    const { signal, force = false, agreed } = options;
    const body = force ? { force } : {};
    if (agreed !== undefined) await this.#refuseOtherStop(username, agreed, signal);
    const changed = await this.#stop(username, body, signal);
    const isDeleted = agreed?.container !== undefined && isDeletedOnceStopped(agreed.container);
    const container = await afterWrite(
      `The stop of ${username}-container`,
      () => isDeleted ? this.getWhole(username, { signal }) : this.get(username, { signal }),
    );
    if (changed) expectPassedOn(container, "stopped");
    else expectState(container, "stopped");
    return { changed, container };
  }

  /**
   * Stops a container and starts it again; a stopped one is only started.
   *
   * @throws {ContainariumError} As `stop` and `start` do. If the start fails, the message says in what
   * state the container is; reason `left_stopped` if it is stopped
   */
  restart(username: string, options: RestartOptions = {}): Promise<RestartResult> {
    return restartContainer(this, username, options);
  }

  async #refuseOtherStop(
    username: string,
    agreed: AgreedContainer,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const now = await this.find(username, { signal });
    if (now === undefined || now.state === "stopped") return;
    const was = agreed.container;
    // Nothing changes the span, so that it need not be read again for the same container.
    const whole = was !== undefined && isSameContainer(now, was)
      ? { ...now, ...present({ deleteAfterStoppedSeconds: was.deleteAfterStoppedSeconds }) }
      : await this.findWhole(username, { signal }) ?? now;
    refuseOtherDeletion(whole, agreed);
  }

  /** A shutdown that takes over 30 s is given up by the daemon, which may leave any state behind. */
  async #stop(
    username: string,
    body: { readonly force?: boolean },
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    try {
      return await this.#change(username, "stop", body, signal);
    } catch (error) {
      const isGivenUp = error instanceof ContainariumError && error.code === "timeout";
      if (!isGivenUp) throw error;
      const now = await afterWrite(
        `The stop of ${username}-container`,
        () => this.get(username, { signal }),
      );
      throw restate(
        error,
        `${username}-container did not shut down in time and is ${now.state} now`,
        { code: "failed_precondition", reason: "shutdown_timed_out", details: { username } },
      );
    }
  }

  /** Being in the wanted state already is an error to the daemon and a success here. */
  async #change(
    username: string,
    action: "start" | "stop",
    body: { readonly force?: boolean },
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    try {
      await this.#http.request("POST", containerPath(username, action), { signal, body });
      return true;
    } catch (error) {
      if (!(error instanceof ContainariumError)) throw error;
      if (error.reason === "already_in_state") return false;
      throw error.code === "not_found"
        ? notFoundOrSilent(error, action, await this.find(username, { signal }))
        : error;
    }
  }
}

async function ifFound(found: Promise<Container>): Promise<Container | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof ContainariumError && error.code === "not_found") return undefined;
    throw error;
  }
}

/** The daemon calls a frozen container running, and one that is being created stopped. */
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
