import { containerName } from "./username.ts";
import { afterWrite } from "../transport/after_write.ts";
import type { Container, ContainerState } from "./container.ts";
import type { ContainerReader } from "./reader.ts";
import { refuseInTheWay } from "./create_checks.ts";
import type { CreateOptions, CreateResult } from "./create_options.ts";
import { refuseMisread } from "./create_problems.ts";
import { requestCreation } from "./create_request.ts";
import { delay } from "../async/delay.ts";
import { poll } from "../async/poll.ts";
import { ContainariumError, restate } from "../errors.ts";
import type { Http } from "../transport/http.ts";
import { ignoredBy } from "./ignored.ts";

const pace = { firstMs: 100, factor: 1.5, maxMs: 2_000 };
/** Milliseconds that a peer may take to list a container that it accepted. */
const PEER_GRACE_MS = 5_000;

/** Creates a container: checks, sends, and waits. */
export async function createContainer(
  http: Http,
  containers: ContainerReader,
  options: CreateOptions,
): Promise<CreateResult> {
  refuseMisread(options);
  const presence = await refuseInTheWay(containers, options.username, options.signal);
  const container = await requestCreation(http, containers, options, presence);
  const ended = await waitUntilReady(containers, container, options);
  const { username, signal, deleteAfterStoppedSeconds } = options;
  if (ended.state !== "running") {
    return { ready: false, container: { ...ended, deleteAfterStoppedSeconds }, ignored: [] };
  }
  // Only the list reports when a stopped one is deleted.
  const whole = deleteAfterStoppedSeconds === undefined ? ended : await afterWrite(
    `The creation of ${containerName(username)}`,
    async () => await containers.findWhole(username, { signal }) ?? ended,
  );
  const ignored = ignoredBy(whole, options, presence.isOldDaemon);
  return { ready: true, container: whole, ignored };
}

async function waitUntilReady(
  containers: ContainerReader,
  created: Container,
  options: CreateOptions,
): Promise<Container> {
  const { username, signal, waitMs = 600_000, onState } = options;
  const peer = created.backendId === undefined ? undefined : new OnPeer(created.backendId);
  let seen: Container | undefined;
  let wasProvisioning = false;
  const look = async () => {
    // The first look is the response to the creation.
    const now = seen === undefined ? created : await readOn(containers, username, signal);
    if (now instanceof ContainariumError) {
      if (seen !== undefined && peer?.maySoonBeThere(now) === true) return seen;
      throw peer?.explain(now) ?? now;
    }
    if (seen !== undefined) peer?.saw();
    if (now.state !== seen?.state) onState?.(now.state);
    wasProvisioning ||= now.state === "provisioning";
    return seen = now;
  };
  const isOver = ({ state }: Container) => state === "running" || isHalted(state, wasProvisioning);
  return await poll(look, isOver, {
    ...pace,
    timeoutMs: waitMs,
    pause: (ms) =>
      afterWrite(`The creation of ${containerName(username)}`, () => delay(ms, signal)),
  });
}

/** A peer does not list a container at once, and drops it when its creation fails. */
class OnPeer {
  readonly #backend: string;
  readonly #until = performance.now() + PEER_GRACE_MS;
  #wasSeen = false;

  constructor(backend: string) {
    this.#backend = backend;
  }

  saw(): void {
    this.#wasSeen = true;
  }

  maySoonBeThere({ code }: ContainariumError): boolean {
    return code === "failed_precondition" && !this.#wasSeen && performance.now() < this.#until;
  }

  explain(error: ContainariumError): ContainariumError {
    if (error.code !== "failed_precondition") return error;
    return restate(
      error,
      `The backend ${this.#backend} accepted the creation but does not list the container` +
        `${
          this.#wasSeen ? " any more" : ""
        }: it could not be created there, or it was deleted. Only ` +
        `that backend's own log says which`,
      { code: "internal" },
    );
  }
}

/** Someone else stopped or paused it, so it will not become ready by itself. */
function isHalted(state: ContainerState, wasProvisioning: boolean): boolean {
  return state === "frozen" || (state === "stopped" && wasProvisioning);
}

/** Returns the container, or the error that ended the creation. */
async function readOn(
  containers: ContainerReader,
  username: string,
  signal: AbortSignal | undefined,
): Promise<Container | ContainariumError> {
  return await afterWrite(`The creation of ${containerName(username)}`, async () => {
    try {
      const container = await containers.getRaw(username, { signal });
      if (container.state !== "failed") return container;
      const [other] = await containers.list({ signal, username });
      return other === undefined ? failed(username) : overtaken(username, other);
    } catch (error) {
      if (error instanceof ContainariumError && error.code === "not_found") {
        return vanished(username);
      }
      throw error;
    }
  });
}

function failed(username: string): ContainariumError {
  return new ContainariumError(
    "internal",
    `The daemon could not create the container for ${username}; only its own log has the reason`,
    { reason: "creation_failed", details: { username } },
  );
}

function overtaken(username: string, { state }: Container): ContainariumError {
  return new ContainariumError(
    "conflict",
    `Another creation for ${username} finished first: the existing container (${state}) was not ` +
      "created by this call",
    { reason: "already_exists", details: { username } },
  );
}

function vanished(username: string): ContainariumError {
  return new ContainariumError(
    "failed_precondition",
    `The container for ${username} was deleted while it was being created`,
  );
}
