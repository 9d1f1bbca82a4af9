import { settled } from "../async/deadline.ts";
import { farewell } from "./agent.ts";
import { dismiss } from "./ready.ts";
import type { TerminalSocket } from "./socket.ts";

/** The connections to one container that are open, or being opened. */
export class OpenSockets {
  readonly #sockets = new Set<TerminalSocket>();
  readonly #leaving = new Set<Promise<unknown>>();
  readonly #hangUp = new AbortController();

  /**
   * Opens another. A handshake that is given up may have started a shell already, which nobody would ever
   * end: it goes on without the caller.
   *
   * @param connect Opens it; its signal aborts when no connection may be open any more
   * @throws What `connect` throws, or the signal's reason
   */
  async open(
    connect: (signal: AbortSignal) => Promise<TerminalSocket>,
    signal: AbortSignal,
  ): Promise<TerminalSocket> {
    const opening = this.#kept(connect(this.#hangUp.signal));
    await settled(opening, signal);
    if (signal.aborted) this.#leave(opening);
    signal.throwIfAborted();
    return await opening;
  }

  /** Resolves when none is open any more. */
  async left(): Promise<void> {
    await Promise.all([...this.#leaving, ...[...this.#sockets].map((socket) => socket.dropped)]);
  }

  /** Closes them, whatever is at their other ends; no more can be opened. */
  hangUp(): void {
    this.#hangUp.abort();
    for (const socket of this.#sockets) socket.close();
  }

  async #kept(connecting: Promise<TerminalSocket>): Promise<TerminalSocket> {
    const socket = await connecting;
    this.#sockets.add(socket);
    socket.dropped.then(() => this.#sockets.delete(socket));
    return socket;
  }

  #leave(opening: Promise<TerminalSocket>): void {
    const leaving: Promise<unknown> = opening.then((socket) => dismiss(socket, farewell), () => {})
      .finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }
}
