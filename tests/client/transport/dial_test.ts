import { assertEquals, assertRejects } from "@std/assert";
import { addressOf, dialTcp, unlessAborted } from "../../../client/transport/dial.ts";
import { HttpProxy, withoutBrackets } from "../../../client/transport/http_proxy.ts";

Deno.test("addressOf() knows the usual ports, and takes off the brackets of IPv6", () => {
  const cases = {
    "http://box": ["box", 80],
    "ws://box": ["box", 80],
    "https://box": ["box", 443],
    "wss://box": ["box", 443],
    "wss://box:8443": ["box", 8443],
    "http://[::1]:8080": ["::1", 8080],
  };
  for (const [url, [hostname, port]] of Object.entries(cases)) {
    assertEquals(addressOf(new URL(url)), { hostname: String(hostname), port: Number(port) });
  }
  assertEquals(withoutBrackets("box[1]"), "box[1]");
});

Deno.test("HttpProxy reads its address, and decodes its credentials", () => {
  const read = (url: string) => {
    const { hostname, port, host, isSecure } = new HttpProxy(new URL(url));
    return [hostname, port, host, isSecure];
  };
  assertEquals(read("http://proxy"), ["proxy", 80, "proxy:80", false]);
  assertEquals(read("https://proxy"), ["proxy", 443, "proxy:443", true]);
  assertEquals(read("http://[::1]:3128"), ["::1", 3128, "[::1]:3128", false]);
  const authorization = (url: string) => new HttpProxy(new URL(url)).authorization();
  assertEquals(authorization("http://proxy"), undefined);
  assertEquals(authorization("http://me@proxy"), `Basic ${btoa("me:")}`);
  assertEquals(authorization("http://:secret@proxy"), `Basic ${btoa(":secret")}`);
  assertEquals(authorization("http://me:a%20%25%@proxy"), `Basic ${btoa("me:a %%")}`);
  const bytes = new TextEncoder().encode("me:é");
  assertEquals(authorization("http://me:%C3%A9@proxy"), `Basic ${bytes.toBase64()}`);
});

Deno.test("unlessAborted() closes the connection if the step fails or the signal aborts", async (t) => {
  const open = async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const accepting = listener.accept();
    const address = { hostname: "127.0.0.1", port: listener.addr.port };
    const connection = await dialTcp(address, new AbortController().signal);
    return { connection, peer: await accepting };
  };
  const isClosed = async (peer: Deno.Conn) => await peer.read(new Uint8Array(1)) === null;
  await t.step("the step fails", async () => {
    const { connection, peer } = await open();
    using _ = peer;
    const failing = () => Promise.reject(new Error("no"));
    const { signal } = new AbortController();
    await assertRejects(() => unlessAborted(connection, signal, failing), Error, "no");
    assertEquals(await isClosed(peer), true);
  });
  await t.step("the signal aborts meanwhile", async () => {
    const { connection, peer } = await open();
    using _ = peer;
    const controller = new AbortController();
    const reading = unlessAborted(
      connection,
      controller.signal,
      () => connection.read(new Uint8Array(1)),
    );
    controller.abort(new Error("enough"));
    await assertRejects(() => reading, Error, "enough");
    assertEquals(await isClosed(peer), true);
  });
  await t.step("the signal had aborted before", async () => {
    const { connection, peer } = await open();
    using _ = peer;
    const signal = AbortSignal.abort(new Error("enough"));
    const step = () => Promise.resolve();
    await assertRejects(() => unlessAborted(connection, signal, step), Error, "enough");
    assertEquals(await isClosed(peer), true);
  });
  await t.step("neither", async () => {
    const { connection, peer } = await open();
    using _ = peer;
    const controller = new AbortController();
    using same = await unlessAborted(connection, controller.signal, () => Promise.resolve());
    controller.abort();
    await same.write(Uint8Array.of(7));
    const read = new Uint8Array(1);
    assertEquals([await peer.read(read), read[0]], [1, 7]);
  });
});
