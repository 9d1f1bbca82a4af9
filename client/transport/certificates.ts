import { ContainariumError } from "../errors.ts";

/** Splits a PEM file into certificates. */
export function certificatesIn(pem: string): readonly string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

/**
 * Throws unless each text holds a certificate; the runtime would silently ignore it.
 *
 * @throws {ContainariumError} `invalid_argument` for a text without a certificate
 */
export function refuseNoCertificate(caCerts: readonly string[]): void {
  const at = caCerts.findIndex((pem) => certificatesIn(pem).length === 0);
  if (at === -1) return;
  throw new ContainariumError("invalid_argument", `caCerts[${at}] contains no certificate in PEM`);
}
