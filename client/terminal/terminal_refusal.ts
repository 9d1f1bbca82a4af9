import type { ApiPath } from "../transport/api_path.ts";
import type { Container } from "../containers/container.ts";
import { ContainariumError, type ErrorCode, type ErrorInit } from "../errors.ts";

/** A terminal that was not opened, and its container as it was before. */
export interface ClosedTerminal extends Pick<Container, "state" | "backendId"> {
  /** The instance's name, for messages. */
  readonly name: string;
  /** The container's owner. */
  readonly username: string;
  /** The terminal's path. */
  readonly path: ApiPath;
}

/** A terminal that the daemon did not open. */
export interface RefusedTerminal extends ClosedTerminal {
  /** The `Origin` that was sent. */
  readonly origin: string;
}

/** Says that a container's terminal is not asked for, because it does not run. */
export function notRunning(terminal: ClosedTerminal): ContainariumError {
  const { name, state } = terminal;
  return errorOf(
    terminal,
    "failed_precondition",
    `${name} is ${state}; its terminal works only while it runs. Nothing was sent`,
    { reason: "not_running" },
  );
}

/**
 * Says why the daemon refused a terminal.
 *
 * @param status The HTTP status, where it is known
 * @param look Returns the container's state now, in words
 */
export async function refusalError(
  terminal: RefusedTerminal,
  status: number | undefined,
  look: () => Promise<string | undefined>,
): Promise<ContainariumError> {
  const { name, backendId, origin } = terminal;
  const said = `The daemon refused the terminal of ${name} (status ${status ?? "unknown"})`;
  const error = (code: ErrorCode, message: string, init: ErrorInit = {}) =>
    errorOf(terminal, code, message, { status, ...init });
  switch (status) {
    case undefined:
      return error("failed_precondition", said, {
        reason: "websocket_refused",
        details: { origin },
      });
    case 401:
      return error("unauthenticated", `${said}: it rejects the token`);
    case 403:
      return error("failed_precondition", `${said}: it does not accept the origin`, {
        reason: "origin_refused",
        details: { origin },
      });
    case 400:
    case 404: {
      const now = await look() ?? "it has just stopped or is starting";
      return error("failed_precondition", `${said}: ${now}. Nothing was sent`);
    }
    case 502:
      return error("unsupported", `${said}: ${peerWords(backendId)}`, {
        reason: "other_host",
        details: { backend: backendId },
      });
    case 501:
      return error("unsupported", `${said}: it has no terminals`, { reason: "daemon_too_old" });
    default:
      return error("unavailable", said);
  }
}

function errorOf(
  { username, path }: ClosedTerminal,
  code: ErrorCode,
  message: string,
  init: ErrorInit,
): ContainariumError {
  const details = { username, ...init.details };
  return new ContainariumError(code, message, { method: "GET", path: path.text, ...init, details });
}

function peerWords(backendId: string | undefined): string {
  const where = backendId === undefined ? "another backend" : `the backend ${backendId}`;
  return `it could not forward the connection to ${where}. Terminals work only for containers on ` +
    `this daemon's own host: daemons refuse each other's`;
}
