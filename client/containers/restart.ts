import { type Container, deletionAt } from "./container.ts";
import type { ContainerReader } from "./reader.ts";
import { startContainer, stopContainer, type StopOptions } from "./start_stop.ts";
import type { Http } from "../transport/http.ts";
import { ContainariumError, restate } from "../errors.ts";
import { formatTime } from "../text/time.ts";

/** One step of a restart. */
export type RestartStep = "stop" | "start";

/** How a container is restarted. `signal` and `timeoutMs` take effect before the stop only. */
export interface RestartOptions extends StopOptions {
  /** Called with each step as it begins. */
  readonly onStep?: ((step: RestartStep) => void) | undefined;
}

/** What a restart did. */
export interface RestartResult {
  /** Steps that changed something, in order; only `start` for a container that was stopped. */
  readonly steps: readonly RestartStep[];
  /** The container afterwards. */
  readonly container: Container;
}

/**
 * Stops a container, then starts it. Cancellation is respected before the stop only: a container
 * that was stopped for a restart must not stay stopped because nobody waits anymore.
 */
export async function restartContainer(
  http: Http,
  containers: ContainerReader,
  username: string,
  { signal, onStep, ...options }: RestartOptions,
): Promise<RestartResult> {
  signal?.throwIfAborted();
  onStep?.("stop");
  const stopped = await stopFirst(http, containers, username, options);
  onStep?.("start");
  try {
    const addressTimeoutMs = signal?.aborted === true ? 0 : undefined;
    const started = await startContainer(http, containers, username, { addressTimeoutMs });
    const steps = [
      ...(stopped ? ["stop" as const] : []),
      ...(started.changed ? ["start" as const] : []),
    ];
    return { steps, container: started.container };
  } catch (error) {
    throw await withState(containers, username, error, stopped);
  }
}

/**
 * Returns whether the container was stopped now. After a stop whose response was lost or that timed
 * out, reads the state: a container that is stopped is started in any case.
 */
async function stopFirst(
  http: Http,
  containers: ContainerReader,
  username: string,
  options: StopOptions,
): Promise<boolean> {
  try {
    return (await stopContainer(http, containers, username, options)).changed;
  } catch (error) {
    const mayHaveStopped = error instanceof ContainariumError &&
      (error.code === "ambiguous" || error.reason === "shutdown_timed_out");
    if (!mayHaveStopped) throw error;
    const now = await containers.find(username).catch(() => undefined);
    if (now?.state === "stopped") return true;
    throw error;
  }
}

/** Adds the state in which a failed restart left the container. */
async function withState(
  containers: ContainerReader,
  username: string,
  error: unknown,
  stopped: boolean,
): Promise<unknown> {
  if (!(error instanceof ContainariumError)) return error;
  const did = stopped ? "It was stopped for the restart" : "It was stopped before the restart";
  try {
    const now = await containers.findWhole(username);
    const state = now === undefined ? "is gone now" : `is ${now.state} now`;
    const deletion = now === undefined ? undefined : deletionAt(now);
    const end = deletion === undefined ? "" : `, and will be deleted at ${formatTime(deletion)}`;
    const message = `${error.message}. ${did} and ${state}${end}`;
    return now?.state === "stopped"
      ? restate(error, message, { reason: "left_stopped", details: { username } })
      : restate(error, message);
  } catch (unread) {
    if (!(unread instanceof ContainariumError)) throw unread;
    return restate(
      error,
      `${error.message}. ${did}; its state could not be read (${unread.message})`,
    );
  }
}
