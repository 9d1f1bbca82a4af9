import type { ContainariumError, ErrorReason } from "../../client/mod.ts";
import { formatTime, isLoopback } from "../../client/internal.ts";
import { certificateCommand } from "../../tools/mod.ts";
import { type Check, failed, ok, warning } from "./check.ts";
import { portOf, wordsOf } from "./network_checks.ts";

const HANDSHAKE_MS = 5_000;
const SOON_MS = 14 * 24 * 3_600_000;
const TRUSTED = "CONTAINARIUM_MCP_TRUSTED_CA_FILE";

/** What a daemon's certificate says of itself. */
export interface Certificate {
  /** Name of the authority. */
  readonly issuer: string;
  /** Its last moment. */
  readonly validUntil: Date;
}

/**
 * Returns whether the connection is encrypted and the certificate trusted.
 *
 * @param error Why a request failed; absent: it did not
 */
export async function tlsCheck(
  serverUrl: URL,
  error: ContainariumError | undefined,
): Promise<Check | undefined> {
  const cure = error?.reason === undefined ? undefined : cures[error.reason];
  if (error !== undefined && cure !== undefined) {
    const shown = serverUrl.protocol === "https:" ? await certificateOf(serverUrl) : undefined;
    const issuer = shown === undefined
      ? ""
      : `; issued by ${shown.issuer}, valid until ${formatTime(shown.validUntil)}`;
    return failed("TLS", `${wordsOf(error)}${issuer}`, cure(serverUrl));
  }
  if (error !== undefined) return undefined;
  if (serverUrl.protocol === "http:") {
    return isLoopback(serverUrl.hostname)
      ? ok("TLS", "none, and none is needed on this machine")
      : warning(
        "TLS",
        "none: anyone in between can read the token",
        "use https://, or set CONTAINARIUM_MCP_ALLOW_INSECURE=true if that is intended",
      );
  }
  const shown = await certificateOf(serverUrl);
  if (shown === undefined) return ok("TLS", "the certificate is trusted");
  return validityCheck(shown, serverUrl, new Date());
}

/** Returns how long a certificate that is trusted still is. */
export function validityCheck(
  { issuer, validUntil }: Certificate,
  { hostname }: URL,
  now: Date,
): Check {
  const until = `issued by ${issuer}, valid until ${formatTime(validUntil)}`;
  return validUntil.getTime() - now.getTime() < SOON_MS
    ? warning("TLS", `the certificate expires soon: ${until}`, "have the host's operator renew it")
    : ok("TLS", `the certificate is trusted and names ${hostname}: ${until}`);
}

const trustIt = () =>
  `copy the daemon's certificate or its authority's, in PEM, into the file that ${TRUSTED} names`;

const cures: Readonly<Partial<Record<ErrorReason, (serverUrl: URL) => string>>> = {
  "certificate_expired": (url) =>
    `renew it: ${certificateCommand(url.hostname)}; then ${trustIt()}`,
  "certificate_is_ca": trustIt,
  "certificate_name": (url) =>
    "set CONTAINARIUM_SERVER_URL to a name that the certificate holds, or make one for this name: " +
    certificateCommand(url.hostname),
  "certificate_not_yet_valid": () => "set this machine's clock, or the daemon's",
  "certificate_untrusted": trustIt,
  "certificate_unusable": (url) => `make another one: ${certificateCommand(url.hostname)}`,
  "http_to_https": ({ host }) => `set CONTAINARIUM_SERVER_URL to https://${host}`,
  "https_to_http": ({ host }) =>
    `set CONTAINARIUM_SERVER_URL to the port that serves https or, in a trusted network, to http://${host}`,
};

/** Reads the certificate, whether it is trusted or not. Nothing is sent. */
async function certificateOf(serverUrl: URL): Promise<Certificate | undefined> {
  const { connect } = await import("node:tls");
  const host = serverUrl.hostname.replace(/^\[(.*)\]$/, "$1");
  const ended = Promise.withResolvers<Certificate | undefined>();
  const socket = connect({
    host,
    port: portOf(serverUrl),
    rejectUnauthorized: false,
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
  }, () => {
    const { issuer, valid_to: until } = socket.getPeerCertificate();
    const validUntil = new Date(until);
    const names = [issuer?.O, issuer?.CN].flat().filter((name) => typeof name === "string");
    ended.resolve(
      Number.isNaN(validUntil.getTime())
        ? undefined
        : { issuer: names.join(" ").slice(0, 200) || "an authority without a name", validUntil },
    );
  });
  const timer = setTimeout(() => ended.resolve(undefined), HANDSHAKE_MS);
  socket.on("error", () => ended.resolve(undefined));
  try {
    return await ended.promise;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}
