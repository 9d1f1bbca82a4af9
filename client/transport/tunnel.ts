/**
 * Connections to the daemon through an HTTP proxy.
 *
 * @module
 */
import { version } from "./version.ts";
import { type Address, dialTcp, startTls, unlessAborted, writeAll } from "./dial.ts";
import type { HttpProxy } from "./http_proxy.ts";
import { ProxyFailure } from "./proxy_failure.ts";
import { networkWords } from "./words.ts";

/** Maximum length of a proxy's response head. */
const MAX_HEAD_BYTES = 8_192;

/**
 * Connects through a proxy that is not behind TLS itself.
 *
 * @throws {ProxyFailure}
 * @throws The signal's reason
 */
export async function dialByProxy(
  proxy: HttpProxy,
  to: Address,
  signal: AbortSignal,
): Promise<Deno.TcpConn> {
  if (proxy.isSecure) throw new ProxyFailure(proxy.host, "needs TLS", true);
  return await openTunnel(await reach(proxy, signal), proxy, to, signal);
}

/**
 * Connects through any proxy.
 *
 * @param caCerts PEM certificates to trust besides the system's
 * @throws {ProxyFailure}
 * @throws The signal's reason
 */
export async function dialByAnyProxy(
  proxy: HttpProxy,
  to: Address,
  caCerts: readonly string[],
  signal: AbortSignal,
): Promise<Deno.Conn> {
  if (!proxy.isSecure) return await dialByProxy(proxy, to, signal);
  const plain = await reach(proxy, signal);
  const options = { hostname: proxy.hostname, caCerts: [...caCerts] };
  const secure = await startTls(plain, options, signal).catch((error) => {
    throw signal.aborted ? signal.reason : unusable(proxy, error);
  });
  return await openTunnel(secure, proxy, to, signal);
}

async function reach(proxy: HttpProxy, signal: AbortSignal): Promise<Deno.TcpConn> {
  try {
    return await dialTcp(proxy, signal);
  } catch (error) {
    throw signal.aborted ? signal.reason : unusable(proxy, error);
  }
}

/** Opens a tunnel (RFC 9110, section 9.3.6). The connection is closed if the proxy refuses. */
async function openTunnel<C extends Deno.Conn>(
  connection: C,
  proxy: HttpProxy,
  { hostname, port }: Address,
  signal: AbortSignal,
): Promise<C> {
  const to = `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
  const credentials = proxy.authorization();
  const lines = [
    `CONNECT ${to} HTTP/1.1`,
    `Host: ${to}`,
    `User-Agent: containarium-mcp-server/${version}`,
    ...(credentials === undefined ? [] : [`Proxy-Authorization: ${credentials}`]),
  ];
  return await unlessAborted(connection, signal, async () => {
    try {
      await writeAll(connection, new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
      const status = statusIn(await readHead(connection));
      if (status >= 200 && status < 300) return;
      throw new ProxyFailure(proxy.host, `refused to connect to ${to} (status ${status})`, true);
    } catch (error) {
      throw error instanceof ProxyFailure ? error : unusable(proxy, error);
    }
  });
}

/** Reads the head of the response. The daemon sends nothing before a request, so nothing may follow. */
async function readHead(connection: Deno.Conn): Promise<string> {
  const buffer = new Uint8Array(MAX_HEAD_BYTES);
  let head = "";
  for (let length = 0; !head.endsWith("\r\n\r\n");) {
    const read = length < buffer.length ? await connection.read(buffer.subarray(length)) : null;
    if (read === null) throw new Error("its answer is not HTTP");
    length += read;
    head = new TextDecoder().decode(buffer.subarray(0, length));
    // Do not wait for the body of a refusal.
    if (head.includes("\r\n\r\n") && !/^\S+ 2/.test(head)) return head;
  }
  return head;
}

function statusIn(head: string): number {
  const [, status] = /^HTTP\/1\.[01] (\d{3})\b/.exec(head) ?? [];
  if (status === undefined) throw new Error("its answer is not HTTP");
  return Number(status);
}

function unusable({ host }: HttpProxy, cause: unknown): ProxyFailure {
  return new ProxyFailure(host, `cannot be used: ${networkWords(cause)}`, false, { cause });
}
