/**
 * Speaks MCP.
 *
 * @module
 */
export { serve, type ServeOptions } from "./server.ts";
export { standardStreams } from "./stdio.ts";
