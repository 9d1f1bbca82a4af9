/** `--server`: one of several daemons in `~/.containarium/credentials.json`. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { readConfig } from "../../cli/config.ts";
import { UsageError } from "../../cli/usage_error.ts";
import { named, Sources } from "../../cli/sources.ts";
import { startDaemon } from "../daemon/mod.ts";
import { launch } from "./launch.ts";
import { type Home, makeHome } from "./home.ts";

const filed = {
  "default_server": "https://other.example",
  servers: {
    "http://localhost:8080": { token: "token-of-home", name: "home" },
    "http://127.0.0.1:8080": { token: "token-of-test" },
    "http://127.0.0.1:9090": { token: "token-of-twin" },
    "https://other.example": { token: "token-of-other", name: "prod" },
    "nonsense": { token: "x" },
  },
};

function read({ path }: Home, variables: Readonly<Record<string, string>>) {
  return readConfig(new Sources([named((name) => variables[name])]), path);
}

Deno.test(
  "a daemon is picked by name, address or host, with the token filed under it and no other",
  { permissions: { net: ["localhost", "127.0.0.1"], read: true, write: true } },
  async (t) => {
    await using home = await makeHome(filed);
    const credentialsFile = `${home.path}/.containarium/credentials.json`;
    const cases: Readonly<Record<string, readonly [string, string]>> = {
      home: ["http://localhost:8080", "home"],
      "http://localhost:8080/": ["http://localhost:8080", "home"],
      "127.0.0.1:9090": ["http://127.0.0.1:9090", "127.0.0.1:9090"],
      localhost: ["http://localhost:8080", "home"],
    };
    for (const [wanted, [url, name]] of Object.entries(cases)) {
      await t.step(wanted, async () => {
        // A token that is named belongs to another daemon.
        const variables = { CONTAINARIUM_SERVER: wanted, CONTAINARIUM_JWT_TOKEN: "another" };
        const { serverUrl, serverName, token } = await read(home, variables);
        assertEquals([serverUrl, serverName], [url, name]);
        assertEquals<unknown>(token, { credentialsFile });
      });
    }
    const faults: Readonly<Record<string, string>> = {
      hom: 'CONTAINARIUM_SERVER "hom": did you mean home? (known: home, 127.0.0.1:8080, 127.0.0.1:',
      "127.0.0.1": "there is more than one of that name; known: http://127.0.0.1:8080, http://",
      "http://elsewhere": "known: home",
      prod: "this process may not reach https://other.example; start it with " +
        "--allow-net=other.example:443",
    };
    for (const [wanted, words] of Object.entries(faults)) {
      await t.step(wanted, async () => {
        await assertRejects(() => read(home, { CONTAINARIUM_SERVER: wanted }), UsageError, words);
      });
    }
  },
);

Deno.test("the name of the daemon stands in the instructions and in every question", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using home = await makeHome({
    servers: { [daemon.url]: { token: await daemon.token(), name: "staging" } },
  });
  await using launched = await launch({ url: daemon.url, token: "eyJ.of.another" }, {
    args: ["--server", "staging"],
    env: { HOME: home.path },
    read: [`${home.path}/.containarium/credentials.json`],
    initialize: false,
  });
  const { server } = launched;
  const { instructions } = await server.initialize({ elicitation: {} });
  assertStringIncludes(String(instructions), "only for the Containarium daemon staging");
  assert(new TextEncoder().encode(String(instructions)).length < 2048);
  const asked: unknown[] = [];
  server.onRequest("elicitation/create", (params) => {
    asked.push(params);
    return { action: "decline" };
  });
  await server.call("delete_container", { username: "alice" });
  const text = JSON.stringify(asked);
  assertStringIncludes(text, "On staging: Delete alice-container");
  assertStringIncludes(text, "Delete alice-container on staging");
});

Deno.test("an entry that is no address for HTTP is in no other's way", async () => {
  await using home = await makeHome({
    servers: {
      "localhost:8080": { token: "x" },
      "http://127.0.0.1:8080": { token: "token-of-test", name: "test" },
    },
  });
  const { serverName } = await read(home, { CONTAINARIUM_SERVER: "test" });
  assertEquals(serverName, "test");
});
