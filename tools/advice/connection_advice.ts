import type { ErrorReason } from "../../client/mod.ts";
import { visible } from "../../client/internal.ts";
import type { AdviceEntry } from "./advice_entry.ts";
import { askToGrant } from "./grants.ts";

type ConnectionReason = Extract<
  ErrorReason,
  | "http_to_https"
  | "https_to_http"
  | "net_denied"
  | "origin_refused"
  | "proxy_failed"
  | "redirected"
  | "token_file_denied"
  | "token_file_shared"
  | "token_unusable"
  | "too_many_auth_failures"
  | "unexpected_response"
  | "websocket_refused"
>;

/** What to do about failures on the way to the daemon: its address, a proxy, the token. */
export const connectionAdvice: Readonly<Record<ConnectionReason, AdviceEntry>> = {
  "http_to_https": ({ details: { host } }) => ({
    next:
      `Ask the user to set CONTAINARIUM_SERVER_URL to https://${host ?? "<daemon host:port>"} ` +
      "and to restart this server.",
  }),
  "https_to_http": ({ details: { host } }) => ({
    next: "Ask the user to set CONTAINARIUM_SERVER_URL to the port that serves https or, if the " +
      `network between is trusted, to http://${host ?? "<daemon host:port>"}, and to restart ` +
      "this server.",
  }),
  "net_denied": ({ details: { host } }) => ({
    next: askToGrant({ net: host ?? "<daemon host:port>" }),
  }),
  "origin_refused": ({ details: { origin } }) => ({
    why: `The daemon accepts terminals only from the origins in its setting ` +
      `CONTAINARIUM_ALLOWED_ORIGINS; this server sends ${visible(origin ?? "none")}.`,
    next: "Ask the user to have that origin added there, or to set CONTAINARIUM_TERMINAL_ORIGIN " +
      "for this server to one that is in it.",
  }),
  "proxy_failed": ({ details: { host } }) => ({
    why: `HTTPS_PROXY, HTTP_PROXY or ALL_PROXY sends this server to the proxy ${
      visible(host ?? "that it names")
    }, and terminals need CONNECT there.`,
    next:
      "Ask the user whether that proxy allows CONNECT to the daemon's host and port, or to name " +
      "the daemon's host in NO_PROXY if it can be reached directly, and to restart this server.",
  }),
  redirected: {
    why: "The daemon never redirects, and the token is sent to its own address only.",
    next: "Ask the user whether CONTAINARIUM_SERVER_URL is the daemon's address.",
  },
  "token_file_denied": ({ details: { file } }) => ({
    next: askToGrant({ read: visible(file ?? "<the file>") }),
  }),
  "token_file_shared": ({ details: { file } }) => ({
    next: `Ask the user to run chmod 600 ${visible(file ?? "on it")}, or to set ` +
      "CONTAINARIUM_MCP_ALLOW_SHARED_TOKEN_FILE=true if sharing it is intended.",
  }),
  "token_unusable": { next: "Ask the user to fix that; the file is read again at the next call." },
  "too_many_auth_failures": {
    why: "This address sent too many invalid tokens.",
    next: "Wait a minute, then use a valid token, which is never limited.",
  },
  "unexpected_response": {
    why: "Something other than a Containarium daemon responded, or one of an unknown version.",
    next: "Ask the user whether CONTAINARIUM_SERVER_URL is the daemon's address.",
  },
  "websocket_refused": ({ details: { origin } }) => ({
    why: "A proxy in front of the daemon does not forward WebSockets, or the daemon's setting " +
      `CONTAINARIUM_ALLOWED_ORIGINS does not list ${visible(origin ?? "the origin")}, which this ` +
      "server sends.",
    next:
      "Ask the user to have one of them changed, or to set CONTAINARIUM_TERMINAL_ORIGIN for this " +
      "server to an origin that is in it.",
  }),
};
