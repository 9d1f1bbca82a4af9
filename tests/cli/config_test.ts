import pem from "../client/tls/ca.pem" with { type: "text" };
import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Config, readConfig } from "../../cli/config.ts";
import { Token } from "../../client/auth/token.ts";
import { ConfigError, UsageError } from "../../cli/usage_error.ts";
import { named, Sources } from "../../cli/sources.ts";
import { makeTempFolder } from "../temp.ts";

type Variables = Readonly<Record<string, string>>;

const complete = {
  CONTAINARIUM_SERVER_URL: "http://localhost:8080",
  CONTAINARIUM_JWT_TOKEN: "eyJ.a.b",
};

const encrypted = { ...complete, CONTAINARIUM_SERVER_URL: "https://localhost:8443" };

/** Reads a configuration from sources, the first one counting most. */
function config(...variables: readonly Variables[]): Promise<Config> {
  return readConfig(new Sources(variables.map((set) => named((name) => set[name]))), undefined);
}

function without(name: string): Variables {
  return Object.fromEntries(Object.entries(complete).filter(([key]) => key !== name));
}

Deno.test("readConfig() says in the vendor's words which variable is missing, and why", async (t) => {
  for (const name of ["CONTAINARIUM_SERVER_URL", "CONTAINARIUM_JWT_TOKEN"]) {
    const values = {
      "": "it is empty",
      "  ": "it is empty",
      [`\${${name}}`]: `it holds the unfilled placeholder \${${name}}`,
      "${user_config.jwt}": "it holds the unfilled placeholder ${user_config.jwt}",
      "${env:X}": "it holds the unfilled placeholder ${env:X}",
      [`$${name}`]: `it holds the unfilled placeholder $${name}`,
      [`%${name}%`]: `it holds the unfilled placeholder %${name}%`,
      [`"$${name}"`]: `it holds the unfilled placeholder $${name}`,
      '""': "it is empty",
      "${TOKEN:-s3cret}": "it holds the unfilled placeholder ${TOKEN…}",
      "${s3cret s3cret}": "it holds the unfilled placeholder ${s3cret…}",
    };
    const words = `${name} environment variable is required`;
    await t.step(
      `${name} not set`,
      () => assertRejects(() => config(without(name)), ConfigError, words).then(() => {}),
    );
    for (const [value, why] of Object.entries(values)) {
      await t.step(`${name}=${value}`, async () => {
        await assertRejects(
          () => config({ ...complete, [name]: value }),
          ConfigError,
          `${words}: ${why}`,
        );
      });
    }
  }
});

const yes = ["1", "t", "T", "TRUE", "true", "True", " true ", "yes", "YES", "y", "on", "On", "'1'"];
const no = ["0", "f", "F", "FALSE", "false", "False", "no", "n", "off", "OFF", '"false"'];
const remote = { ...complete, CONTAINARIUM_SERVER_URL: "http://10.0.0.1:8080" };

Deno.test("readConfig() takes the usual words for yes and no in every variable", async (t) => {
  for (const [words, isMeant] of [[yes, true], [no, false]] as const) {
    for (const value of words) {
      await t.step(`${value} is ${isMeant}`, async () => {
        const found = await config({
          ...without("CONTAINARIUM_JWT_TOKEN"),
          CONTAINARIUM_JWT_TOKEN_FILE: "/run/token",
          CONTAINARIUM_DEBUG: value,
          CONTAINARIUM_MCP_READ_ONLY: value,
          CONTAINARIUM_MCP_ALLOW_SHARED_TOKEN_FILE: value,
        });
        assertEquals(found.debug, isMeant);
        assertEquals(found.selection.readOnly, isMeant);
        assertEquals<unknown>(found.token, { file: "/run/token", allowShared: isMeant });
        assertEquals(found.warnings, []);
        const insecure = () => config({ ...remote, CONTAINARIUM_MCP_ALLOW_INSECURE: value });
        if (isMeant) assertEquals((await insecure()).warnings, []);
        else await assertRejects(insecure, ConfigError, "refuses");
      });
    }
  }
});

Deno.test("nonsense in a variable of the vendor's counts as not set, with a warning", async () => {
  const { debug, warnings } = await config({ ...complete, CONTAINARIUM_DEBUG: "yes please" });
  assertEquals(debug, false);
  assertEquals(warnings, [
    'CONTAINARIUM_DEBUG "yes please" counts as not set: expected true or false',
  ]);
  const found = await config({ ...remote, CONTAINARIUM_MCP_ALLOW_INSECURE: "maybe" });
  assertEquals(found.warnings.length, 2);
  assert(found.warnings[0]?.startsWith('CONTAINARIUM_MCP_ALLOW_INSECURE "maybe" counts as not'));
  const plain = await config({
    ...complete,
    CONTAINARIUM_MCP_TRUSTED_CA_FILE: "/no/such.pem",
  });
  assertEquals(plain.caCerts, [], "http:// needs no authority");
});

Deno.test("a token is taken out of what it was pasted in; what cannot be one is named at the start", async (t) => {
  const token = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VybmFtZSI6ImEifQ.c2lnbmF0dXJl";
  for (
    const pasted of [
      `"${token}"`,
      `'${token}'`,
      `Bearer ${token}`,
      `bearer  ${token}`,
      `"Bearer ${token}"`,
      `Authorization: Bearer ${token}`,
      `\u201c${token}\u201d`,
      ` ${token}\r\n`,
    ]
  ) {
    await t.step(pasted.replace(token, "TOKEN"), async () => {
      const found = await config({ ...complete, CONTAINARIUM_JWT_TOKEN: pasted });
      assertEquals(found.warnings, []);
      assert(typeof found.token === "string");
      assertEquals(new Token(found.token).authorization(), `Bearer ${token}`);
    });
  }
  const placeholders = ["Bearer $JWT", "Bearer ${JWT}", "Bearer %JWT%", "$env:JWT", "{env:JWT}"];
  for (const value of placeholders) {
    await t.step(value, async () => {
      const read = () => config({ ...complete, CONTAINARIUM_JWT_TOKEN: value });
      await assertRejects(read, ConfigError, "it holds the unfilled placeholder");
    });
  }
  const doubtful: Readonly<Record<string, string>> = {
    "your-jwt-token": "looks neither like a JWT",
    [token.slice(0, 30)]: "it has 2 of the three parts",
    "eyJhbGciOiJIUzI1NiJ9": "it has 1 of the three parts",
  };
  for (const [value, words] of Object.entries(doubtful)) {
    await t.step(value, async () => {
      const { warnings } = await config({ ...complete, CONTAINARIUM_JWT_TOKEN: value });
      const [warning = "", ...more] = warnings;
      assertEquals(more, []);
      assert(warning.startsWith("CONTAINARIUM_JWT_TOKEN may not be a token: "), warning);
      assert(warning.includes(words) && !warning.includes(value), warning);
    });
  }
});

Deno.test("the first source that sets a variable counts, and a placeholder sets nothing", async () => {
  const file = { ...complete, CONTAINARIUM_CONSENT: "never", CONTAINARIUM_MCP_READ_ONLY: "true" };
  const env = {
    CONTAINARIUM_SERVER_URL: "http://127.0.0.1:1",
    CONTAINARIUM_CONSENT: "${user_config.consent}",
    CONTAINARIUM_JWT_TOKEN: "",
  };
  const found = await config({ CONTAINARIUM_MCP_READ_ONLY: "false" }, env, file);
  assertEquals(found.serverUrl, "http://127.0.0.1:1");
  assertEquals<unknown>(found.token, "eyJ.a.b");
  assertEquals(found.consent, "never");
  assertEquals(found.selection.readOnly, false);
  assertEquals(found.warnings, [
    "CONTAINARIUM_CONSENT counts as not set: it holds the unfilled placeholder " +
    "${user_config.consent}",
  ]);
});

Deno.test("a token's file in the environment counts more than a token in the environment file", async () => {
  const { token } = await config({ CONTAINARIUM_JWT_TOKEN_FILE: "/run/token" }, complete);
  assertEquals<unknown>(token, { file: "/run/token", allowShared: false });
  const both = await config({ ...complete, CONTAINARIUM_JWT_TOKEN_FILE: "/run/token" });
  assertEquals<unknown>(both.token, "eyJ.a.b");
  const shared = await config({
    ...without("CONTAINARIUM_JWT_TOKEN"),
    CONTAINARIUM_JWT_TOKEN_FILE: "/run/token",
    CONTAINARIUM_MCP_ALLOW_SHARED_TOKEN_FILE: "true",
  });
  assertEquals<unknown>(shared.token, { file: "/run/token", allowShared: true });
});

Deno.test("a value of ours that cannot be is refused with the nearest that can", async (t) => {
  const cases: Readonly<Record<string, readonly [string, string]>> = {
    CONTAINARIUM_CONSENT: ["allways", '"allways": did you mean always? (known: auto, always'],
    CONTAINARIUM_BULK_CONCURRENCY: ["11", '"11": expected a number from 1 to 10'],
    CONTAINARIUM_DELETE_GRACE: ["8d", '"8d": expected "none" or a duration of at most 7 days'],
    CONTAINARIUM_MCP_READ_ONLY: ["tru", '"tru": did you mean true?'],
    CONTAINARIUM_MCP_ALLOW_SHARED_TOKEN_FILE: ["maybe", '"maybe": known: true, 1, t, yes'],
    CONTAINARIUM_MCP_TOOLSETS: ["contaners", '"contaners": did you mean containers?'],
    CONTAINARIUM_MCP_TOOLS: ["get_container,get_metric", '"get_metric": did you mean get_metrics?'],
    CONTAINARIUM_MCP_TRUSTED_CA_FILE: ["/no/such.pem", "/no/such.pem: no such file"],
  };
  for (const [name, [value, words]] of Object.entries(cases)) {
    await t.step(name, async () => {
      await assertRejects(
        () => config({ ...encrypted, [name]: value }),
        UsageError,
        `${name} ${words}`,
      );
    });
  }
  await t.step("a list of nothing", async () => {
    await assertRejects(() => config({ ...complete, CONTAINARIUM_MCP_TOOLS: "," }), UsageError);
  });
});

Deno.test("http:// to another machine is warned of, silenced or refused; a loopback never", async (t) => {
  const warningsFor = async (url: string, allow = "") =>
    (await config({
      ...complete,
      CONTAINARIUM_SERVER_URL: url,
      CONTAINARIUM_MCP_ALLOW_INSECURE: allow,
    })).warnings;
  for (
    const url of [
      "http://localhost:8080",
      "http://127.8.0.1",
      "http://[::1]:8080",
      "http://a.localhost/prefix/",
      "https://example.com",
    ]
  ) {
    await t.step(url, async () => {
      assertEquals(await warningsFor(url), []);
      assertEquals(await warningsFor(url, "false"), []);
    });
  }
  for (const url of ["http://10.0.0.1:8080", "http://localhost.example.com", "http://127.evil"]) {
    await t.step(url, async () => {
      const [warning = "", ...more] = await warningsFor(url);
      assert(warning.includes("is not encrypted") && more.length === 0, warning);
      assertEquals(await warningsFor(url, "true"), []);
      await assertRejects(() => warningsFor(url, "false"), ConfigError, "refuses");
    });
  }
});

Deno.test("CONTAINARIUM_BULK_CONCURRENCY is a number from 1 to 10", async () => {
  assertEquals((await config(complete)).bulkConcurrency, undefined);
  for (const count of [1, 10]) {
    const found = await config({ ...complete, CONTAINARIUM_BULK_CONCURRENCY: String(count) });
    assertEquals(found.bulkConcurrency, count);
  }
  for (const value of ["0", "2.5", "many", "-1"]) {
    const read = () => config({ ...complete, CONTAINARIUM_BULK_CONCURRENCY: value });
    await assertRejects(read, UsageError, `CONTAINARIUM_BULK_CONCURRENCY "${value}": expected`);
  }
});

Deno.test("CONTAINARIUM_DELETE_GRACE is a duration of at most 7 days, or none", async () => {
  assertEquals((await config(complete)).deleteGrace, undefined);
  for (const grace of ["24h", "7d", "90m", "none"]) {
    const found = await config({ ...complete, CONTAINARIUM_DELETE_GRACE: grace });
    assertEquals(found.deleteGrace, grace);
  }
  for (const value of ["0", "0h", "24", "169h", "a day"]) {
    const read = () => config({ ...complete, CONTAINARIUM_DELETE_GRACE: value });
    await assertRejects(read, UsageError, `CONTAINARIUM_DELETE_GRACE "${value}": expected`);
  }
});

Deno.test("the authorities to trust are read from their file, which holds certificates", async () => {
  await using folder = await makeTempFolder();
  const file = `${folder.path}/ca.pem`;
  await Deno.writeTextFile(file, pem);
  const found = await config({ ...encrypted, CONTAINARIUM_MCP_TRUSTED_CA_FILE: file });
  assertEquals([found.caCerts, found.filesRead], [[pem], [file]]);
  const bad: readonly (readonly [string, string])[] = [
    ["hello", `CONTAINARIUM_MCP_TRUSTED_CA_FILE ${file}: there is no certificate in it`],
    ["", "no certificate"],
    ["-----BEGIN CERTIFICATE-----\n", "no certificate"],
    ["-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n", "no certificate"],
    ["-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n", "cannot be used"],
    ["-----BEGIN CERTIFICATE-----\nAA==\n", "no certificate"],
  ];
  for (const [text, words] of bad) {
    await Deno.writeTextFile(file, text);
    await assertRejects(
      () => config({ ...encrypted, CONTAINARIUM_MCP_TRUSTED_CA_FILE: file }),
      UsageError,
      words,
    );
  }
});

Deno.test("CONTAINARIUM_TERMINAL_ORIGIN is scheme and host, and nothing else", async () => {
  assertEquals((await config(complete)).terminalOrigin, undefined);
  for (const origin of ["https://boxes.example.com", "http://localhost:8080"]) {
    const found = await config({ ...complete, CONTAINARIUM_TERMINAL_ORIGIN: origin });
    assertEquals(found.terminalOrigin, origin);
  }
  for (const origin of ["boxes.example.com", "https://boxes.example.com/", "http://a/b", "null"]) {
    await assertRejects(
      () => config({ ...complete, CONTAINARIUM_TERMINAL_ORIGIN: origin }),
      UsageError,
      "expected scheme and host",
    );
  }
});
