import { settled } from "../async/deadline.ts";
import { farewell } from "./agent.ts";
import { dismiss } from "./ready.ts";
import type { TerminalSocket } from "./socket.ts";

/** The open and opening connections to one container. */
export class OpenSockets {
  readonly #sockets = new Set<TerminalSocket>();
  readonly #leaving = new Set<Promise<unknown>>();
  readonly #hangUp = new AbortController();

  /**
   * Opens another. An aborted handshake may already have started a shell, so it continues in the
   * background and the shell is ended.
   *
   * @param connect Opens it; its signal aborts on `hangUp`
   * @throws The error of `connect`, or the signal's reason
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

  /** Closes them, whatever still runs. No more can be opened. */
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
