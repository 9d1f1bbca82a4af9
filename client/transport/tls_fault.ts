/**
 * What a runtime's words for a failed TLS connection mean.
 *
 * @module
 */
import type { ErrorDetails, ErrorReason } from "../errors.ts";
import { runtimeCode, runtimeWords } from "./words.ts";

/** Why no connection that can be trusted came about. */
export interface TlsFault {
  /** Condition behind it. */
  readonly reason: ErrorReason;
  /** What happened, in words for people. */
  readonly words: string;
  /** Whether a daemon may have read the request all the same. */
  readonly mayHaveBeenRead?: boolean | undefined;
  /** Facts about it. */
  readonly details?: ErrorDetails | undefined;
}

/** Names in a certificate are text from outside. */
const MAX_NAMES = 10;
const MAX_NAME_CHARS = 253;

/** Whether a connection failed because the daemon showed an authority's certificate as its own. */
export function isAuthorityCertificate(error: unknown): boolean {
  return /CaUsedAsEndEntity/.test(peerCertificateFault(runtimeWords(error)) ?? "");
}

/**
 * Returns what a failed connection means for TLS; nothing if it means nothing for it.
 *
 * @param hostname The daemon's, without port
 */
export function tlsFault(error: unknown, hostname: string): TlsFault | undefined {
  const words = runtimeWords(error);
  switch (runtimeCode(error)) {
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
      return authorityCertificate;
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return wrongName(hostname, words);
    case "HPE_INVALID_CONSTANT":
    case "HPE_INVALID_VERSION":
      return isTlsAlert(error) ? alert : notHttp;
  }
  if (/corrupt message of type InvalidContentType/.test(words)) return notTls;
  if (/invalid HTTP version parsed/.test(words)) return notHttp;
  const about = peerCertificateFault(words);
  return about === undefined ? undefined : certificateFault(about, hostname);
}

/** What the runtime says of the daemon's certificate; `undefined` if it says nothing. */
function peerCertificateFault(words: string): string | undefined {
  return /invalid peer certificate: (.+)/s.exec(words)?.[1];
}

function certificateFault(about: string, hostname: string): TlsFault {
  const expired = /not valid after (\d+)/.exec(about)?.[1];
  if (expired !== undefined || /\bExpired\b/.test(about)) return outOfTime("expired", expired);
  const early = /not valid before (\d+)/.exec(about)?.[1];
  if (early !== undefined || /NotValidYet/.test(about)) return outOfTime("early", early);
  if (/not valid for name|NotValidForName/.test(about)) return wrongName(hostname, about);
  if (/UnknownIssuer/.test(about)) {
    const words = "the daemon's certificate is from an authority that is not trusted";
    return { reason: "certificate_untrusted", words };
  }
  if (/CaUsedAsEndEntity/.test(about)) return authorityCertificate;
  const words = `the daemon's certificate cannot be used (${about.slice(0, MAX_NAME_CHARS)})`;
  return { reason: "certificate_unusable", words };
}

const authorityCertificate: TlsFault = {
  reason: "certificate_is_ca",
  words: "the daemon's certificate is self-signed, and not among those that are trusted",
};

const notTls: TlsFault = {
  reason: "https_to_http",
  words: "the response is not TLS; this port probably serves http",
};

const alert: TlsFault = {
  reason: "http_to_https",
  words: "this port serves https, and not http",
};

const notHttp: TlsFault = {
  reason: "http_to_https",
  words: "the response is not HTTP; this port probably serves https",
  mayHaveBeenRead: true,
};

/** Node keeps the bytes that it could not read; those of TLS begin with their kind and version. */
function isTlsAlert(error: unknown): boolean {
  if (!(error instanceof Error && "rawPacket" in error)) return false;
  const { rawPacket } = error;
  return rawPacket instanceof Uint8Array && rawPacket[0] === 0x15 && rawPacket[1] === 0x03;
}

function outOfTime(when: "expired" | "early", unixSeconds: string | undefined): TlsFault {
  const time = unixSeconds === undefined ? undefined : new Date(Number(unixSeconds) * 1_000);
  const known = time === undefined || Number.isNaN(time.getTime()) ? undefined : time;
  const at = known?.toISOString().replace(".000Z", "Z");
  return when === "expired"
    ? {
      reason: "certificate_expired",
      words: `the daemon's certificate has expired${at === undefined ? "" : ` (on ${at})`}`,
      details: { validUntil: known },
    }
    : {
      reason: "certificate_not_yet_valid",
      words: `the daemon's certificate is not valid yet${at === undefined ? "" : ` (from ${at})`}`,
      details: { validFrom: known },
    };
}

function wrongName(hostname: string, words: string): TlsFault {
  const names = namesIn(words);
  return {
    reason: "certificate_name",
    words: `the daemon's certificate is not for ${hostname}, ` +
      (names.length === 0 ? "and names no other host" : `but for ${names.join(", ")}`),
    details: { names },
  };
}

/** `DnsName("a")`, `IpAddress(::1)` of the runtime; `DNS:a, IP Address:::1` and `CN: a` of Node. */
function namesIn(words: string): readonly string[] {
  const forms =
    /DnsName\("([^"]*)"\)|IpAddress\(([^()]*)\)|(?:DNS|IP Address):([^,\s]+)|CN: (\S+)/g;
  return [...words.matchAll(forms)].slice(0, MAX_NAMES)
    .map(([, ...found]) => found.join("").slice(0, MAX_NAME_CHARS));
}
