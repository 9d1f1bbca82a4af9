/**
 * Speaks MCP.
 *
 * @module
 */
export { type ConsentMode, consentModes } from "./consent.ts";
export {
  type ContainariumServer,
  type ConversationOptions,
  createServer,
  isBulkConcurrency,
  type ServerConfig,
} from "./create_server.ts";
export { serve, type ServeOptions } from "./server.ts";
export { standardStreams } from "./stdio.ts";
