/**
 * One WebSocket to the daemon, whichever implementation carries it.
 *
 * @module
 */

/** The daemon sends one pty read per message: about 32 KB, escaped as JSON. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** Reason for closing a link that sends a larger message. */
export const tooMuch = "the daemon sent more in one message than a terminal can";

/** What opening a WebSocket needs. */
export interface LinkOptions {
  /** Full `ws:` or `wss:` URL. */
  readonly url: URL;
  /** `Authorization` and `Origin`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Aborts the handshake. */
  readonly signal: AbortSignal;
  /** Receives messages. */
  readonly listener: LinkListener;
}

/** Receives what arrives over a link. */
export interface LinkListener {
  /** Called with each text message. */
  readonly onText: (text: string) => void;
  /** Called once when an open link has closed, with the reason if known. */
  readonly onClose: (reason: string | undefined) => void;
}

/** An open WebSocket. */
export interface Link {
  /** Whether messages can still be sent. */
  readonly isOpen: boolean;
  /** Sends a text message. */
  send(text: string): void;
  /** Starts the closing handshake. */
  close(): void;
  /** Drops the connection without a handshake, if the implementation can. */
  cut(): void;
}

/** The daemon, or a proxy in front of it, refused the handshake. */
export class Refused extends Error {
  /** Sets it apart from other errors. */
  override readonly name = "Refused";

  /**
   * @param status HTTP status, if known
   * @param body Start of the response body: text from outside; empty if unknown
   */
  constructor(readonly status: number | undefined, readonly body = "") {
    super(`The terminal's handshake was answered with status ${status ?? "unknown"}`);
  }
}
