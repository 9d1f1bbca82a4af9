import { delay } from "../async/delay.ts";
import { ContainariumError } from "../errors.ts";
import type { Logger } from "../text/log.ts";
import { ApiPath } from "../transport/api_path.ts";
import type { Http } from "../transport/http.ts";
import { type ContainerEvent, readContainerEvent } from "./container_event.ts";
import { EventReader, EventTooLong } from "./event_reader.ts";

/** Waiting times of a stream of events, in milliseconds. */
export interface EventTimes {
  /** Wait before the second attempt; doubles with each further one. */
  readonly firstRetryMs: number;
  /** The longest wait between two attempts. */
  readonly maxRetryMs: number;
  /** Wait before the next attempt at a daemon without events. */
  readonly unsupportedRetryMs: number;
  /** Silence after which a stream is considered lost: the daemon sends something every 15 s. */
  readonly silenceMs: number;
}

/** The usual waiting times. */
export const usualEventTimes: EventTimes = {
  firstRetryMs: 1_000,
  maxRetryMs: 60_000,
  unsupportedRetryMs: 600_000,
  silenceMs: 45_000,
};

/** Options of `followEvents`. */
export interface EventFollower {
  /** Sends requests to the daemon. */
  readonly http: Http;
  /** Called with debug lines. */
  readonly log: Logger;
  /** Stops watching when disposed. */
  readonly signal: AbortSignal;
  /** Waiting times. */
  readonly times: EventTimes;
  /** Called when a stream is open; earlier events are lost. */
  readonly onOpen: () => void;
  /** Called with each event. */
  readonly onEvent: (event: ContainerEvent) => void;
}

const MAX_EVENT_CHARS = 256 * 1024;

/** Follows the daemon's events until the signal aborts, reopening lost streams. */
export async function followEvents(follower: EventFollower): Promise<void> {
  const { signal, times, log } = follower;
  let failures = 0;
  while (!signal.aborted) {
    const started = performance.now();
    let error: unknown;
    try {
      await followOne(follower);
    } catch (caught) {
      error = caught;
    }
    if (signal.aborted) return;
    // A stream that lasted means that the daemon restarted, so retry at once; one that drops each
    // stream at once has not.
    if (performance.now() - started > times.maxRetryMs) failures = 0;
    const isUnsupported = error instanceof ContainariumError &&
      (error.code === "unsupported" || error.code === "not_found");
    const waitMs = isUnsupported
      ? times.unsupportedRetryMs
      : Math.min(times.maxRetryMs, times.firstRetryMs * 2 ** failures) * (0.5 + Math.random());
    failures += 1;
    const reason = error instanceof Error ? error.message : "the stream ended";
    log("debug", `events: ${reason}; next attempt in ${Math.round(waitMs)} ms`);
    await delay(waitMs, signal).catch(() => {});
  }
}

async function followOne({ http, signal, times, onOpen, onEvent }: EventFollower): Promise<void> {
  const reader = new EventReader(MAX_EVENT_CHARS);
  const connection = new AbortController();
  const giveUp = () => connection.abort(signal.reason);
  const loseIt = () => connection.abort(new DOMException("The stream is silent", "TimeoutError"));
  let silence: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    signal.throwIfAborted();
    const chunks = http.stream(new ApiPath("events", "subscribe"), {
      signal: connection.signal,
      query: { resourceTypes: "CONTAINER" },
      accept: "text/event-stream",
    });
    for await (const chunk of chunks) {
      if (silence === undefined) onOpen();
      clearTimeout(silence);
      silence = setTimeout(loseIt, times.silenceMs);
      for (const event of reader.push(chunk)) {
        const read = readContainerEvent(event);
        if (read !== undefined) onEvent(read);
      }
    }
  } catch (error) {
    if (!(error instanceof EventTooLong)) throw error;
    throw new ContainariumError("resource_exhausted", error.message, { cause: error });
  } finally {
    clearTimeout(silence);
    signal.removeEventListener("abort", giveUp);
  }
}
