import type { Containers } from "../containers/containers.ts";
import type { Logger } from "../log.ts";
import type { Route } from "../transport/http_proxy.ts";
import type { TokenStore } from "../auth/token_store.ts";
import { ContainerShells, type TerminalTimeouts } from "./container_shells.ts";
import { TerminalConnector } from "./connector.ts";
import { LinkOpener } from "./link_opener.ts";
import type { ContainerTerminal } from "./terminal.ts";
import { within } from "../async/deadline.ts";

/** What terminals are made of. */
export interface TerminalsOptions extends Partial<TerminalTimeouts> {
  /** The daemon's address. */
  readonly serverUrl: URL;
  /** Gives the token. */
  readonly token: TokenStore;
  /** Asked before each connection. */
  readonly containers: Containers;
  /** Certificates to trust besides the usual authorities', as PEM. */
  readonly caCerts: readonly string[];
  /** How requests reach the daemon. */
  readonly route: Route;
  /** The `Origin` that is sent. */
  readonly origin: string;
  /** Takes log lines. */
  readonly log: Logger;
}

/** As long as the end of everything may take together; the rest is the daemon's closing handshake. */
const CLOSE_MS = 700;
const HANG_UP_MS = 100;

/** The terminals of every container; final once they are closed. */
export class Terminals implements Disposable {
  readonly #options: TerminalsOptions;
  readonly #end = new AbortController();
  readonly #containers = new Map<string, ContainerShells>();
  readonly #links: LinkOpener;

  /** @param options What they are made of */
  constructor(options: TerminalsOptions) {
    this.#options = options;
    this.#links = new LinkOpener(options.caCerts, options.route);
  }

  /**
   * One container's.
   *
   * @throws {ContainariumError} `invalid_argument` for a username that cannot be one
   */
  of(username: string): ContainerTerminal {
    const known = this.#containers.get(username);
    if (known !== undefined) return known;
    const { idleMs = 60_000, readyMs = 25_000, overstayMs = 60_000 } = this.#options;
    const connector = new TerminalConnector(username, { ...this.#options, links: this.#links });
    const options = { idleMs, readyMs, overstayMs, log: this.#options.log };
    const made = new ContainerShells(connector, options, this.#end.signal);
    this.#containers.set(username, made);
    return made;
  }

  /**
   * Ends everything in the containers and closes the connections; 0.8 s at most. What is not heard of
   * any more ends by itself within 30 s.
   */
  async close(): Promise<void> {
    this.#end.abort();
    const all = [...this.#containers.values()];
    const closing = Promise.all(all.map((container) => container.close()));
    if (!await within(closing, CLOSE_MS)) {
      for (const container of all) container.hangUp();
      await within(closing, HANG_UP_MS);
    }
    this.#links[Symbol.dispose]();
  }

  /** Tells everything to end, and lets go at once. */
  [Symbol.dispose](): void {
    this.#end.abort();
    for (const container of this.#containers.values()) container.letGo();
    this.#links[Symbol.dispose]();
  }
}
