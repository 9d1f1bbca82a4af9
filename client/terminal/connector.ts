/**
 * Opens terminals of one container, after checking access and state.
 *
 * @module
 */
import type { ApiPath } from "../transport/api_path.ts";
import type { Containers } from "../containers/containers.ts";
import type { TokenStore } from "../auth/token_store.ts";
import { containerName, containerPath } from "../containers/username.ts";
import { within } from "../async/deadline.ts";
import { Refused } from "./link.ts";
import type { LinkOpener } from "./link_opener.ts";
import { OpenSockets } from "./open_sockets.ts";
import { TerminalSocket } from "./socket.ts";
import { notRunning, refusalError } from "./terminal_refusal.ts";
import { traceHeaders } from "../transport/trace_context.ts";

/** Parts of a `TerminalConnector`. */
export interface ConnectorOptions {
  /** The daemon's address. */
  readonly serverUrl: URL;
  /** Provides the token. */
  readonly token: TokenStore;
  /** Reads the container before each connection. */
  readonly containers: Containers;
  /** Opens connections. */
  readonly links: LinkOpener;
  /** The `Origin` header to send. */
  readonly origin: string;
}

/** Milliseconds to look at a container whose connection was lost. */
const LOOK_MS = 3_000;

/** Opens terminals of one container. */
export class TerminalConnector {
  /** The instance's name, for messages. */
  readonly name: string;
  /** The open connections. */
  readonly sockets: OpenSockets = new OpenSockets();
  readonly #username: string;
  /** The terminal's path. */
  readonly path: ApiPath;
  readonly #options: ConnectorOptions;

  /** @throws {ContainariumError} `invalid_argument` for a username that cannot be one */
  constructor(username: string, options: ConnectorOptions) {
    this.path = containerPath(username, "terminal");
    this.#username = username;
    this.name = containerName(username);
    this.#options = options;
  }

  /**
   * Opens a terminal after checking that the token may see the container and that it runs: the
   * daemon lets any token into any terminal.
   *
   * @throws {ContainariumError}
   * @throws The signal's reason
   */
  async enter(signal: AbortSignal): Promise<TerminalSocket> {
    const { serverUrl, token, containers, links, origin } = this.#options;
    const container = await containers.get(this.#username, { signal });
    const terminal = { ...container, name: this.name, username: this.#username, path: this.path };
    // The daemon does not always know the state of a peer's container.
    if (container.state !== "running" && container.state !== "unknown") throw notRunning(terminal);
    const authorization = (await token.current()).authorization();
    const headers = { authorization, origin, ...traceHeaders() };
    signal.throwIfAborted();
    const connect = (signal: AbortSignal) =>
      TerminalSocket.connect({ serverUrl, path: this.path, headers, links, signal });
    try {
      return await this.sockets.open(connect, signal);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw await refusalError({ ...terminal, origin }, error.status, () => this.look());
    }
  }

  /** Returns the container's state after a connection to it was lost, or `undefined` if that is unknown. */
  async look(): Promise<string | undefined> {
    const controller = new AbortController();
    const { signal } = controller;
    const looking = this.#options.containers.find(this.#username, { signal });
    if (!await within(looking, LOOK_MS)) controller.abort();
    try {
      const container = await looking;
      if (container === undefined) return `${this.name} no longer exists`;
      return container.state === "running" || container.state === "unknown"
        ? undefined
        : `${this.name} is ${container.state} now`;
    } catch {
      return undefined;
    }
  }
}
