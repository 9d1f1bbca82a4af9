import { within } from "../async/deadline.ts";
import type { TokenStore } from "../auth/token_store.ts";
import type { Containers } from "../containers/containers.ts";
import type { Logger } from "../text/log.ts";
import type { Route } from "../transport/http_proxy.ts";
import { TerminalConnector } from "./connector.ts";
import { ContainerShells, type TerminalTimeouts } from "./container_shells.ts";
import { LinkOpener } from "./link_opener.ts";

/** Parts of the terminals. */
export interface TerminalsOptions extends Partial<TerminalTimeouts> {
  /** The daemon's address. */
  readonly serverUrl: URL;
  /** Provides the token. */
  readonly token: TokenStore;
  /** Reads the container before each connection. */
  readonly containers: Containers;
  /** PEM certificates to trust besides the system's. */
  readonly caCerts: readonly string[];
  /** How requests reach the daemon. */
  readonly route: Route;
  /** The `Origin` header to send. */
  readonly origin: string;
  /** Takes log lines. */
  readonly log: Logger;
}

/** Milliseconds to end everything; the rest is for the daemon's closing handshake. */
const CLOSE_MS = 700;
const HANG_UP_MS = 100;

/** The shells of all containers. */
export class AllShells implements Disposable {
  readonly #options: TerminalsOptions;
  readonly #ended: AbortSignal;
  readonly #containers = new Map<string, ContainerShells>();
  readonly #links: LinkOpener;

  /**
   * @param options Their parts
   * @param ended Aborts to end everything
   */
  constructor(options: TerminalsOptions, ended: AbortSignal) {
    this.#options = options;
    this.#ended = ended;
    this.#links = new LinkOpener(options.caCerts, options.route);
  }

  /**
   * Returns the shells of a container.
   *
   * @throws {ContainariumError} `invalid_argument` for a username that cannot be one
   */
  of(username: string): ContainerShells {
    const known = this.#containers.get(username);
    if (known !== undefined) return known;
    const { idleMs = 60_000, trustMs = 2_000, probeMs = 3_000 } = this.#options;
    const { readyMs = 25_000, overstayMs = 60_000 } = this.#options;
    const connector = new TerminalConnector(username, { ...this.#options, links: this.#links });
    const times = { idleMs, trustMs, probeMs, readyMs, overstayMs };
    const options = { ...times, log: this.#options.log };
    const made = new ContainerShells(connector, options, this.#ended);
    this.#containers.set(username, made);
    return made;
  }

  /** Uses no present session of a container for another command. */
  retire(username: string): void {
    this.#containers.get(username)?.retire();
  }

  /** Closes everything that is ending, within 0.8 s. */
  async close(): Promise<void> {
    const all = [...this.#containers.values()];
    const closing = Promise.all(all.map((container) => container.close()));
    if (!await within(closing, CLOSE_MS)) {
      for (const container of all) container.hangUp();
      await within(closing, HANG_UP_MS);
    }
    this.#links[Symbol.dispose]();
  }

  /** Asks everything to end and closes without waiting. */
  [Symbol.dispose](): void {
    for (const container of this.#containers.values()) container.letGo();
    this.#links[Symbol.dispose]();
  }
}
