import { ContainariumError } from "./errors.ts";

/**
 * Reads the daemon's address.
 *
 * @throws {ContainariumError} `invalid_argument` when it is no http or https URL, or carries a
 * username or password
 */
export function parseServerUrl(serverUrl: string | URL): URL {
  // Never quoted: a token or password that stands in the wrong place is a common slip.
  if (!URL.canParse(serverUrl)) {
    throw badUrl("The server URL is not a URL; expected something like http://localhost:8080");
  }
  const url = new URL(serverUrl);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw badUrl("The server URL is not an address for HTTP; expected http://… or https://…");
  }
  if (url.username !== "" || url.password !== "") {
    throw badUrl(`The server URL carries a username or password; the token is what signs in`);
  }
  return url;
}

function badUrl(message: string): ContainariumError {
  return new ContainariumError("invalid_argument", message);
}
