import { assertEquals } from "@std/assert";
import { isAuthorityCertificate, tlsFault } from "../../../client/transport/tls_fault.ts";

/** What the runtime says of a certificate. */
const peer = (about: string) => new Error(`invalid peer certificate: ${about}`);
/** What Node says: a code, and bytes that it could not read. */
const node = (code: string, rawPacket?: unknown) =>
  Object.assign(new Error("Parse Error"), {
    code,
    ...(rawPacket === undefined ? {} : { rawPacket }),
  });

Deno.test("tlsFault() reads each sentence of the runtime about a certificate", () => {
  const cases = {
    "certificate expired: verification time 1 (UNIX), but certificate is not valid after 1609459200 (5 seconds ago)":
      ["certificate_expired", "the daemon's certificate has expired (on 2021-01-01T00:00:00Z)"],
    "Expired": ["certificate_expired", "the daemon's certificate has expired"],
    "certificate is not valid before 1609459200": [
      "certificate_not_yet_valid",
      "the daemon's certificate is not valid yet (from 2021-01-01T00:00:00Z)",
    ],
    "NotValidYet": ["certificate_not_yet_valid", "the daemon's certificate is not valid yet"],
    "not valid after 99999999999999": [
      "certificate_expired",
      "the daemon's certificate has expired",
    ],
    "NotValidForName": [
      "certificate_name",
      "the daemon's certificate is not for box, and names no other host",
    ],
    'certificate not valid for name "box"; certificate is only valid for DnsName("a.example") or IpAddress(::1)':
      ["certificate_name", "the daemon's certificate is not for box, but for a.example, ::1"],
    "UnknownIssuer": [
      "certificate_untrusted",
      "the daemon's certificate is from an authority that is not trusted",
    ],
    "Other(OtherError(CaUsedAsEndEntity))": [
      "certificate_is_ca",
      "the daemon's certificate is self-signed, and not among those that are trusted",
    ],
    "BadEncoding": [
      "certificate_unusable",
      "the daemon's certificate cannot be used (BadEncoding)",
    ],
  };
  for (const [about, expected] of Object.entries(cases)) {
    const { reason, words } = tlsFault(peer(about), "box") ?? {};
    assertEquals([reason, words], expected, about);
  }
});

Deno.test("tlsFault() gives the facts: times and names", () => {
  assertEquals(tlsFault(peer("not valid after 1609459200"), "box")?.details, {
    validUntil: new Date("2021-01-01"),
  });
  assertEquals(tlsFault(peer("not valid before 1609459200"), "box")?.details, {
    validFrom: new Date("2021-01-01"),
  });
  const names = Array.from({ length: 12 }, (_, at) => `DnsName("${"x".repeat(300)}${at}")`);
  assertEquals(
    tlsFault(peer(`not valid for name: ${names.join(", ")}`), "box")?.details?.names,
    Array(10).fill("x".repeat(253)),
  );
  const altName = Object.assign(
    new Error("Host: box. is not in the cert's altnames: DNS:a.example, IP Address:192.0.2.1"),
    { code: "ERR_TLS_CERT_ALTNAME_INVALID" },
  );
  assertEquals(tlsFault(altName, "box")?.details?.names, ["a.example", "192.0.2.1"]);
  const commonName = Object.assign(new Error("Host: box. is not cert's CN: b.example"), {
    code: "ERR_TLS_CERT_ALTNAME_INVALID",
  });
  assertEquals(tlsFault(commonName, "box")?.details?.names, ["b.example"]);
});

Deno.test("tlsFault() distinguishes a TLS alert from what is neither HTTP nor TLS", () => {
  for (const code of ["HPE_INVALID_CONSTANT", "HPE_INVALID_VERSION"]) {
    const alert = tlsFault(node(code, Uint8Array.of(0x15, 0x03, 0x01)), "box");
    assertEquals([alert?.reason, alert?.mayHaveBeenRead], ["http_to_https", undefined]);
    for (
      const bytes of [
        Uint8Array.of(0x15, 0x04),
        Uint8Array.of(0x16, 0x03),
        [0x15, 0x03],
        undefined,
      ]
    ) {
      const other = tlsFault(node(code, bytes), "box");
      assertEquals([other?.reason, other?.mayHaveBeenRead], ["http_to_https", true]);
    }
  }
  const notHttp = tlsFault(new Error("invalid HTTP version parsed"), "box");
  assertEquals([notHttp?.reason, notHttp?.mayHaveBeenRead], ["http_to_https", true]);
  const notTls = tlsFault(new Error("received corrupt message of type InvalidContentType"), "box");
  assertEquals([notTls?.reason, notTls?.mayHaveBeenRead], ["https_to_http", undefined]);
  assertEquals(tlsFault(node("DEPTH_ZERO_SELF_SIGNED_CERT"), "box")?.reason, "certificate_is_ca");
});

Deno.test("tlsFault() and isAuthorityCertificate() say nothing of other failures", () => {
  for (const error of [new Error("Connection refused"), node("ECONNRESET"), "Expired", undefined]) {
    assertEquals([tlsFault(error, "box"), isAuthorityCertificate(error)], [undefined, false]);
  }
  assertEquals(isAuthorityCertificate(peer("Other(OtherError(CaUsedAsEndEntity))")), true);
  assertEquals(isAuthorityCertificate(peer("UnknownIssuer")), false);
  assertEquals(isAuthorityCertificate(new Error("CaUsedAsEndEntity")), false);
});
