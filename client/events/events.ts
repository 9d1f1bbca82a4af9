import type { Logger } from "../text/log.ts";
import type { Http } from "../transport/http.ts";
import type { ContainerEvent } from "./container_event.ts";
import type { EventTimes } from "./follow_events.ts";

/** Somebody who wants to know what happens to containers. */
export interface EventWatcher {
  /** Takes what happened. */
  readonly onEvent: (event: ContainerEvent) => void;
  /**
   * A stream has been opened, for the first time or again. The daemon replays nothing: whatever happened
   * before is to be read.
   */
  readonly onOpen?: (() => void) | undefined;
}

/**
 * What happens to containers; `GET /v1/events/subscribe`. All who watch share one stream, which is open
 * while anybody does.
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
   * Calls back with what happens to containers from now on, those of other users included: the daemon tells
   * every token everything. A lost stream is opened again, at growing intervals; a daemon without events is
   * asked again now and then.
   *
   * What the daemon reports: creations, deletions, starts and stops on the host that answers. A resize, a
   * label, a snapshot or a key is no event.
   *
   * @returns Ends it
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
    // The same object may watch twice.
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
    // Imported on first use: few watch.
    const { followEvents, usualEventTimes } = await import("./follow_events.ts");
    await followEvents({
      http: this.#http,
      log: this.#log,
      signal,
      times: { ...usualEventTimes, ...this.#times },
      onOpen: () => this.#tell(signal, ({ onOpen }) => onOpen?.()),
      onEvent: (event) => this.#tell(signal, ({ onEvent }) => onEvent(event)),
    });
  }

  /** A stream that was given up may have something left; those who watch now have another. */
  #tell(signal: AbortSignal, tell: (watcher: EventWatcher) => void): void {
    if (signal.aborted) return;
    for (const watcher of [...this.#watchers]) tell(watcher);
  }

  /** Ends the stream. */
  [Symbol.dispose](): void {
    this.#watchers.clear();
    this.#end();
  }
}
