/**
 * What the rooms below `server/` may say aside from their answers.
 *
 * @module
 */

/** How much a line matters: the names that RFC 5424 and MCP's logging share. */
export type LogLevel = "debug" | "info" | "warning" | "error";

/** Takes log lines; where they go, and that secrets are taken out, is the maker's business. */
export type Logger = (level: LogLevel, message: string) => void;

/** Drops every line: the default of the library. */
export const silent: Logger = (): void => {};
