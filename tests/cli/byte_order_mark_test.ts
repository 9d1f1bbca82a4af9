/** Files as editors and shells on Windows write them. */
import { assert, assertEquals } from "@std/assert";
import ca from "../client/tls/ca.pem" with { type: "text" };
import key from "../client/tls/daemon.key" with { type: "text" };
import cert from "../client/tls/daemon.pem" with { type: "text" };
import { makeTempFolder } from "../temp.ts";
import { launch } from "./launch.ts";

const token = "ctnr_0123456789abcdef";

/** The ways to write a text. */
const encodings: Readonly<Record<string, (text: string) => Uint8Array>> = {
  "UTF-8": (text) => new TextEncoder().encode(`\uFEFF${text}`),
  "UTF-16 (PowerShell 5)": (text) =>
    new Uint8Array([...`\uFEFF${text}`].flatMap((unit) => {
      const code = unit.charCodeAt(0);
      return [code & 255, code >> 8];
    })),
};

/** A daemon that refuses whoever comes with another token. */
function startStrict(): Deno.HttpServer<Deno.NetAddr> {
  const options = { port: 0, hostname: "127.0.0.1", cert, key, onListen: () => {} };
  return Deno.serve(
    options,
    ({ headers }) =>
      headers.get("authorization") === `Bearer ${token}`
        ? Response.json({ containers: [] })
        : Response.json({ error: "invalid token", code: 401 }, { status: 401 }),
  );
}

for (const [name, encode] of Object.entries(encodings)) {
  Deno.test(`a byte order mark is accepted in every file that is read: ${name}`, async (t) => {
    await using daemon = startStrict();
    const url = `https://127.0.0.1:${daemon.addr.port}`;
    await using folder = await makeTempFolder();
    const home = folder.path;
    await Deno.mkdir(`${home}/.containarium`);
    const write = async (file: string, text: string) => {
      const path = `${home}/${file}`;
      await Deno.writeFile(path, encode(text), { mode: 0o600 });
      return path;
    };
    const caFile = await write("ca.pem", ca);
    const policy = await write("policy.json", JSON.stringify({ templates: {} }));
    const tokenFile = await write("token", `${token}\r\n`);
    const variables = [
      `CONTAINARIUM_MCP_TRUSTED_CA_FILE=${caFile}`,
      `CONTAINARIUM_CONFIG=${policy}`,
      `CONTAINARIUM_SERVER_URL=${url}`,
    ].join("\r\n");
    const envFile = await write("daemon.env", variables);
    const filed = { "default_server": url, servers: { [url]: { token } } };
    const credentials = await write(".containarium/credentials.json", JSON.stringify(filed));
    const tokens = { "the token's file": tokenFile, "credentials.json": undefined };
    for (const [step, file] of Object.entries(tokens)) {
      await t.step(step, async () => {
        await using launched = await launch({ url, token: "" }, {
          args: ["--env-file", envFile],
          env: {
            HOME: home,
            CONTAINARIUM_SERVER_URL: "",
            CONTAINARIUM_JWT_TOKEN: "",
            CONTAINARIUM_JWT_TOKEN_FILE: file ?? "",
          },
          read: [envFile, caFile, policy, file ?? credentials],
        });
        const { isError, text } = await launched.server.call("list_containers");
        assertEquals(isError, false, text);
        assert(!launched.server.stderr.includes(token), "the token is in the log");
      });
    }
  });
}
