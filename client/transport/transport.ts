/**
 * Interface of the transports.
 *
 * @module
 */

/** A request. */
export interface Outgoing {
  /** HTTP method. GET is a read, which may use a pooled connection; any other is a write. */
  readonly method: string;
  /** URL with query. */
  readonly url: URL;
  /** Headers by lowercase name. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON body. */
  readonly body?: string | undefined;
  /** Aborts the exchange, including the response's body. */
  readonly signal: AbortSignal;
}

/** A response with an unread body. */
export interface Incoming {
  /** The HTTP status. */
  readonly status: number;
  /** Returns a header by its lowercase name. */
  readonly header: (name: string) => string | undefined;
  /** The body. Read it to its end, or return its iterator. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Sends requests to the daemon. It does not follow redirects, and sends a write exactly once. */
export interface Transport extends Disposable {
  /**
   * Sends a request.
   *
   * @throws {NotSent} The daemon was not reached
   * @throws The signal's reason, `Deno.errors.NotCapable`, or what the runtime throws for a lost connection
   */
  send(request: Outgoing): Promise<Incoming>;
}

/** The request was certainly not sent, because there was no connection. The cause says why. */
export class NotSent extends Error {
  /** Distinguishes it from other errors. */
  override readonly name = "NotSent";

  /** @param cause What the runtime threw */
  constructor(cause: unknown) {
    super("Cannot connect to the daemon", { cause });
  }
}

/**
 * Returns the error to throw if there is no connection. A missing permission is not a network
 * failure.
 */
export function unsent(error: unknown): unknown {
  return error instanceof Deno.errors.NotCapable ? error : new NotSent(error);
}
