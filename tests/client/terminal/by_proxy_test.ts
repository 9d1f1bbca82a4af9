/** Terminals through the proxy that the client is given. */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ContainariumClient, ContainariumError } from "../../../client/mod.ts";
import { Refused } from "../../../client/terminal/link.ts";
import { LinkOpener } from "../../../client/terminal/link_opener.ts";
import { TerminalSocket } from "../../../client/terminal/socket.ts";
import { ApiPath } from "../../../client/transport/api_path.ts";
import { HttpProxy, readRoute } from "../../../client/transport/http_proxy.ts";
import { type ProxyOptions, startProxy } from "../../proxy.ts";
import anyAddress from "../tls/any_address.pem" with { type: "text" };
import ca from "../tls/ca.pem" with { type: "text" };
import key from "../tls/daemon.key" with { type: "text" };
import localhost from "../tls/daemon.pem" with { type: "text" };
import { headerOf, requestLine, startWire } from "../transport/wire.ts";
import { startFlood } from "./flood.ts";

const body = "not from there";
const refusal =
  `HTTP/1.1 403 No\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;
const credentials = "me:pass%20word%";
const secret = "pass word%";

interface Way {
  readonly serverUrl: string;
  readonly proxyUrl: string;
  readonly caCerts?: readonly string[];
}

/** Opens a terminal, and waits for its end. */
async function open({ serverUrl, proxyUrl, caCerts = [] }: Way): Promise<string | undefined> {
  const url = new URL(serverUrl);
  using links = new LinkOpener(caCerts, readRoute(proxyUrl, url));
  const terminal = await TerminalSocket.connect({
    serverUrl: url,
    path: new ApiPath("containers", "alice", "terminal"),
    headers: { authorization: "Bearer ctnr_example", origin: "http://localhost:3000" },
    links,
    signal: new AbortController().signal,
  });
  return await terminal.dropped;
}

function addressOf(url: string): Deno.ConnectOptions {
  return { hostname: "127.0.0.1", port: Number(new URL(url).port) };
}

/** The same proxy, for one who has a password. */
function withPassword(url: string): string {
  return url.replace("//", `//${credentials}@`);
}

Deno.test("over http the proxy is asked to CONNECT, and the daemon in origin form", async () => {
  await using daemon = startWire("127.0.0.1", refusal);
  await using proxy = startProxy({ to: addressOf(daemon.url) });
  const way = { serverUrl: "http://daemon.example:8080/api", proxyUrl: withPassword(proxy.url) };
  const refused = await assertRejects(() => open(way), Refused);
  assertEquals([refused.status, refused.body], [403, body]);
  const [seen] = proxy.connections;
  const [head = "", inside = ""] = seen?.text.split("\r\n\r\n") ?? [];
  const [line, ...lines] = head.split("\r\n");
  assertEquals(line, "CONNECT daemon.example:8080 HTTP/1.1");
  assertEquals(
    lines.map((line) => line.replace(/[\d.]+$/, "")),
    [
      "Host: daemon.example:8080",
      "User-Agent: containarium-mcp-server/",
      `Proxy-Authorization: Basic ${btoa(`me:${secret}`)}`,
    ].map((line) => line.replace(/[\d.]+$/, "")),
  );
  const [request = ""] = daemon.connections[0] ?? [];
  assertEquals(`${inside}\r\n\r\n`, request);
  assertEquals(requestLine(request), "GET /api/v1/containers/alice/terminal HTTP/1.1");
  assertEquals(headerOf(request, "host"), "daemon.example:8080");
  assertEquals(headerOf(request, "authorization"), "Bearer ctnr_example");
  assert(!/proxy-/i.test(request), request);
});

Deno.test("over https a proxy sees where to, and nothing of what is said there", async () => {
  const tokens: (string | null)[] = [];
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {}, cert: anyAddress, key };
  await using daemon = Deno.serve(options, (request) => {
    tokens.push(request.headers.get("authorization"));
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.onopen = () => socket.close();
    return response;
  });
  const { port } = daemon.addr;
  await using proxy = startProxy({ to: { hostname: "127.0.0.1", port } });
  const way = { serverUrl: `https://0.0.0.0:${port}`, proxyUrl: withPassword(proxy.url) };
  assertEquals(await open({ ...way, caCerts: [anyAddress] }), undefined);
  assertEquals(tokens, ["Bearer ctnr_example"]);
  const text = proxy.connections.map(({ text }) => text).join("");
  assert(text.startsWith(`CONNECT 0.0.0.0:${port} HTTP/1.1\r\n`), text);
  assert(!text.includes("ctnr_example"));
  // Whoever is not trusted does not get the token either, by whatever way.
  const untrusted = await assertRejects(() => open(way), ContainariumError);
  assertEquals([untrusted.reason, tokens.length], ["certificate_untrusted", 1]);
});

Deno.test("a proxy behind TLS is spoken to over TLS, if it is trusted", async () => {
  await using daemon = startWire("127.0.0.1", refusal);
  const tls = { cert: localhost, key };
  await using proxy = startProxy({ to: addressOf(daemon.url), tls });
  const way = { serverUrl: "http://daemon.example", proxyUrl: withPassword(proxy.url) };
  await assertRejects(() => open({ ...way, caCerts: [ca] }), Refused);
  assertEquals(proxy.connections[0]?.text.split("\r\n")[0], "CONNECT daemon.example:80 HTTP/1.1");
  const error = await assertRejects(() => open(way), ContainariumError);
  assertEquals(error.reason, "proxy_failed");
  assertStringIncludes(error.message, `the proxy localhost:${new URL(proxy.url).port}`);
  assertEquals(daemon.connections.length, 1);
});

Deno.test("a proxy that does not connect is named, without its password", async (t) => {
  const answers: readonly (readonly [string, string, string])[] = [
    ["407", "HTTP/1.1 407 Who\r\ncontent-length: 9\r\n\r\n", "status 407"],
    ["403 and no end", "HTTP/1.1 403 No\r\n\r\nbecause", "status 403"],
    ["nothing", "", "not HTTP"],
    ["no HTTP", "SSH-2.0-OpenSSH\r\n\r\n", "not HTTP"],
    ["an endless head", `HTTP/1.1 200 OK\r\nx: ${"y".repeat(20_000)}`, "not HTTP"],
    ["more than a head", "HTTP/1.1 200 OK\r\n\r\nSSH-2.0", "not HTTP"],
  ];
  for (const [name, answer, words] of answers) {
    await t.step(name, async () => {
      await using daemon = startWire("127.0.0.1", refusal);
      await using proxy = startProxy({ to: addressOf(daemon.url), answer, hangsUp: true });
      const serverUrl = "http://daemon.example:8080";
      const way = { serverUrl, proxyUrl: withPassword(proxy.url) };
      const error = await assertRejects(() => open(way), ContainariumError);
      assertEquals(error.reason, "proxy_failed");
      assertEquals(error.code, words.startsWith("status") ? "failed_precondition" : "unavailable");
      assertEquals(error.details.host, new URL(proxy.url).host);
      assertStringIncludes(error.message, `the proxy ${new URL(proxy.url).host}`);
      assertStringIncludes(error.message, words);
      assert(!`${error.message} ${error.stack} ${error.cause}`.includes("pass"), error.stack);
      assertEquals(daemon.connections.length, 0);
    });
  }
  await t.step("nobody there", async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const proxyUrl = `http://127.0.0.1:${listener.addr.port}`;
    listener.close();
    const way = { serverUrl: "http://daemon.example:8080", proxyUrl };
    const error = await assertRejects(() => open(way), ContainariumError);
    assertEquals([error.code, error.reason], ["unavailable", "proxy_failed"]);
    assertStringIncludes(error.message, "cannot be used: connection refused");
  });
  await t.step("no permission for it", async () => {
    const way = { serverUrl: "http://daemon.example", proxyUrl: "http://proxy.example:3128" };
    const error = await assertRejects(() => open(way), ContainariumError);
    assertEquals([error.reason, error.details.host], ["net_denied", "proxy.example:3128"]);
  });
});

Deno.test("a proxy that is silent is given up with the terminal", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = listener.accept();
  const url = new URL("http://daemon.example");
  using links = new LinkOpener([], readRoute(`http://127.0.0.1:${listener.addr.port}`, url));
  const controller = new AbortController();
  const connecting = TerminalSocket.connect({
    serverUrl: url,
    path: new ApiPath("containers", "alice", "terminal"),
    headers: {},
    links,
    signal: controller.signal,
  });
  const connection = await accepting;
  assert((await connection.read(new Uint8Array(1_024)) ?? 0) > 0);
  controller.abort(new Error("given up"));
  await assertRejects(() => connecting, Error, "given up");
  // It hung up.
  assertEquals(await connection.read(new Uint8Array(1)), null);
  connection.close();
  listener.close();
});

Deno.test("a message in endless fragments ends a terminal behind a proxy", async (t) => {
  const proxies: Readonly<Record<string, Pick<ProxyOptions, "tls">>> = {
    "http": {},
    "https": { tls: { cert: localhost, key } },
  };
  for (const [name, tls] of Object.entries(proxies)) {
    await t.step(name, async () => {
      await using flood = startFlood(60_000);
      await using proxy = startProxy({ to: flood.address, ...tls });
      const way = { serverUrl: "http://daemon.example", proxyUrl: proxy.url, caCerts: [ca] };
      assertStringIncludes(await open(way) ?? "", "more in one message");
      assert(flood.sent < 64 * 1_048_576, `${flood.sent} bytes were taken`);
    });
  }
});

Deno.test("what only the runtime can do is left to it, and what is no proxy is refused", () => {
  const [plain, secure] = [new URL("http://daemon.example"), new URL("https://daemon.example")];
  assertEquals(readRoute(undefined, plain), "unknown");
  assertEquals(readRoute("none", plain), "direct");
  assertEquals(readRoute("socks5://proxy.example:1080", plain), "unknown");
  assertEquals(readRoute("https://proxy.example", secure), "unknown");
  for (const [given, host] of [["http://proxy", "proxy:80"], ["https://[::1]", "[::1]:443"]]) {
    const route = readRoute(given, plain);
    assert(route instanceof HttpProxy);
    assertEquals([route.host, route.authorization()], [host, undefined]);
    assert(!Deno.inspect(readRoute("http://a:secret@b", plain)).includes("secret"));
  }
  for (const environmentProxy of ["", "proxy:3128", "ftp://proxy", "http://me:secret@"]) {
    const client = () =>
      new ContainariumClient({ serverUrl: plain, token: "ctnr_example", environmentProxy });
    const error = assertThrows(client, ContainariumError, "environmentProxy");
    assertEquals(error.code, "invalid_argument");
    assert(!error.message.includes("secret"));
  }
});
