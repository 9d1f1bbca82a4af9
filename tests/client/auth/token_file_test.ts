import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  type ContainariumClient,
  ContainariumError,
  type TokenOption,
} from "../../../client/mod.ts";
import { Token } from "../../../client/auth/token.ts";
import { TokenStore } from "../../../client/auth/token_store.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";
import { makeTempFolder } from "../../temp.ts";

async function refusal(client: ContainariumClient): Promise<ContainariumError> {
  const error = await assertRejects(() => client.containers.list(), ContainariumError);
  assertEquals(error.code, "unauthenticated");
  return error;
}

async function clientWith(daemon: Daemon, token: TokenOption): Promise<ContainariumClient> {
  return await clientOf(daemon, { token });
}

Deno.test("TokenStore rereads a token file when it changes", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using folder = await makeTempFolder();
  const file = `${folder.path}/jwt`;
  await Deno.writeTextFile(file, await daemon.token({ expiresInSeconds: -60 }), { mode: 0o600 });
  using client = await clientWith(daemon, { file });
  await refusal(client);

  const token = await daemon.token();
  await Deno.writeTextFile(`${file}.new`, `${token}\n`, { mode: 0o600 });
  await Deno.rename(`${file}.new`, file);

  assertEquals((await client.containers.list()).length, 1);
  assertEquals(client.redact(`both: ${token}`), "both: [token]");
});

Deno.test("TokenStore returns a changed file's token to each of many calls at once", async () => {
  await using folder = await makeTempFolder();
  const file = `${folder.path}/jwt`;
  await Deno.writeTextFile(file, "first_token", { mode: 0o600 });
  const store = new TokenStore({ file }, new URL("http://127.0.0.1:1"));
  const calls = () => Array.from({ length: 1_000 }, () => store.current());
  await Promise.all(calls());

  await Deno.writeTextFile(file, "second_token");
  const header = new Token("second_token").authorization();
  for (const token of await Promise.all(calls())) assertEquals(token.authorization(), header);
  assertEquals(store.redact("first_token, second_token"), "[token], [token]");
});

Deno.test("TokenStore redacts the token before this one, however often this one was written", async () => {
  await using folder = await makeTempFolder();
  const file = `${folder.path}/jwt`;
  const store = new TokenStore({ file }, new URL("http://127.0.0.1:1"));
  const read = async (token: string, time: number) => {
    await Deno.writeTextFile(file, token, { mode: 0o600 });
    await Deno.utime(file, time, time);
    await store.current();
  };
  await read("first_token", 0);
  for (let time = 1; time <= 100; time++) await read("second_token", time);
  assertEquals(store.redact("first_token, second_token"), "[token], [token]");
});

Deno.test("TokenStore reads a file again that held no token, even with its size and time unchanged", async () => {
  await using folder = await makeTempFolder();
  const file = `${folder.path}/jwt`;
  const time = new Date();
  const write = async (text: string) => {
    await Deno.writeTextFile(file, text, { mode: 0o600 });
    await Deno.utime(file, time, time);
  };
  await write("no token");
  const store = new TokenStore({ file }, new URL("http://127.0.0.1:1"));
  await assertRejects(() => store.current(), ContainariumError, "white space");
  await write("a_token!");
  assertEquals((await store.current()).authorization(), "Bearer a_token!");
});

Deno.test("TokenStore rejects an unusable token file and says how to fix it", async (t) => {
  await using daemon = await startDaemon();
  await using folder = await makeTempFolder();
  const file = `${folder.path}/jwt`;

  await t.step("not there", async () => {
    using client = await clientWith(daemon, { file });
    assertEquals((await refusal(client)).message, `Token file ${file}: no such file`);
  });
  await t.step("empty", async () => {
    await Deno.writeTextFile(file, "\n", { mode: 0o600 });
    using client = await clientWith(daemon, { file });
    assertEquals((await refusal(client)).message, `Token file ${file}: The token is empty`);
  });
  assertEquals(daemon.requests.length, 0, "nothing is sent without a token");
});

Deno.test(
  `a token file that others can read is refused${
    Deno.build.os === "windows" ? " (not run: Windows has no such modes)" : ""
  }`,
  { ignore: Deno.build.os === "windows" },
  async (t) => {
    await using daemon = await startDaemon();
    await using folder = await makeTempFolder();
    const file = `${folder.path}/jwt`;
    await Deno.writeTextFile(file, await daemon.token());
    for (const mode of [0o640, 0o604, 0o660]) {
      await t.step(mode.toString(8), async () => {
        await Deno.chmod(file, mode);
        using client = await clientWith(daemon, { file });
        const { message, reason, details } = await refusal(client);
        assertStringIncludes(message, `(mode 0${mode.toString(8)})`);
        assertEquals([reason, details.file], ["token_file_shared", file]);
      });
    }
    await t.step("unless that is meant", async () => {
      using client = await clientWith(daemon, { file, allowShared: true });
      await client.containers.list();
    });
  },
);

Deno.test("TokenStore uses a token of credentials.json only for its own address", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using folder = await makeTempFolder();
  const credentialsFile = `${folder.path}/credentials.json`;
  const { port } = new URL(daemon.url);
  const token = await daemon.token();
  const write = (servers: unknown) =>
    Deno.writeTextFile(credentialsFile, JSON.stringify({ default_server: daemon.url, servers }));

  await t.step("its own, whatever the path and slash", async () => {
    await write({ [`${daemon.url}/`]: { token, expires_at: "2030-01-01T00:00:00Z" } });
    using client = await clientWith(daemon, { credentialsFile });
    assertEquals((await client.containers.list()).length, 1);
  });
  const others = {
    "another port": "http://127.0.0.1:1",
    "another scheme": `https://127.0.0.1:${port}`,
    "another host": `http://localhost:${port}`,
    "no URL": "nonsense",
  };
  for (const [name, address] of Object.entries(others)) {
    await t.step(name, async () => {
      await write({ [address]: { token } });
      const before = daemon.requests.length;
      using client = await clientWith(daemon, { credentialsFile });
      const { message } = await refusal(client);
      assertStringIncludes(message, `there is no token for ${daemon.url}`);
      assertEquals(daemon.requests.length, before);
    });
  }
  await t.step("a file that is no JSON is not quoted", async () => {
    await Deno.writeTextFile(credentialsFile, `{"servers": ${token}`);
    using client = await clientWith(daemon, { credentialsFile });
    const { message } = await refusal(client);
    assertStringIncludes(message, "not valid JSON");
    assert(!message.includes(token.slice(0, 10)), message);
  });
});

Deno.test("tokenClaims() reads a JWT's claims, and none of another token", async () => {
  await using daemon = await startDaemon();
  const token = await daemon.token({
    username: "alice",
    roles: ["user"],
    scopes: ["containers:read"],
    expiresInSeconds: 60,
  });
  using client = await clientWith(daemon, token);
  const claims = await client.tokenClaims();
  assertEquals([claims?.username, claims?.roles, claims?.scopes], [
    "alice",
    ["user"],
    ["containers:read"],
  ]);
  assert(claims?.expiresAt !== undefined && claims.expiresAt > new Date());
  using hosted = await clientWith(daemon, "ctnr_0123456789abcdef");
  assertEquals(await hosted.tokenClaims(), undefined);
  await refusal(hosted);
  assertEquals(daemon.requests.at(-1)?.headers.authorization, "Bearer ctnr_0123456789abcdef");
});
