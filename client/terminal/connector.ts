/**
 * The way to one container's terminal: who may go, whether it runs, and what a refusal means.
 *
 * @module
 */
import type { ApiPath } from "../transport/api_path.ts";
import type { Container } from "../containers/container.ts";
import type { Containers } from "../containers/containers.ts";
import { ContainariumError, type ErrorCode, type ErrorInit } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { TokenStore } from "../auth/token_store.ts";
import { containerName, containerPath } from "../containers/username.ts";
import { farewell } from "./agent.ts";
import { Refused } from "./link.ts";
import type { LinkOpener } from "./link_opener.ts";
import { dismiss } from "./ready.ts";
import { TerminalSocket } from "./socket.ts";
import { settled, within } from "../async/deadline.ts";

/** Parts of a `TerminalConnector`. */
export interface ConnectorOptions {
  /** The daemon's address. */
  readonly serverUrl: URL;
  /** Gives the token. */
  readonly token: TokenStore;
  /** Asked before each connection. */
  readonly containers: Containers;
  /** Opens connections. */
  readonly links: LinkOpener;
  /** The `Origin` that is sent. */
  readonly origin: string;
  /** Takes log lines. */
  readonly log: Logger;
}

/** How long a look at a container whose connection was lost may take. */
const LOOK_MS = 3_000;

/** Opens terminals of one container. */
export class TerminalConnector {
  /** The instance's name, for messages. */
  readonly name: string;
  readonly #sockets = new Set<TerminalSocket>();
  readonly #leaving = new Set<Promise<unknown>>();
  readonly #hangUp = new AbortController();
  readonly #username: string;
  readonly #path: ApiPath;
  readonly #options: ConnectorOptions;

  /** @throws {ContainariumError} `invalid_argument` for a username that cannot be one */
  constructor(username: string, options: ConnectorOptions) {
    this.#path = containerPath(username, "terminal");
    this.#username = username;
    this.name = containerName(username);
    this.#options = options;
  }

  /**
   * Opens a terminal, after a look whether this token may see the container and whether it runs: the
   * daemon lets any token into any terminal.
   *
   * @throws {ContainariumError}
   * @throws The signal's reason
   */
  async enter(signal: AbortSignal): Promise<TerminalSocket> {
    const { serverUrl, token, containers, links, origin } = this.#options;
    const container = await containers.get(this.#username, { signal });
    this.#refuseIfNotRunning(container);
    const headers = { authorization: (await token.current()).authorization(), origin };
    signal.throwIfAborted();
    const opening = this.#connect(
      TerminalSocket.connect({
        serverUrl,
        path: this.#path,
        headers,
        links,
        signal: this.#hangUp.signal,
      }),
    );
    await settled(opening, signal);
    if (signal.aborted) this.#leave(opening);
    signal.throwIfAborted();
    try {
      return await opening;
    } catch (error) {
      throw error instanceof Refused ? await this.#explain(error.status, container) : error;
    }
  }

  /** Resolves when no connection is open any more. */
  async left(): Promise<void> {
    await Promise.all([...this.#leaving, ...[...this.#sockets].map((socket) => socket.dropped)]);
  }

  /** Closes the connections, whatever is at their other ends; no more can be opened. */
  hangUp(): void {
    this.#hangUp.abort();
    for (const socket of this.#sockets) socket.close();
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

  /** Logs what was done, in numbers: what is typed is nobody's business. */
  log(message: string): void {
    this.#options.log("debug", `terminal of ${this.name}: ${message}`);
  }

  async #connect(connecting: Promise<TerminalSocket>): Promise<TerminalSocket> {
    const socket = await connecting;
    this.#sockets.add(socket);
    socket.dropped.then(() => this.#sockets.delete(socket));
    return socket;
  }

  /** A handshake that is given up may have started a shell already, which nobody would ever end. */
  #leave(opening: Promise<TerminalSocket>): void {
    const leaving: Promise<unknown> = opening.then((socket) => dismiss(socket, farewell), () => {})
      .finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  #refuseIfNotRunning({ state }: Container): void {
    // Of a peer's container the daemon does not always say.
    if (state === "running" || state === "unknown") return;
    throw this.#error(
      "failed_precondition",
      `${this.name} is ${state}; its terminal works only while it runs. Nothing was sent`,
      { reason: "not_running" },
    );
  }

  async #explain(status: number | undefined, container: Container): Promise<ContainariumError> {
    const said = `The daemon refused the terminal of ${this.name} (status ${status ?? "unknown"})`;
    const { origin } = this.#options;
    switch (status) {
      case undefined:
        return this.#error("failed_precondition", said, {
          reason: "websocket_refused",
          details: { origin },
        });
      case 401:
        return this.#error("unauthenticated", `${said}: it rejects the token`, { status });
      case 403:
        return this.#error("failed_precondition", `${said}: it does not accept the origin`, {
          reason: "origin_refused",
          details: { origin },
          status,
        });
      case 400:
      case 404: {
        const now = await this.look() ?? "it has just stopped or is starting";
        return this.#error("failed_precondition", `${said}: ${now}. Nothing was sent`, { status });
      }
      case 502:
        return this.#error("unsupported", `${said}: ${peerWords(container)}`, {
          reason: "other_host",
          details: { backend: container.backendId },
          status,
        });
      case 501:
        return this.#error("unsupported", `${said}: it has no terminals`, {
          reason: "daemon_too_old",
          status,
        });
      default:
        return this.#error("unavailable", said, { status });
    }
  }

  #error(code: ErrorCode, message: string, init: ErrorInit): ContainariumError {
    const details = { username: this.#username, ...init.details };
    return new ContainariumError(code, message, {
      method: "GET",
      path: this.#path.text,
      ...init,
      details,
    });
  }
}

function peerWords({ backendId }: Container): string {
  const where = backendId === undefined ? "another backend" : `the backend ${backendId}`;
  return `it could not forward the connection to ${where}. Terminals work only for containers on ` +
    `this daemon's own host: daemons refuse each other's`;
}
