/** Options of every call. */
export interface CallOptions {
  /** Aborts the call. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds for the whole call with everything that it sends. Then it throws: `ambiguous` once it
   * has sent a write, which may have been carried out, else `timeout`. It ends a call earlier and never
   * later than the client's own limits do.
   *
   * @default Each request has the client's `headersTimeoutMs` and `totalTimeoutMs`
   */
  readonly timeoutMs?: number | undefined;
}
