/**
 * One WebSocket to the daemon, whichever implementation carries it.
 *
 * @module
 */

/** A frame of the daemon's holds what one read of a pty gives: some 32 KB, escaped as JSON. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** Why a link is cut off whose message is larger. */
export const tooMuch = "the daemon sent more in one message than a terminal can";

/** Where a WebSocket is and how one presents oneself. */
export interface LinkOptions {
  /** `ws:` or `wss:`, complete. */
  readonly url: URL;
  /** `Authorization` and `Origin`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Gives up the handshake. */
  readonly signal: AbortSignal;
  /** Takes what comes. */
  readonly listener: LinkListener;
}

/** Takes what comes over a link. */
export interface LinkListener {
  /** Called with each text message. */
  readonly onText: (text: string) => void;
  /** Called once when an open link is gone, with the reason where one is known. */
  readonly onClose: (reason: string | undefined) => void;
}

/** An open WebSocket. */
export interface Link {
  /** Whether what is sent may still arrive. */
  readonly isOpen: boolean;
  /** Sends a text message. */
  send(text: string): void;
  /** Begins the closing handshake. */
  close(): void;
  /** Drops the connection without a handshake, where the implementation can. */
  cut(): void;
}

/** The daemon, or a proxy before it, refused the handshake. */
export class Refused extends Error {
  /** Tells it from other errors. */
  override readonly name = "Refused";

  /**
   * @param status The HTTP status, when it is known
   * @param body The beginning of the answer's body, as it came; empty where it is not known
   */
  constructor(readonly status: number | undefined, readonly body = "") {
    super(`The terminal's handshake was answered with status ${status ?? "unknown"}`);
  }
}
