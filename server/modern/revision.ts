/** The revision that this server adds to those of the SDK. */
export const modernVersion = "2026-07-28";

const PREFIX = "io.modelcontextprotocol/";

/** The keys of `_meta` that it defines. */
export const metaKeys = {
  /** Marks a request as one of this revision. */
  protocolVersion: `${PREFIX}protocolVersion`,
  /** Name and version of the client; for the log. */
  clientInfo: `${PREFIX}clientInfo`,
  /** Capabilities of the client, for this request. */
  clientCapabilities: `${PREFIX}clientCapabilities`,
  /** Minimum severity of the log messages to send with this request. */
  logLevel: `${PREFIX}logLevel`,
  /** Name and version of the server. */
  serverInfo: `${PREFIX}serverInfo`,
  /** ID of the request that opened the stream of a notification. */
  subscriptionId: `${PREFIX}subscriptionId`,
} as const;
