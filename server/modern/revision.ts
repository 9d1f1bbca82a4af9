/** The revision that is served beside those of the SDK. */
export const modernVersion = "2026-07-28";

const PREFIX = "io.modelcontextprotocol/";

/** The keys of `_meta` that it defines. */
export const metaKeys = {
  /** Marks a request as one of this revision. */
  protocolVersion: `${PREFIX}protocolVersion`,
  /** Who asks; for the log. */
  clientInfo: `${PREFIX}clientInfo`,
  /** What the client can do, for this request. */
  clientCapabilities: `${PREFIX}clientCapabilities`,
  /** The least severe log messages that the client wants with this request. */
  logLevel: `${PREFIX}logLevel`,
  /** Who answered. */
  serverInfo: `${PREFIX}serverInfo`,
  /** The request that opened the stream to which a notification belongs. */
  subscriptionId: `${PREFIX}subscriptionId`,
} as const;
