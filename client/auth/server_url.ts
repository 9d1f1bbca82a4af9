import { ContainariumError } from "../errors.ts";

const loopback =
  /^(?:(?:.+\.)?localhost\.?|127\.\d+\.\d+\.\d+|\[::(?:1|ffff:7f[\da-f]{2}:[\da-f]{1,4})\])$/;

/**
 * Reads the daemon's address.
 *
 * @throws {ContainariumError} `invalid_argument` if it is not an http or https URL, or contains a
 * username or password
 */
export function parseServerUrl(serverUrl: string | URL): URL {
  // Never quote it: a token or password pasted in the wrong place is a common mistake.
  if (!URL.canParse(serverUrl)) {
    throw badUrl("The server URL is not a URL; expected something like http://localhost:8080");
  }
  const url = new URL(serverUrl);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw badUrl("The server URL is not an HTTP address; expected http://… or https://…");
  }
  if (url.username !== "" || url.password !== "") {
    throw badUrl(
      `The server URL contains a username or password; authenticate with the token instead`,
    );
  }
  return url;
}

/**
 * Returns whether a URL's host is this machine: `localhost` and names under it, 127.0.0.0/8 (as
 * IPv6, too), `[::1]`.
 */
export function isLoopback(hostname: string): boolean {
  return loopback.test(hostname);
}

function badUrl(message: string): ContainariumError {
  return new ContainariumError("invalid_argument", message);
}
