/**
 * Connections to the daemon by a proxy.
 *
 * @module
 */
import { version } from "./version.ts";
import { type Address, dialTcp, startTls, unlessAborted, writeAll } from "./dial.ts";
import type { HttpProxy } from "./http_proxy.ts";
import { networkWords } from "./words.ts";

/** The proxy could not be used. */
export class ProxyFailure extends Error {
  /** Sets it apart from other errors. */
  override readonly name = "ProxyFailure";

  /**
   * @param host The proxy's name and port
   * @param words What happened, for people
   * @param isRefusal Whether the proxy answered, so that trying again is of no use
   */
  constructor(
    readonly host: string,
    words: string,
    readonly isRefusal: boolean,
    options?: ErrorOptions,
  ) {
    super(`the proxy ${host} ${words}`, options);
  }
}

/** A proxy says in less whether it connects. */
const MAX_HEAD_BYTES = 8_192;

/**
 * Connects by a proxy that has no TLS of its own.
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
 * Connects by any proxy.
 *
 * @param caCerts Certificates to trust besides the usual authorities', as PEM
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

/** Asks for a tunnel (RFC 9110, section 9.3.6); the connection is closed if there is none. */
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

/** What follows the head would be the daemon's, who says nothing before it is asked. */
async function readHead(connection: Deno.Conn): Promise<string> {
  const buffer = new Uint8Array(MAX_HEAD_BYTES);
  let head = "";
  for (let length = 0; !head.endsWith("\r\n\r\n");) {
    const read = length < buffer.length ? await connection.read(buffer.subarray(length)) : null;
    if (read === null) throw new Error("its answer is not HTTP");
    length += read;
    head = new TextDecoder().decode(buffer.subarray(0, length));
    // The body of a refusal is not waited for.
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
