/**
 * What every way to the daemon has in common.
 *
 * @module
 */

/** One request, ready to be sent. */
export interface Outgoing {
  /** The HTTP method. GET is a read, which may use a connection that is kept; all else is a write. */
  readonly method: string;
  /** Where it goes, the query included. */
  readonly url: URL;
  /** The headers, by lowercase name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, which is JSON. */
  readonly body?: string | undefined;
  /** Aborts the exchange, the body of the response included. */
  readonly signal: AbortSignal;
}

/** A response whose body has not been read yet. */
export interface Incoming {
  /** The HTTP status. */
  readonly status: number;
  /** Returns a header by its lowercase name. */
  readonly header: (name: string) => string | undefined;
  /** The body; it is to be read to its end, or its iterator returned. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** A way to the daemon. A redirect is a response like any other; a write is on the wire exactly once. */
export interface Transport extends Disposable {
  /**
   * Sends a request.
   *
   * @throws {NotSent} The daemon was not reached
   * @throws The signal's reason, `Deno.errors.NotCapable`, or what the runtime throws for a lost connection
   */
  send(request: Outgoing): Promise<Incoming>;
}

/** A request was certainly not sent: no connection came about. Its cause says why. */
export class NotSent extends Error {
  /** Sets it apart from other errors. */
  override readonly name = "NotSent";

  /** @param cause What the runtime threw */
  constructor(cause: unknown) {
    super("Cannot connect to the daemon", { cause });
  }
}

/** What to throw where no connection came about. A missing permission is not a network failure. */
export function unsent(error: unknown): unknown {
  return error instanceof Deno.errors.NotCapable ? error : new NotSent(error);
}
