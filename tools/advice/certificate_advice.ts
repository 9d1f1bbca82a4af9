/**
 * Advice for a model if the daemon's TLS certificate is rejected.
 *
 * @module
 */
import type { ContainariumError, ErrorReason } from "../../client/mod.ts";
import type { AdviceEntry } from "./advice_entry.ts";

type CertificateReason = Extract<ErrorReason, `certificate_${string}`>;

const TRUSTED = "CONTAINARIUM_MCP_TRUSTED_CA_FILE";

/** Advice for each reason to reject a certificate. */
export const certificateAdvice: Readonly<Record<CertificateReason, AdviceEntry>> = {
  "certificate_expired": (error) => ({
    next: `Ask the host's operator to renew it. ${selfSigned(error)} If it is still valid, this ` +
      "machine's clock is wrong.",
  }),
  "certificate_is_ca": {
    next:
      `Ask the user to copy it from the host, in PEM, into the file that ${TRUSTED} names, and ` +
      "to restart this server. If a copy is there already, the daemon has another one now: ask " +
      "the host's operator whether that is intended.",
  },
  "certificate_name": (error) => ({
    next: "Ask the user to set CONTAINARIUM_SERVER_URL to a name that the certificate holds, or " +
      `the host's operator to make one for this name. ${selfSigned(error)}`,
  }),
  "certificate_not_yet_valid": {
    next: "Ask the user whether this machine's clock is right. If it is, the host's operator has " +
      "to make a certificate that is valid now.",
  },
  "certificate_untrusted": {
    next: "Ask the user to copy its authority's certificate, in PEM, into the file that " +
      `${TRUSTED} names, and to restart this server. If one is there already, it is another ` +
      "authority's.",
  },
  "certificate_unusable": (error) => ({
    next: `Ask the host's operator to make another one. ${selfSigned(error)}`,
  }),
};

/**
 * Returns the command that makes a self-signed certificate for a host.
 *
 * @param hostname Name or address; an IPv6 address may be in brackets
 */
export function certificateCommand(hostname: string): string {
  const bare = hostname.replace(/^\[(.*)\]$/, "$1");
  const kind = /^[\d.]+$|:/.test(bare) ? "IP" : "DNS";
  return "openssl req -x509 -newkey rsa:2048 -nodes -days 825 -subj /CN=containarium " +
    `-addext subjectAltName=${kind}:${bare} -keyout daemon.key -out daemon.pem`;
}

function selfSigned({ details: { host } }: ContainariumError): string {
  const hostname = host === undefined ? "<daemon host>" : new URL(`https://${host}`).hostname;
  return `A self-signed one is made with ${
    certificateCommand(hostname)
  } and a copy of daemon.pem ` +
    `goes into the file that ${TRUSTED} names.`;
}
