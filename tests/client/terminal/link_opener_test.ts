/** How a terminal on another machine is reached. 0.0.0.0 stands for one: it is not taken for this one. */
import { assert, assertEquals } from "@std/assert";
import { importFlags } from "../../connect.ts";
import { startWire } from "../transport/wire.ts";
import cert from "../tls/any_address.pem" with { type: "text" };
import key from "../tls/daemon.key" with { type: "text" };

const certFile = new URL("../tls/any_address.pem", import.meta.url).pathname;
const refusal = "HTTP/1.1 403 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/** Opens terminals one after the other; returns what came of each. */
async function open(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const program = import.meta.resolve("./open_links.ts");
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "--no-check", ...importFlags, program, ...args],
    env: { NO_PROXY: "", no_proxy: "", ...env },
  }).output();
  const decoder = new TextDecoder();
  assert(success, decoder.decode(stderr));
  return decoder.decode(stdout).trimEnd().split("\n");
}

Deno.test("where the proxy is not known, a terminal over http goes where the environment says", async () => {
  await using daemon = startWire("127.0.0.1", refusal);
  await using proxy = startWire("127.0.0.1", refusal);
  const serverUrl = `http://0.0.0.0:${new URL(daemon.url).port}`;
  assertEquals((await open([serverUrl, "1"], { HTTP_PROXY: proxy.url })).length, 1);
  assertEquals([daemon.connections.length, proxy.connections.length], [0, 1]);
});

Deno.test("the runtime's way ends a terminal that sends too much at once", async () => {
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  await using daemon = Deno.serve(options, (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request);
    const text = JSON.stringify({ type: "output", data: "x".repeat(2 ** 20) });
    socket.onopen = () => socket.send(text);
    return response;
  });
  const [said] = await open([`http://0.0.0.0:${daemon.addr.port}`, "1"]);
  assertEquals(said, "the daemon sent more in one message than a terminal can");
});

Deno.test("where it is known that there is no proxy, only the direct way is tried", async () => {
  await using daemon = startSecure(() => true, "");
  const env = { ENVIRONMENT_PROXY: "none" };
  const [said = ""] = await open([daemon.serverUrl, "1", certFile], env);
  assert(said.startsWith("request failed: "), said);
  assertEquals(daemon.seen, ["dropped"]);
});

interface Secure extends AsyncDisposable {
  readonly serverUrl: string;
  /** What became of each connection. */
  readonly seen: readonly ("dropped" | "asked")[];
}

/** A daemon over TLS that drops some connections before they are secure, and answers the others. */
function startSecure(isDropped: (nth: number) => boolean, answer: string): Secure {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const inner = Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key });
  const seen: ("dropped" | "asked")[] = [];
  const forward = async (connection: Deno.TcpConn) => {
    const { port } = inner.addr;
    const [way, secure] = await Promise.all([Deno.connect({ port }), inner.accept()]);
    const passing = Promise.allSettled([
      connection.readable.pipeTo(way.writable),
      way.readable.pipeTo(connection.writable),
    ]);
    const length = await secure.read(new Uint8Array(4_096));
    if (length !== null && answer !== "") await secure.write(new TextEncoder().encode(answer));
    secure.close();
    await passing;
  };
  const serving = (async () => {
    for await (const connection of listener) {
      seen.push(isDropped(seen.length) ? "dropped" : "asked");
      if (seen.at(-1) === "asked") await forward(connection);
      else connection.close();
    }
  })();
  return {
    serverUrl: `https://0.0.0.0:${listener.addr.port}`,
    seen,
    async [Symbol.asyncDispose]() {
      listener.close();
      inner.close();
      await serving;
    },
  };
}

Deno.test("a terminal whose handshake is lost may have started a shell, and is not asked for again", async () => {
  await using daemon = startSecure(() => false, "");
  const [said = ""] = await open([daemon.serverUrl, "1", certFile]);
  assert(said.startsWith("request failed: "), said);
  assertEquals(daemon.seen, ["asked"]);
});

Deno.test("where the direct way leads nowhere, the runtime's is taken, and from then on at once", async () => {
  await using daemon = startSecure((nth) => nth % 2 === 0, refusal);
  const said = await open([daemon.serverUrl, "2", certFile]);
  // The runtime does not give the status over TLS.
  assertEquals(said[0], "The terminal's handshake was answered with status unknown");
  // The first terminal tried both ways, the second only the runtime's.
  assertEquals(daemon.seen, ["dropped", "asked", "dropped"]);
});
