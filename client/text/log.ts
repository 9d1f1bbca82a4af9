/**
 * Logging of the client and the tools.
 *
 * @module
 */

/** Severity: names that RFC 5424 and MCP's logging share. */
export type LogLevel = "debug" | "info" | "warning" | "error";

/** Called with log lines. Its provider redacts secrets. */
export type Logger = (level: LogLevel, message: string) => void;

/** Discards every line; the library's default. */
export const silent: Logger = (): void => {};
