/** `~/.containarium/credentials.json`: whose token goes where. */
import { assertEquals, assertRejects } from "@std/assert";
import { readConfig } from "../../cli/config.ts";
import { ConfigError } from "../../cli/usage_error.ts";
import { named, Sources } from "../../cli/sources.ts";
import { makeHome } from "./home.ts";

const filed = {
  "default_server": "https://a.example",
  servers: {
    "https://a.example": { token: "token-of-a" },
    "http://localhost:8080/": { token: "token-of-localhost" },
  },
};

function read(home: string, variables: Readonly<Record<string, string>>) {
  return readConfig(new Sources([named((name) => variables[name])]), home);
}

Deno.test("the default daemon and its token are taken when nothing is named", async () => {
  await using home = await makeHome(filed);
  const { serverUrl, token } = await read(home.path, {});
  assertEquals(serverUrl, "https://a.example");
  assertEquals<unknown>(token, { credentialsFile: `${home.path}/.containarium/credentials.json` });
});

Deno.test("an address that is named is not replaced, and gets the token filed under it alone", async () => {
  await using home = await makeHome(filed);
  const { serverUrl } = await read(home.path, { CONTAINARIUM_SERVER_URL: "http://localhost:8080" });
  assertEquals(serverUrl, "http://localhost:8080");
  for (const url of ["http://a.example", "https://a.example:444", "https://b.example"]) {
    await assertRejects(
      () => read(home.path, { CONTAINARIUM_SERVER_URL: url }),
      ConfigError,
      `CONTAINARIUM_JWT_TOKEN environment variable is required: CONTAINARIUM_JWT_TOKEN_FILE is ` +
        `not set; Credentials file ${home.path}/.containarium/credentials.json: there is no token`,
    );
  }
});

Deno.test("a token that is named does not go to the default daemon of the file", async () => {
  await using home = await makeHome(filed);
  for (const variable of ["CONTAINARIUM_JWT_TOKEN", "CONTAINARIUM_JWT_TOKEN_FILE"]) {
    await assertRejects(
      () => read(home.path, { [variable]: "/some/token" }),
      ConfigError,
      "CONTAINARIUM_SERVER_URL environment variable is required",
    );
  }
});

Deno.test("a file that cannot be used is named, and what is in it is not told", async (t) => {
  const cases: Readonly<Record<string, readonly [unknown, string]>> = {
    "no JSON": ['{"servers": secret', "not valid JSON"],
    "no default": [{ servers: {} }, "names no default_server"],
    "a default without a token": [{ "default_server": "https://c" }, "there is no token for"],
  };
  for (const [name, [content, words]] of Object.entries(cases)) {
    await t.step(name, async () => {
      await using home = await makeHome(content);
      const error = await assertRejects(() => read(home.path, {}), ConfigError, words);
      assertEquals(error.message.includes("secret"), false);
    });
  }
  await t.step("no file", async () => {
    await assertRejects(() => read("/no/home", {}), ConfigError, "there is no /no/home/.contain");
  });
});

Deno.test(
  "a file that may not be read is not tried",
  { permissions: { read: false } },
  async () => {
    await assertRejects(
      () => read("/home/a", {}),
      ConfigError,
      "start it with --allow-read=/home/a/.containarium/credentials.json",
    );
  },
);
