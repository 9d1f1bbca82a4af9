/** A daemon on another machine, as a server process reaches it where the environment names a proxy. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startFlood } from "../client/terminal/flood.ts";
import { connectProcess, shippedCommand } from "../connect.ts";
import { type Daemon, startDaemon } from "../daemon/mod.ts";
import { startProxy, type TestProxy } from "../proxy.ts";
import { testWithPty } from "../with_pty.ts";
import { launch } from "./launch.ts";

/** An address that is not this machine's by its name, where whoever comes is sent away. */
function startClosed() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let attempts = 0;
  const closing = (async () => {
    for await (const connection of listener) {
      attempts++;
      connection.close();
    }
  })();
  return {
    url: `http://0.0.0.0:${listener.addr.port}`,
    host: `0.0.0.0:${listener.addr.port}`,
    attempts: () => attempts,
    async [Symbol.asyncDispose]() {
      listener.close();
      await closing;
    },
  };
}

function proxyTo({ url }: Pick<Daemon, "url">): TestProxy {
  return startProxy({ to: { hostname: "127.0.0.1", port: Number(new URL(url).port) } });
}

const startAlice = () => startDaemon({ containers: [{ username: "alice" }], shell: {} });
const hostOf = ({ url }: { readonly url: string }) => new URL(url).host;
const firstLines = ({ connections }: TestProxy) =>
  connections.map(({ text }) => text.slice(0, text.indexOf("\r\n")));
const echo = { username: "alice", command: "echo by the proxy" };

testWithPty("a daemon that only the environment's proxy reaches has terminals too", async () => {
  await using daemon = await startAlice();
  await using proxy = proxyTo(daemon);
  await using closed = startClosed();
  const target = { url: closed.url, token: await daemon.token() };
  const password = "sesame-open";
  {
    await using launched = await launch(target, {
      net: [hostOf(proxy)],
      env: {
        http_proxy: proxy.url.replace("//", `//me:${password}@`),
        NO_PROXY: "daemon.example",
        CONTAINARIUM_DEBUG: "true",
      },
    });
    const { text } = await launched.server.call("run_command", echo);
    assertStringIncludes(text, "by the proxy");
    assert(!launched.server.stderr.includes(password), launched.server.stderr);
    assert(!launched.server.stderr.includes(btoa(`me:${password}`)), launched.server.stderr);
  }
  const lines = firstLines(proxy);
  assert(lines.includes(`CONNECT ${closed.host} HTTP/1.1`), lines.join("\n"));
  assertEquals(lines.filter((line) => line.includes("/terminal")), []);
  assertEquals(closed.attempts(), 0);
  for (const { text } of proxy.connections) {
    assertStringIncludes(text.toLowerCase(), "\r\nproxy-authorization: basic ");
  }
});

testWithPty("NO_PROXY leads past the proxy, requests and terminals", async () => {
  await using daemon = await startAlice();
  await using proxy = proxyTo(daemon);
  const target = {
    url: `http://0.0.0.0:${new URL(daemon.url).port}`,
    token: await daemon.token(),
  };
  const env = { ALL_PROXY: proxy.url, "no_proxy": "0.0.0.0/32" };
  await using launched = await launch(target, { env });
  const { text } = await launched.server.call("run_command", echo);
  assertStringIncludes(text, "by the proxy");
  assertEquals(proxy.connections.length, 0);
});

Deno.test("a proxy that may not be reached is named, and requests go through it all the same", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using proxy = proxyTo(daemon);
  await using closed = startClosed();
  const target = { url: closed.url, token: await daemon.token() };
  await using server = await connectProcess(target, {
    env: { HTTP_PROXY: proxy.url },
    command: shippedCommand(target.url),
  });
  const { isError, text } = await server.call("run_command", echo);
  assertEquals(isError, true);
  assertStringIncludes(text, `this process may not reach ${hostOf(proxy)}`);
  assertStringIncludes(text, `--allow-net=${hostOf(proxy)}`);
  assertEquals((await server.call("list_containers")).isError, false);
});

for (const way of ["directly", "by a proxy"]) {
  Deno.test(`a terminal's message in endless fragments ends it, ${way}, and nothing else`, async () => {
    await using flood = startFlood(60_000);
    await using proxy = startProxy({ to: flood.address });
    const target = {
      url: `http://0.0.0.0:${flood.address.port}`,
      token: "ctnr_0123456789abcdef",
    };
    const options = way === "directly"
      ? {}
      : { net: [hostOf(proxy)], env: { ALL_PROXY: proxy.url } };
    await using launched = await launch(target, options);
    const { isError, text } = await launched.server.call("run_command", echo);
    assertEquals(isError, true);
    assertStringIncludes(text, "the daemon sent more in one message than a terminal can");
    const most = 64 * 1_048_576;
    assert(flood.sent > 0 && flood.sent < most, `${flood.sent} bytes were taken`);
    assertEquals(proxy.connections.length > 0, way === "by a proxy");
    const alice = await launched.server.call("get_container", { username: "alice" });
    assertEquals(alice.isError, false, alice.text);
  });
}

testWithPty("a SOCKS proxy is left to the runtime, for terminals too", async () => {
  await using daemon = await startAlice();
  await using proxy = proxyTo(daemon);
  await using closed = startClosed();
  const target = { url: closed.url, token: await daemon.token() };
  await using launched = await launch(target, {
    net: [hostOf(proxy)],
    env: { ALL_PROXY: proxy.url.replace("http:", "socks5h:") },
  });
  const { text } = await launched.server.call("run_command", echo);
  assertStringIncludes(text, "by the proxy");
  assert(proxy.connections.every(({ text }) => text.startsWith("\x05")));
  assert(proxy.connections.some(({ text }) => text.includes("/terminal HTTP/1.1")));
  assertEquals(closed.attempts(), 0);
});

testWithPty(
  "a server that may not read the variables goes the runtime's way, and says so",
  async () => {
    await using daemon = await startAlice();
    await using proxy = proxyTo(daemon);
    await using closed = startClosed();
    const target = { url: closed.url, token: await daemon.token() };
    const [deno, ...flags] = shippedCommand(target.url);
    const command: [string, ...string[]] = [
      deno,
      ...flags.map((flag) => flag.replaceAll(/,\w+_proxy/gi, "")),
    ];
    await using server = await connectProcess(target, { command, env: { HTTP_PROXY: proxy.url } });
    const { text } = await server.call("run_command", echo);
    assertStringIncludes(text, "by the proxy");
    await server.whenStderr("Which proxy leads to the daemon is not known");
    assertEquals(closed.attempts(), 0);
    assert(firstLines(proxy).some((line) => line.includes("/terminal HTTP")));
  },
);
