/** What is said of a TLS connection that does not come about, whatever way it goes. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { ApiPath } from "../../client/transport/api_path.ts";
import { ContainariumClient, ContainariumError, type ErrorReason } from "../../client/mod.ts";
import { LinkOpener } from "../../client/terminal/link_opener.ts";
import { TerminalSocket } from "../../client/terminal/socket.ts";
import { FetchTransport } from "../../client/transport/fetch.ts";
import { type TlsFault, tlsFault } from "../../client/transport/tls_fault.ts";
import ca from "./tls/ca.pem" with { type: "text" };
import daemon from "./tls/daemon.pem" with { type: "text" };
import key from "./tls/daemon.key" with { type: "text" };
import expired from "./tls/expired.pem" with { type: "text" };
import notYetValid from "./tls/not_yet_valid.pem" with { type: "text" };
import otherName from "./tls/other_name.pem" with { type: "text" };
import selfSigned from "./tls/self_signed.pem" with { type: "text" };
import { startWire } from "./transport/wire.ts";

const never = new AbortController().signal;

interface Shown {
  readonly port: number;
  readonly seen: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** A server that shows a certificate, or speaks http where there is none. */
function show(cert: string | undefined): Shown {
  const seen: string[] = [];
  const options = { port: 0, hostname: "127.0.0.1", onListen: () => {} };
  const handle = (request: Request) => {
    seen.push(request.method);
    return Response.json({ containers: [] });
  };
  const server = cert === undefined
    ? Deno.serve(options, handle)
    : Deno.serve({ ...options, cert, key }, handle);
  return { port: server.addr.port, seen, [Symbol.asyncDispose]: () => server.shutdown() };
}

interface Way {
  readonly serverUrl: URL;
  readonly caCerts: readonly string[];
}

async function openTerminal({ serverUrl, caCerts }: Way): Promise<unknown> {
  using links = new LinkOpener(caCerts, "direct");
  const path = new ApiPath("containers", "alice", "terminal");
  return await TerminalSocket.connect({ serverUrl, path, headers: {}, links, signal: never });
}

/** The ways that the client itself takes to this machine. */
const direct: Readonly<Record<string, (way: Way) => Promise<unknown>>> = {
  "a read": async (way) => {
    using client = new ContainariumClient({ ...way, token: "t" });
    return await client.containers.list();
  },
  "a write": async (way) => {
    using client = new ContainariumClient({ ...way, token: "t" });
    return await client.containers.setProtected("alice", true);
  },
  "a terminal": openTerminal,
};

/** The way to other machines. A terminal there is tried directly first. */
async function fetchFault(
  { serverUrl: url, caCerts }: Way,
): Promise<TlsFault | undefined> {
  using transport = new FetchTransport(caCerts, 1);
  const send = () => transport.send({ method: "GET", url, headers: {}, signal: never });
  return tlsFault(await assertRejects(send, Error), "localhost");
}

interface Case {
  readonly cert: string | undefined;
  readonly trust: readonly string[];
  readonly url: string;
  readonly reason: ErrorReason;
  readonly words: string;
}

const cases: Readonly<Record<string, Case>> = {
  "expired": {
    cert: expired,
    trust: [expired],
    url: "https://localhost",
    reason: "certificate_expired",
    words: "the daemon's certificate has expired (on 2021-01-01T00:00:00Z)",
  },
  "not valid yet": {
    cert: notYetValid,
    trust: [notYetValid],
    url: "https://localhost",
    reason: "certificate_not_yet_valid",
    words: "the daemon's certificate is not valid yet (from 2120-01-01T00:00:00Z)",
  },
  "for another name": {
    cert: otherName,
    trust: [otherName],
    url: "https://localhost",
    reason: "certificate_name",
    words: "the daemon's certificate is not for localhost, but for other.example, 192.0.2.1",
  },
  "from an unknown authority": {
    cert: daemon,
    trust: [],
    url: "https://localhost",
    reason: "certificate_untrusted",
    words: "the daemon's certificate is from an authority that is not trusted",
  },
  "self-signed, and not the one that is trusted": {
    cert: selfSigned,
    trust: [ca],
    url: "https://localhost",
    reason: "certificate_is_ca",
    words: "the daemon's certificate is self-signed, and not among those that are trusted",
  },
  "https to an http port": {
    cert: undefined,
    trust: [],
    url: "https://localhost",
    reason: "https_to_http",
    words: "the response is not TLS; this port probably serves http",
  },
  "http to an https port": {
    cert: daemon,
    trust: [],
    url: "http://localhost",
    reason: "http_to_https",
    words: "this port serves https, and not http",
  },
};

Deno.test("each failure of TLS has its own reason, for requests and terminals, on every way", async (t) => {
  for (const [name, { cert, trust, url, reason, words }] of Object.entries(cases)) {
    await t.step(name, async () => {
      await using server = show(cert);
      const host = `localhost:${server.port}`;
      const way = { serverUrl: new URL(`${url}:${server.port}`), caCerts: trust };
      for (const [what, call] of Object.entries(direct)) {
        const error = await assertRejects(() => call(way), ContainariumError, undefined, what);
        assertEquals([error.code, error.reason], ["failed_precondition", reason], error.message);
        assert(error.message.endsWith(`: ${words}`), error.message);
        assertEquals(error.details.host, host);
      }
      const fault = await fetchFault(way);
      // The runtime does not show the bytes that it could not read.
      const less = "the response is not HTTP; this port probably serves https";
      const isLess = reason === "http_to_https";
      assertEquals([fault?.reason, fault?.words], [reason, isLess ? less : words]);
      assertEquals(server.seen, []);
    });
  }
});

Deno.test("a self-signed certificate that is trusted, but for another host, is said to name none", async () => {
  await using server = show(selfSigned);
  const way = { serverUrl: new URL(`https://127.0.0.1:${server.port}`), caCerts: [selfSigned] };
  for (const call of Object.values(direct)) {
    const error = await assertRejects(() => call(way), ContainariumError);
    assertEquals([error.reason, error.details.names], ["certificate_name", []], error.message);
  }
  assertEquals(server.seen, []);
});

Deno.test("a write whose response is not HTTP, nor TLS, may have been read", async () => {
  await using wire = startWire("127.0.0.1", "SSH-2.0-OpenSSH_9.2\r\n");
  const way = { serverUrl: new URL(wire.url), caCerts: [] };
  using client = new ContainariumClient({ ...way, token: "t" });
  const read = await assertRejects(() => client.containers.list(), ContainariumError);
  assertEquals([read.code, read.reason], ["failed_precondition", "http_to_https"]);
  const write = await assertRejects(
    () => client.containers.setProtected("alice", true),
    ContainariumError,
  );
  assertEquals([write.code, write.reason], ["ambiguous", "response_lost"]);
});

Deno.test("web servers that say in HTTP that they serve https are understood", async (t) => {
  const bodies = {
    Go: "Client sent an HTTP request to an HTTPS server.\n",
    nginx: "<center>The plain HTTP request was sent to HTTPS port</center>",
    Apache: "Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />",
  };
  for (const [name, body] of Object.entries(bodies)) {
    await t.step(name, async () => {
      const head =
        `HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: ${body.length}`;
      await using wire = startWire("127.0.0.1", `${head}\r\n\r\n${body}`);
      for (const what of ["a read", "a write"]) {
        const call = direct[what];
        assert(call !== undefined);
        const error = await assertRejects(
          () => call({ serverUrl: new URL(wire.url), caCerts: [] }),
          ContainariumError,
        );
        assertEquals([error.code, error.reason], ["failed_precondition", "http_to_https"]);
      }
    });
  }
});
