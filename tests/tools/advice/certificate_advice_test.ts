/** What a model reads if the daemon's certificate is missing or rejected. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ContainariumClient } from "../../../client/mod.ts";
import { certificateCommand } from "../../../tools/advice/certificate_advice.ts";
import key from "../../client/tls/daemon.key" with { type: "text" };
import daemon from "../../client/tls/daemon.pem" with { type: "text" };
import expired from "../../client/tls/expired.pem" with { type: "text" };
import notYetValid from "../../client/tls/not_yet_valid.pem" with { type: "text" };
import otherName from "../../client/tls/other_name.pem" with { type: "text" };
import selfSigned from "../../client/tls/self_signed.pem" with { type: "text" };
import { connect } from "../../connect.ts";
import { needing } from "../../needs.ts";
import { makeTempFolder } from "../../temp.ts";

const token = "ctnr_0123456789abcdef";

/** A daemon with a certificate, or with plain HTTP. */
function show(
  tls: { readonly cert?: string; readonly key?: string },
): Deno.HttpServer<Deno.NetAddr> {
  const options = { port: 0, hostname: "127.0.0.1", onListen: () => {}, ...tls };
  return Deno.serve(options, () => Response.json({ containers: [] }));
}

interface Case {
  readonly cert?: string;
  readonly trust?: string;
  readonly scheme?: string;
  /** What happened, then what to do. */
  readonly words: readonly [string, string];
}

const cases: Readonly<Record<string, Case>> = {
  "expired": {
    cert: expired,
    trust: expired,
    words: ["has expired (on 2021-01-01T00:00:00Z)", "Ask the host's operator to renew it."],
  },
  "not valid yet": {
    cert: notYetValid,
    trust: notYetValid,
    words: ["is not valid yet (from 2120-01-01T00:00:00Z)", "this machine's clock is right"],
  },
  "for another name": {
    cert: otherName,
    trust: otherName,
    words: [
      "is not for localhost, but for other.example, 192.0.2.1",
      "-addext subjectAltName=DNS:localhost ",
    ],
  },
  "from an unknown authority": {
    cert: daemon,
    words: ["from an authority that is not trusted", "copy its authority's certificate, in PEM"],
  },
  "self-signed": {
    cert: selfSigned,
    trust: daemon,
    words: ["is self-signed", "copy it from the host, in PEM, into the file"],
  },
  "https to an http port": {
    words: ["probably serves http.", "if the network between is trusted, to http://localhost:"],
  },
  "http to an https port": {
    cert: daemon,
    scheme: "http",
    words: ["serves https, and not http.", "set CONTAINARIUM_SERVER_URL to https://localhost:"],
  },
};

Deno.test("list_containers says what to do about each TLS failure", async (t) => {
  const file = await Deno.makeTempFile();
  try {
    for (const [name, { cert, trust, scheme = "https", words }] of Object.entries(cases)) {
      await t.step(name, async () => {
        await using server = show(cert === undefined ? {} : { cert, key });
        const url = `${scheme}://localhost:${server.addr.port}`;
        if (trust !== undefined) await Deno.writeTextFile(file, trust);
        await using session = await connect({ url, token }, {
          ...(trust === undefined ? {} : {
            env: { CONTAINARIUM_MCP_TRUSTED_CA_FILE: file },
          }),
        });
        const { isError, text } = await session.call("list_containers");
        assertEquals(isError, true);
        const [first = "", ...more] = text.split("\n");
        assertStringIncludes(first, words[0]);
        assertStringIncludes(more.join("\n"), words[1]);
      });
    }
  } finally {
    await Deno.remove(file);
  }
});

Deno.test({
  ...needing(["openssl"], "certificateCommand() makes a certificate that is trusted by itself"),
  fn: async (t) => {
    for (const hostname of ["localhost", "127.0.0.1"]) {
      await t.step(`for ${hostname}`, async () => {
        await using folder = await makeTempFolder();
        const cwd = folder.path;
        const [program = "", ...args] = certificateCommand(hostname).split(" ");
        const made = await new Deno.Command(program, { args, cwd, stderr: "piped" }).output();
        assert(made.success, new TextDecoder().decode(made.stderr));
        const cert = await Deno.readTextFile(`${cwd}/daemon.pem`);
        const options = {
          port: 0,
          hostname: "127.0.0.1",
          onListen: () => {},
          cert,
          key: await Deno.readTextFile(`${cwd}/daemon.key`),
        };
        await using server = Deno.serve(options, () => Response.json({ containers: [] }));
        const serverUrl = `https://${hostname}:${server.addr.port}`;
        using client = new ContainariumClient({ serverUrl, token, caCerts: [cert] });
        assertEquals(await client.containers.list(), []);
      });
    }
  },
});

Deno.test("certificateCommand() marks addresses as such, and drops the brackets of an IPv6 address", () => {
  const alternative = (hostname: string) =>
    / (subjectAltName=\S+)/.exec(certificateCommand(hostname))?.[1];
  assertEquals(alternative("box.example"), "subjectAltName=DNS:box.example");
  assertEquals(alternative("10.0.0.7"), "subjectAltName=IP:10.0.0.7");
  assertEquals(alternative("[fd00::7]"), "subjectAltName=IP:fd00::7");
});
