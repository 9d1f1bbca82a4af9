import { ContainariumError } from "../errors.ts";

/** Returns the certificates that a PEM file holds, one by one. */
export function certificatesIn(pem: string): readonly string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

/**
 * Refuses what the runtime would take for no certificates at all.
 *
 * @throws {ContainariumError} `invalid_argument` for a text that holds none
 */
export function refuseNoCertificate(caCerts: readonly string[]): void {
  const at = caCerts.findIndex((pem) => certificatesIn(pem).length === 0);
  if (at === -1) return;
  throw new ContainariumError("invalid_argument", `caCerts[${at}] contains no certificate in PEM`);
}
