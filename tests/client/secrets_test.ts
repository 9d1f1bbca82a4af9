import { assertEquals } from "@std/assert";
import { withoutSecrets } from "../../client/internal.ts";

const key = (kind: string) =>
  `-----BEGIN ${kind}-----\nb3BlbnNzaC1rZXktdjEAAAAA\nAAAA==\n-----END ${kind}-----`;

Deno.test("withoutSecrets() takes out what looks like one, and nothing else", async (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ["GET /v1/containers 200", "GET /v1/containers 200"],
    ["a eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl b", "a [token] b"],
    ["key=ctnr_0123456789", "key=[token]"],
    [`x ${key("OPENSSH PRIVATE KEY")} y`, "x [private key] y"],
    [`x ${key("PRIVATE KEY")} y ${key("RSA PRIVATE KEY")} z`, "x [private key] y [private key] z"],
    ["-----BEGIN EC PRIVATE KEY-----\nMHc and no end", "[private key]"],
    ["-----BEGIN CERTIFICATE-----\nMII", "-----BEGIN CERTIFICATE-----\nMII"],
    ["http://h:8080/p?token=s3cret&a=b next", "http://h:8080/p?*** next"],
    ["to https://user:p@ss/w@host/x", "to https://***@host/x"],
    ["alice@example.com, http://h/?", "alice@example.com, http://h/?"],
  ];
  for (const [text, shown] of cases) {
    await t.step(shown, () => assertEquals(withoutSecrets(text), shown));
  }
});
