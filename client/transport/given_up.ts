/**
 * Errors of requests that the caller gave up.
 *
 * @module
 */
import { ContainariumError, type ErrorInit } from "../errors.ts";

/**
 * Returns the error if the call's time limit expired before the request was sent, or sent again.
 *
 * @param details The request
 */
export function overdue(details: ErrorInit, { message }: Error): ContainariumError {
  const { method, path } = details;
  const state = method === "GET" ? "not answered" : "not sent";
  return new ContainariumError("timeout", `${method} ${path} was ${state}: ${message}`, details);
}

/**
 * Returns the error if the caller's signal was aborted before the request was sent, or sent again.
 *
 * @param details The request
 */
export function notSent(details: ErrorInit, cause: unknown): ContainariumError {
  return new ContainariumError("cancelled", "Cancelled", { ...details, cause });
}

/**
 * Returns the error if the caller's signal was aborted while the request was in flight.
 *
 * @param details The request
 */
export function cancelled(details: ErrorInit, cause: unknown): ContainariumError {
  const { method, path } = details;
  const message = method === "GET"
    ? "Cancelled"
    : `Cancelled while ${method} ${path} was in progress: the daemon may still execute it`;
  return new ContainariumError("cancelled", message, { ...details, cause });
}
