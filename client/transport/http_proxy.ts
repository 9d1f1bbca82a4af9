import { ContainariumError } from "../errors.ts";

/** How requests reach the daemon: straight, by a proxy, or in a way that only the runtime knows. */
export type Route = "direct" | "unknown" | HttpProxy;

/** A proxy that connects to the daemon when it is asked to by CONNECT. */
export class HttpProxy {
  /** Its name or address, without the brackets of IPv6. */
  readonly hostname: string;
  /** Its port. */
  readonly port: number;
  /** Name and port, for messages: nothing secret. */
  readonly host: string;
  /** Whether the way to it is TLS. */
  readonly isSecure: boolean;
  readonly #credentials: string | undefined;

  /** @param url Its address, of which a username and a password are kept secret */
  constructor(url: URL) {
    this.isSecure = url.protocol === "https:";
    this.hostname = withoutBrackets(url.hostname);
    this.port = url.port === "" ? (this.isSecure ? 443 : 80) : Number(url.port);
    this.host = `${url.hostname}:${this.port}`;
    this.#credentials = url.username === "" && url.password === ""
      ? undefined
      : `${decoded(url.username)}:${decoded(url.password)}`;
  }

  /** Returns the value of `Proxy-Authorization`, where one is needed. */
  authorization(): string | undefined {
    if (this.#credentials === undefined) return undefined;
    return `Basic ${new TextEncoder().encode(this.#credentials).toBase64()}`;
  }
}

/**
 * Reads what the client was told of the environment's proxy.
 *
 * @param environmentProxy Its URL, or `none`; absent: not known
 * @throws {ContainariumError} `invalid_argument` for what is neither
 */
export function readRoute(environmentProxy: string | undefined, serverUrl: URL): Route {
  if (environmentProxy === undefined) return "unknown";
  if (environmentProxy === "none") return "direct";
  const url = URL.parse(environmentProxy);
  switch (url?.protocol) {
    case "http:":
      return new HttpProxy(url);
    case "https:":
      // The runtime's own API starts no TLS within TLS.
      return serverUrl.protocol === "https:" ? "unknown" : new HttpProxy(url);
    case "socks5:":
    case "socks5h:":
      return "unknown";
    default:
      // Never quoted: it may hold a password.
      throw new ContainariumError(
        "invalid_argument",
        'environmentProxy is neither "none" nor the URL of a proxy, such as http://proxy:3128',
      );
  }
}

/** Returns a URL's hostname as the runtime's sockets take it. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

/** What is no proper escape stays as it is, as for `fetch`. */
function decoded(text: string): string {
  return text.replaceAll(/(?:%[\da-f]{2})+/gi, (escapes) => {
    const bytes = escapes.slice(1).split("%").map((hex) => parseInt(hex, 16));
    return new TextDecoder().decode(Uint8Array.from(bytes));
  });
}
