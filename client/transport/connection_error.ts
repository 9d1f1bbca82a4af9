import { ContainariumError, type ErrorCode, type ErrorInit } from "../errors.ts";
import { urlOfPath } from "./api_path.ts";
import { ProxyFailure } from "./proxy_failure.ts";
import { tlsFault } from "./tls_fault.ts";
import { NotSent } from "./transport.ts";

/** A request that failed. */
export interface Attempt {
  /** The daemon's address. */
  readonly serverUrl: URL;
  /** Method, path and facts for the error. */
  readonly request: ErrorInit;
}

/** Returns an error in the vendor's form: `request failed: GET http://…: …`. */
export function attemptError(
  { serverUrl, request }: Attempt,
  code: ErrorCode,
  words: string,
  init: ErrorInit,
): ContainariumError {
  const { method, path } = request;
  const where = `${method} ${urlOfPath(serverUrl, `${path}`)}`;
  return new ContainariumError(code, `request failed: ${where}: ${words}`, {
    ...request,
    ...init,
    details: { ...request.details, ...init.details },
  });
}

/**
 * Returns why no trusted daemon was reached: a missing permission, the proxy or TLS.
 *
 * @returns `undefined` for any other error
 */
export function connectionError(error: unknown, attempt: Attempt): ContainariumError | undefined {
  const { host, hostname } = attempt.serverUrl;
  if (error instanceof Deno.errors.NotCapable) return denied(attempt, host, error);
  if (error instanceof NotSent && error.cause instanceof ProxyFailure) {
    return proxyError(attempt, error.cause);
  }
  const fault = tlsFault(error, hostname);
  if (fault === undefined) return undefined;
  const { reason, words, details } = fault;
  return attemptError(attempt, "failed_precondition", words, {
    reason,
    details: { ...details, host },
    cause: error,
  });
}

function denied(attempt: Attempt, host: string, cause: Error): ContainariumError {
  const words = `this process may not reach ${host}`;
  const init = { reason: "net_denied", details: { host }, cause } as const;
  return attemptError(attempt, "failed_precondition", words, init);
}

function proxyError(attempt: Attempt, failure: ProxyFailure): ContainariumError {
  const { host, message, isRefusal, cause } = failure;
  if (cause instanceof Deno.errors.NotCapable) return denied(attempt, host, cause);
  return attemptError(attempt, isRefusal ? "failed_precondition" : "unavailable", message, {
    reason: "proxy_failed",
    details: { host },
    cause: failure,
  });
}
