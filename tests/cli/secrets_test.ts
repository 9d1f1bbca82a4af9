/** What the start logs: nothing that may be a secret, wherever it stands by mistake. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "../connect.ts";
import { startDaemon } from "../daemon/mod.ts";

const SECRET = "S3CR3T";
const jwt = `eyJhbGciOiJIUzI1NiJ9.eyJ${SECRET}.${SECRET}`;

Deno.test("the start logs no secret of the environment, debug on or off", async (t) => {
  await using daemon = await startDaemon();
  const url = daemon.url;
  const cases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "a query of the address": { CONTAINARIUM_SERVER_URL: `${url}/?token=${SECRET}` },
    "a password in the address": {
      CONTAINARIUM_SERVER_URL: url.replace("//", `//bot:${SECRET}@`),
    },
    "a placeholder's default": { CONTAINARIUM_CONFIG: `\${CONFIG:-${SECRET}}` },
    "a token's placeholder with a default": { CONTAINARIUM_JWT_TOKEN: `\${T:-${SECRET}}` },
    "a token where a word is expected": { CONTAINARIUM_CONSENT: jwt },
    "a token as the daemon to pick": { CONTAINARIUM_SERVER: `https://bot:${SECRET}@host` },
    "a token as the address": { CONTAINARIUM_SERVER_URL: jwt },
    "a token as the origin": { CONTAINARIUM_TERMINAL_ORIGIN: `https://h/?key=${SECRET}` },
    "a token in the debug switch": { CONTAINARIUM_DEBUG: jwt },
  };
  for (const [name, env] of Object.entries(cases)) {
    for (const debug of ["true", "false"]) {
      await t.step(`${name}, debug ${debug}`, async () => {
        const server = await connect(daemon, {
          env: { CONTAINARIUM_DEBUG: debug, ...env },
          initialize: false,
        });
        await server[Symbol.asyncDispose]();
        const lines = server.stderr.split("\n");
        assertEquals(lines.filter((line) => line.includes(SECRET)), []);
        assertEquals(lines.length > 1, true);
      });
    }
  }
});

Deno.test("the start says what a token looks like, and its own words are not redacted", async () => {
  await using daemon = await startDaemon();
  const server = await connect(daemon, {
    env: { CONTAINARIUM_JWT_TOKEN: "abc" },
    initialize: false,
  });
  await server[Symbol.asyncDispose]();
  assertStringIncludes(server.stderr, "nor like a hosted token (ctnr_ and more)");
});
