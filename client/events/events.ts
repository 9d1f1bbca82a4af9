import type { Logger } from "../text/log.ts";
import type { Http } from "../transport/http.ts";
import type { ContainerEvent } from "./container_event.ts";
import type { EventTimes } from "./follow_events.ts";

/** Callbacks for events of containers. */
export interface EventWatcher {
  /** Called with each event. */
  readonly onEvent: (event: ContainerEvent) => void;
  /**
   * Called when a stream has been opened, for the first time or again. The daemon replays nothing,
   * so read the state again.
   */
  readonly onOpen?: (() => void) | undefined;
}

/**
 * Events of containers; `GET /v1/events/subscribe`. All watchers share one stream, which is open as
 * long as there are any.
 */
export class Events implements Disposable {
  readonly #http: Http;
  readonly #log: Logger;
  readonly #times: Partial<EventTimes>;
  readonly #watchers = new Set<EventWatcher>();
  #following: AbortController | undefined;

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   */
  constructor(http: Http, log: Logger, times: Partial<EventTimes> = {}) {
    this.#http = http;
    this.#log = log;
    this.#times = times;
  }

  /**
   * Watches the events of containers from now on, including those of other users: the daemon sends
   * every event to every token. A lost stream is reopened at growing intervals; a daemon without
   * events is retried from time to time.
   *
   * The daemon reports creations, deletions, starts and stops on the host that answers. It reports
   * no resizes, labels, snapshots or keys.
   *
   * @returns Stops watching when disposed
   *
   * @example What happens to alice's container?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient, type ContainerEvent } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // simulates one
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const open = Promise.withResolvers<void>();
   * const first = Promise.withResolvers<ContainerEvent>();
   * using _watching = client.events.watch({ onOpen: open.resolve, onEvent: first.resolve });
   * await open.promise;
   * await client.containers.stop("alice");
   * const { kind, username } = await first.promise;
   * assertEquals([kind, username], ["stopped", "alice"]);
   * ```
   */
  watch(watcher: EventWatcher): Disposable {
    // The same object may be passed twice.
    const own = { ...watcher };
    this.#watchers.add(own);
    if (this.#following === undefined) this.#follow(this.#following = new AbortController());
    return { [Symbol.dispose]: () => this.#unwatch(own) };
  }

  #unwatch(watcher: EventWatcher): void {
    this.#watchers.delete(watcher);
    if (this.#watchers.size === 0) this.#end();
  }

  #end(): void {
    this.#following?.abort(new DOMException("Nobody watches", "AbortError"));
    this.#following = undefined;
  }

  async #follow({ signal }: AbortController): Promise<void> {
    // Imported on first use: few callers watch.
    const { followEvents, usualEventTimes } = await import("./follow_events.ts");
    await followEvents({
      http: this.#http,
      log: this.#log,
      signal,
      times: { ...usualEventTimes, ...this.#times },
      onOpen: () => this.#notify(signal, ({ onOpen }) => onOpen?.()),
      onEvent: (event) => this.#notify(signal, ({ onEvent }) => onEvent(event)),
    });
  }

  /** A closed stream may still deliver events; current watchers have another stream. */
  #notify(signal: AbortSignal, notify: (watcher: EventWatcher) => void): void {
    if (signal.aborted) return;
    for (const watcher of [...this.#watchers]) notify(watcher);
  }

  /** Ends the stream. */
  [Symbol.dispose](): void {
    this.#watchers.clear();
    this.#end();
  }
}
