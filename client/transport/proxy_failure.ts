/** The proxy did not connect to the daemon. */
export class ProxyFailure extends Error {
  /** Sets it apart from other errors. */
  override readonly name = "ProxyFailure";

  /**
   * @param host The proxy's name and port
   * @param words What happened, for the message
   * @param isRefusal Whether the proxy refused, so that retrying is pointless
   */
  constructor(
    readonly host: string,
    words: string,
    readonly isRefusal: boolean,
    options?: ErrorOptions,
  ) {
    super(`the proxy ${host} ${words}`, options);
  }
}
