/** Whom a connection over TLS trusts, for requests and for terminals. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { ApiPath } from "../../../client/transport/api_path.ts";
import { ContainariumClient, ContainariumError } from "../../../client/mod.ts";
import { LinkOpener } from "../../../client/terminal/link_opener.ts";
import { TerminalSocket } from "../../../client/terminal/socket.ts";
import { DirectTransport } from "../../../client/transport/direct.ts";
import { FetchTransport } from "../../../client/transport/fetch.ts";
import { connectSecurely } from "../../../client/transport/secure.ts";
import { PinnableTransport } from "../../../client/transport/pinnable.ts";
import anyLoopback from "../tls/any_loopback.pem" with { type: "text" };
import ca from "../tls/ca.pem" with { type: "text" };
import key from "../tls/daemon.key" with { type: "text" };
import daemon from "../tls/daemon.pem" with { type: "text" };
import forged from "../tls/forged.pem" with { type: "text" };
import selfSigned from "../tls/self_signed.pem" with { type: "text" };

const alice = {
  container: {
    name: "alice-container",
    username: "alice",
    state: "CONTAINER_STATE_RUNNING",
  },
};

/** A daemon behind TLS that has a container; its terminal hangs up. */
function startSecure(cert: string, hostname = "127.0.0.1") {
  const seen: string[] = [];
  const options = { hostname, port: 0, cert, key, onListen: () => {} };
  const server = Deno.serve(options, (request) => {
    const { pathname } = new URL(request.url);
    seen.push(`${request.method} ${pathname}`);
    if (!pathname.endsWith("/terminal")) return Response.json(alice);
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.onopen = () => socket.close();
    return response;
  });
  return { port: server.addr.port, seen, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** Reads, writes and opens a terminal; returns what came of each. */
async function tryAll(url: string, caCerts: readonly string[]): Promise<string[]> {
  const serverUrl = new URL(url);
  using client = new ContainariumClient({ serverUrl, token: "ctnr_example", caCerts });
  using links = new LinkOpener(caCerts, "direct");
  const calls = [
    () => client.containers.get("alice"),
    () => client.containers.setProtected("alice", true),
    // Not by way of the client, which reads the container first.
    async () => {
      const terminal = await TerminalSocket.connect({
        serverUrl,
        path: new ApiPath("containers", "alice", "terminal"),
        headers: { authorization: "Bearer ctnr_example" },
        links,
        signal: new AbortController().signal,
      });
      await terminal.dropped;
    },
  ];
  const said: string[] = [];
  for (const call of calls) {
    try {
      await call();
      said.push("ok");
    } catch (error) {
      assert(error instanceof ContainariumError, String(error));
      said.push(error.message);
    }
  }
  return said;
}

Deno.test("a certificate is trusted by its authority, by itself, and as the usual self-signed one", async (t) => {
  const trusted = [["daemon", daemon, ca], ["any_loopback", anyLoopback, anyLoopback]] as const;
  for (
    const [name, cert, trust] of [...trusted, ["self_signed", selfSigned, selfSigned]] as const
  ) {
    await t.step(name, async () => {
      await using server = startSecure(cert);
      const said = await tryAll(`https://localhost:${server.port}`, [ca, trust]);
      assertEquals(said, ["ok", "ok", "ok"]);
      assertEquals(server.seen.filter((line) => line.startsWith("POST")).length, 1);
    });
  }
});

Deno.test("a certificate that is not trusted gets neither the token nor a connection to a terminal", async (t) => {
  const cases = [["daemon", daemon], ["self_signed", selfSigned]] as const;
  for (const [name, cert] of cases) {
    await t.step(name, async () => {
      await using server = startSecure(cert);
      const said = await tryAll(`https://localhost:${server.port}`, [anyLoopback]);
      assert(said.every((message) => message.startsWith("request failed: ")), said.join("\n"));
      assertEquals(server.seen, []);
    });
  }
});

Deno.test("a certificate that only claims to be from a trusted authority is refused", async () => {
  const seen: (string | undefined)[] = [];
  // Deno.serve refuses to show a certificate of version 1.
  const server = https.createServer({ key, cert: forged }, (request, response) => {
    seen.push(request.url);
    response.end(JSON.stringify(alice));
  });
  server.on("upgrade", (request, socket) => {
    seen.push(request.url);
    socket.destroy();
  });
  const listening = Promise.withResolvers<AddressInfo>();
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (typeof address === "object" && address !== null) listening.resolve(address);
  });
  const { port } = await listening.promise;
  try {
    for (const trust of [[ca], [ca, selfSigned]]) {
      const said = await tryAll(`https://localhost:${port}`, trust);
      assert(said.every((message) => message.startsWith("request failed: ")), said.join("\n"));
    }
    assertEquals(seen, []);
    const indifferent = { port, path: "/seen", rejectUnauthorized: false, agent: false };
    await new Promise((resolve) =>
      https.get(indifferent, (answer) => answer.resume().on("end", resolve))
    );
    assertEquals(seen, ["/seen"]);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

Deno.test("another machine's self-signed certificate is trusted, and a write to it is sent once", async () => {
  await using server = startSecure(selfSigned);
  const trust = [selfSigned];
  using transport = new PinnableTransport(
    new FetchTransport(trust, 2),
    new DirectTransport(trust, 2),
  );
  const send = async (method: string) => {
    const response = await transport.send({
      method,
      url: new URL(`https://localhost:${server.port}/v1/${method}`),
      headers: { authorization: "Bearer ctnr_example" },
      signal: new AbortController().signal,
    });
    for await (const _ of response.body);
    return response.status;
  };
  assertEquals([await send("POST"), await send("GET"), await send("POST")], [200, 200, 200]);
  assertEquals(server.seen, ["POST /v1/POST", "GET /v1/GET", "POST /v1/POST"]);
});

Deno.test("a self-signed certificate has to name the host, too", async () => {
  await using server = startSecure(selfSigned);
  const said = await tryAll(`https://127.0.0.1:${server.port}`, [selfSigned]);
  assert(said.every((message) => message.startsWith("request failed: ")), said.join("\n"));
  assertEquals(server.seen, []);
});

Deno.test("a connection over TLS that is not answered is given up", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = listener.accept();
  using client = new ContainariumClient({
    serverUrl: `https://localhost:${listener.addr.port}`,
    token: "ctnr_example",
    headersTimeoutMs: 200,
  });
  const error = await assertRejects(
    () => client.containers.setProtected("alice", true),
    ContainariumError,
  );
  (await accepting).close();
  assertStringIncludes(error.message, "no answer in 0.2 s");
});

Deno.test("a connection that is given up as TLS begins is closed, not waited for", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = listener.accept();
  const controller = new AbortController();
  const { startTls } = Deno;
  Deno.startTls = async (connection, options) => {
    const secure = await startTls(connection, options);
    controller.abort(new Error("given up"));
    return secure;
  };
  try {
    const url = new URL(`https://localhost:${listener.addr.port}`);
    const connecting = connectSecurely({ url, caCerts: [], signal: controller.signal });
    // Nobody answers the handshake.
    await assertRejects(() => connecting, Error, "given up");
  } finally {
    Deno.startTls = startTls;
  }
  (await accepting).close();
});

Deno.test("Deno's node:tls, which trusts forgeries, sends only to pinned certificates", async () => {
  const root = new URL("../../../", import.meta.url);
  const users: string[] = [];
  const visit = async (folder: string) => {
    for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
      if (isDirectory) await visit(`${folder}${name}/`);
      else if (/"node:(tls|https)"/.test(await Deno.readTextFile(new URL(folder + name, root)))) {
        users.push(folder + name);
      }
    }
  };
  for (const folder of ["client/", "tools/", "server/", "cli/"]) await visit(folder);
  assertEquals(users.toSorted(), [
    // Shows a certificate's facts, and sends nothing; fetch has judged it.
    "cli/doctor/tls_check.ts",
    // Gives node:https a connection that is secure already.
    "client/transport/direct.ts",
    "client/transport/pins.ts",
  ]);
});
