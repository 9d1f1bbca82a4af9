import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { hideSecrets } from "../../../tools/api/hidden_secrets.ts";

const secret = "s3cr3t-value-of-somebody";
const names = [
  "accessToken",
  "api_key",
  "apiKey",
  "credentials",
  "kubeconfig",
  "password",
  "PASSWORD",
  "private_key",
  "refreshToken",
  "secret",
  "secretAccessKey",
  "secretKey",
  "signing_key",
  "token",
  "value",
  "webhookSecret",
];

Deno.test("hideSecrets() leaves nothing of a secret, wherever it is", () => {
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      fc.record({ name: fc.constantFrom(...names), isList: fc.boolean() }).map((
        { name, isList },
      ) => ({
        [name]: isList ? [secret] : secret,
      })),
      fc.dictionary(fc.constantFrom("a", "env", "secret", "token", "rows"), tie("tree")),
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.constant({ envVars: { A: secret, B: { c: secret } } }),
      fc.constantFrom(1, true, null, "text"),
    ),
  }));
  fc.assert(
    fc.property(tree, (json) => {
      const { json: hidden, fields } = hideSecrets(json);
      const [before, after] = [JSON.stringify(json), JSON.stringify(hidden)];
      assertEquals(after.includes(secret), false, after);
      assertEquals(before.includes(secret) && fields.length === 0, false);
    }),
    { numRuns: 500 },
  );
});

Deno.test("hideSecrets() keeps what only sounds like a secret", () => {
  const json = {
    secret: { username: "alice", name: "API_KEY", version: 3 },
    secrets: [{ name: "A" }],
    webhookSecretConfigured: true,
    sshPublicKey: "ssh-ed25519 AAAA",
    leaseToken: "lease-1",
    labels: { team: "web" },
    totalCount: 3,
    token: "",
  };
  assertEquals(hideSecrets(json), { json, fields: [] });
});

Deno.test("hideSecrets() reads JSON of any depth", () => {
  const deep = JSON.parse(`${'{"a":['.repeat(5_000)}"${secret}"${"]}".repeat(5_000)}`);
  assertEquals(JSON.stringify(hideSecrets(deep)).includes(secret), false);
});
