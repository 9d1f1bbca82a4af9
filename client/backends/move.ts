import { MAX_HELD_MS } from "../async/pending_work.ts";
import type { AgreedContainer } from "../containers/agreed.ts";
import type { Container } from "../containers/container.ts";
import type { Containers } from "../containers/containers.ts";
import type { CallOptions } from "../async/call_options.ts";
import { poll } from "../async/poll.ts";
import { ContainariumError, type ErrorInit, restate } from "../errors.ts";
import type { Http } from "../transport/http.ts";
import { nearest } from "../text/nearest.ts";
import { containerName, containerPath } from "../containers/username.ts";
import { type JsonObject, readNumber } from "../wire.ts";
import type { Backend } from "./backend.ts";

/** How to move a container. */
export interface MoveOptions extends CallOptions {
  /**
   * Maximum number of incremental copies before the container is stopped, 0 to 10. The daemon's
   * default is 3, which it also uses for 0.
   */
  readonly maxIterations?: number | undefined;
  /**
   * Seconds, 1 to 60: once a copy takes less, stop the container and finish. The daemon's default
   * is 5.
   */
  readonly deltaThresholdSeconds?: number | undefined;
  /**
   * Milliseconds to wait for the end. The move continues after that, and the same call again joins
   * it.
   *
   * @default {600_000}
   */
  readonly waitMs?: number | undefined;
  /**
   * The container as the user agreed to move it, read by `getForStop`. If its stop starts a
   * deletion, any other container is refused.
   *
   * @default The current state
   */
  readonly agreed?: AgreedContainer | undefined;
}

/** Result of a move. */
export type MoveResult =
  | {
    /** It is on the target. */
    readonly kind: "moved";
    /** The host that it was on. */
    readonly from: string;
    /** The container on the target, read back. */
    readonly container: Container;
    /** Seconds of downtime; absent if the response was lost. */
    readonly downtimeSeconds?: number | undefined;
    /** Number of copies; absent if the response was lost. */
    readonly iterations?: number | undefined;
    /** Whether its previous host still lists it, too. */
    readonly isLeftBehind: boolean;
  }
  | {
    /** The wait ended first. */
    readonly kind: "moving";
  };

const LOOKS = 5;
const FIRST_LOOK_MS = 100;

/**
 * Checks that a container can be moved.
 *
 * @returns The container
 * @throws {ContainariumError} `invalid_argument`, `not_found`, `conflict` or `failed_precondition`
 */
export function checkMove(
  username: string,
  target: string,
  backends: readonly Backend[],
  rows: readonly Container[],
): Container {
  const to = findTarget(target, backends);
  const here = backends.find(({ kind }) => kind === "local");
  const [row, other] = rows;
  if (row === undefined) {
    throw new ContainariumError("not_found", `No container for ${username} on any backend`, {
      details: { username },
    });
  }
  if (other !== undefined) throw refused("conflict", inTwoPlaces(username, rows));
  if (row.backendId === to.id) {
    throw refused("failed_precondition", `${row.name} is already on ${to.id}`);
  }
  if (row.backendId !== undefined && row.backendId !== here?.id) {
    throw refused(
      "failed_precondition",
      `${row.name} is on ${row.backendId}, and only that host's own daemon can move it away; ` +
        `this one is ${here?.id ?? "another"}`,
      { reason: "other_host", details: { username, backend: row.backendId } },
    );
  }
  return here === undefined ? row : { ...row, backendId: here.id };
}

function findTarget(target: string, backends: readonly Backend[]): Backend {
  if (backends.every(({ kind }) => kind !== "peer")) {
    throw refused(
      "failed_precondition",
      "This daemon knows no other backends, so there is nowhere to move a container to",
    );
  }
  const to = backends.find(({ id }) => id === target);
  if (to === undefined) {
    const ids = backends.map(({ id }) => id);
    throw refused(
      "invalid_argument",
      `There is no backend "${target}"; there are ${ids.join(", ")}`,
      { reason: "unknown_backend", details: { meant: nearest(target, ids) } },
    );
  }
  if (!to.healthy) {
    throw refused("failed_precondition", `The backend ${to.id} is not healthy`, {
      reason: "no_healthy_backend",
    });
  }
  return to;
}

/** Moves a container and reads where it is afterwards; `POST /v1/containers/{username}/move`. */
export async function moveContainer(
  http: Http,
  containers: Containers,
  before: Container,
  target: string,
  { maxIterations, deltaThresholdSeconds, signal }: MoveOptions,
): Promise<MoveResult> {
  const { username, backendId: from = "the local host" } = before;
  const body = {
    targetBackendId: target,
    maxIterations,
    deltaThresholdSeconds,
  };
  let answer: JsonObject | undefined;
  let failure: ContainariumError | undefined;
  try {
    answer = await http.request("POST", containerPath(username, "move"), {
      signal,
      body,
      timeoutMs: MAX_HELD_MS,
    });
  } catch (error) {
    if (!(error instanceof ContainariumError) || error.code === "cancelled") throw error;
    failure = error;
  }
  const rows = await whereIs(containers, username, target, failure, signal);
  const there = rows.find(({ backendId }) => backendId === target);
  const isLeftBehind = rows.some(({ backendId }) => backendId !== target);
  if (there === undefined || (failure !== undefined && isLeftBehind)) {
    throw failed(failure, before, target, rows);
  }
  return {
    kind: "moved",
    from,
    container: there,
    isLeftBehind,
    downtimeSeconds: answer && readNumber(answer.downtimeSeconds),
    iterations: answer && readNumber(answer.iterationsRun),
  };
}

/** A peer's list may lag behind the response. After a failure, one look is enough. */
async function whereIs(
  containers: Containers,
  username: string,
  target: string,
  failure: ContainariumError | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly Container[]> {
  try {
    return await poll(
      () => containers.list({ username, signal }),
      (rows) => rows.some(({ backendId }) => backendId === target),
      { firstMs: FIRST_LOOK_MS, factor: 2, looks: failure === undefined ? LOOKS : 1, signal },
    );
  } catch (error) {
    if (!(error instanceof ContainariumError) || error.code === "cancelled") throw error;
    throw unread(username, failure, error);
  }
}

function unread(
  username: string,
  failure: ContainariumError | undefined,
  error: ContainariumError,
): ContainariumError {
  const what = failure?.message ?? `The move of ${containerName(username)} was carried out`;
  return restate(
    failure ?? error,
    `${what}. Where the container is could not be read: ${error.message}`,
    { code: "ambiguous" },
  );
}

function failed(
  failure: ContainariumError | undefined,
  { username, name, state }: Container,
  target: string,
  rows: readonly Container[],
): ContainariumError {
  const [now] = rows;
  const place = now === undefined
    ? `${name} is no longer listed`
    : rows.length > 1
    ? inTwoPlaces(username, rows)
    : `${name} is on ${now.backendId ?? "the local host"} and ${now.state} now` +
      (now.state === state ? "" : ` (it was ${state})`);
  if (failure === undefined) {
    return new ContainariumError(
      "ambiguous",
      `The daemon reports that ${name} was moved to ${target}, but ${place}`,
    );
  }
  const more = failure.code === "ambiguous" ? "; the move may still continue" : "";
  return restate(failure, `${failure.message}. ${place}${more}`);
}

function inTwoPlaces(username: string, rows: readonly Container[]): string {
  const places = rows.map(({ backendId, state }) => `${backendId ?? "the local host"} (${state})`);
  return `There are several containers for ${username}: on ${places.join(" and ")}`;
}

function refused(
  code: "conflict" | "failed_precondition" | "invalid_argument",
  message: string,
  init: ErrorInit = {},
): ContainariumError {
  return new ContainariumError(code, `${message}. Nothing was moved`, init);
}
