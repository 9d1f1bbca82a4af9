import { assertEquals, assertRejects } from "@std/assert";
import { HttpProxy } from "../../../client/transport/http_proxy.ts";
import { readPins } from "../../../client/transport/pins.ts";
import { ProxyFailure } from "../../../client/transport/proxy_failure.ts";
import { dialByProxy } from "../../../client/transport/tunnel.ts";
import ca from "../tls/ca.pem" with { type: "text" };
import daemon from "../tls/daemon.pem" with { type: "text" };
import { startWire } from "./wire.ts";

const never = new AbortController().signal;
const to = { hostname: "daemon.example", port: 8080 };

Deno.test("dialByProxy() opens a tunnel by any status from 200 to 299", async () => {
  for (const status of ["1.1 200 OK", "1.0 200 Connected", "1.1 299"]) {
    await using wire = startWire("127.0.0.1", `HTTP/${status}\r\nx: y\r\n\r\n`);
    using connection = await dialByProxy(new HttpProxy(new URL(wire.url)), to, never);
    assertEquals(connection.remoteAddr.transport, "tcp");
  }
});

Deno.test("dialByProxy() brackets an address of IPv6", async () => {
  await using wire = startWire("127.0.0.1", "HTTP/1.1 200 OK\r\n\r\n");
  const target = { hostname: "::1", port: 8080 };
  using _ = await dialByProxy(new HttpProxy(new URL(wire.url)), target, never);
  const [line, host, agent = "", ...rest] = (wire.connections[0]?.[0] ?? "").split("\r\n");
  assertEquals([line, host], ["CONNECT [::1]:8080 HTTP/1.1", "Host: [::1]:8080"]);
  assertEquals([agent.split("/")[0], rest], ["User-Agent: containarium-mcp-server", ["", ""]]);
});

Deno.test("dialByProxy() says what the proxy answered instead", async () => {
  const answers = [
    ["HTTP/1.1 199 No\r\n\r\n", "refused to connect to daemon.example:8080 (status 199)", true],
    ["HTTP/1.1 300 No\r\n\r\n", "refused to connect to daemon.example:8080 (status 300)", true],
    ["HTTP/1.2 200 OK\r\n\r\n", "cannot be used: its answer is not HTTP", false],
    ["xHTTP/1.1 200 OK\r\n\r\n", "cannot be used: its answer is not HTTP", false],
    ["HTTP/1.1 2000 OK\r\n\r\n", "cannot be used: its answer is not HTTP", false],
  ] as const;
  for (const [answer, words, isRefusal] of answers) {
    await using wire = startWire("127.0.0.1", answer);
    const proxy = new HttpProxy(new URL(wire.url));
    const error = await assertRejects(() => dialByProxy(proxy, to, never), ProxyFailure);
    assertEquals(error.message, `the proxy ${proxy.host} ${words}`);
    assertEquals([error.host, error.isRefusal], [proxy.host, isRefusal]);
  }
});

Deno.test("dialByProxy() leaves a proxy behind TLS alone", async () => {
  const proxy = new HttpProxy(new URL("https://127.0.0.1:1"));
  const error = await assertRejects(() => dialByProxy(proxy, to, never), ProxyFailure);
  assertEquals([error.message, error.isRefusal], ["the proxy 127.0.0.1:1 needs TLS", true]);
});

Deno.test("readPins() takes authorities' certificates, and ignores what cannot be read", async () => {
  const broken = "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----";
  const pins = await readPins([daemon, broken, ca, "nothing"]);
  assertEquals(pins.map(({ pem }) => pem.trim()), [ca.trim()]);
  assertEquals(await readPins([]), []);
});
