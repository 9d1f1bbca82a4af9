import { ContainariumError } from "../errors.ts";

/** Route of requests to the daemon: direct, through a proxy, or known only to the runtime. */
export type Route = "direct" | "unknown" | HttpProxy;

/** An HTTP proxy that tunnels connections with CONNECT. */
export class HttpProxy {
  /** Name or address, without the brackets of IPv6. */
  readonly hostname: string;
  /** Port. */
  readonly port: number;
  /** Name and port for messages, without credentials. */
  readonly host: string;
  /** Whether it is reached over TLS. */
  readonly isSecure: boolean;
  readonly #credentials: string | undefined;

  /** @param url Its address; the username and password are kept private */
  constructor(url: URL) {
    this.isSecure = url.protocol === "https:";
    this.hostname = withoutBrackets(url.hostname);
    this.port = url.port === "" ? (this.isSecure ? 443 : 80) : Number(url.port);
    this.host = `${url.hostname}:${this.port}`;
    this.#credentials = url.username === "" && url.password === ""
      ? undefined
      : `${decoded(url.username)}:${decoded(url.password)}`;
  }

  /** Returns the value of `Proxy-Authorization`, if it needs one. */
  authorization(): string | undefined {
    if (this.#credentials === undefined) return undefined;
    return `Basic ${new TextEncoder().encode(this.#credentials).toBase64()}`;
  }
}

/**
 * Reads the client's option `environmentProxy`.
 *
 * @param environmentProxy URL of the proxy, or `none`; absent if unknown
 * @throws {ContainariumError} `invalid_argument` for anything else
 */
export function readRoute(environmentProxy: string | undefined, serverUrl: URL): Route {
  if (environmentProxy === undefined) return "unknown";
  if (environmentProxy === "none") return "direct";
  const url = URL.parse(environmentProxy);
  switch (url?.protocol) {
    case "http:":
      return new HttpProxy(url);
    case "https:":
      // Deno.startTls cannot start TLS inside TLS.
      return serverUrl.protocol === "https:" ? "unknown" : new HttpProxy(url);
    case "socks5:":
    case "socks5h:":
      return "unknown";
    default:
      // Not quoted: it may contain a password.
      throw new ContainariumError(
        "invalid_argument",
        'environmentProxy is neither "none" nor the URL of a proxy, such as http://proxy:3128',
      );
  }
}

/** Returns a URL's hostname in the form that `Deno.connect` takes. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

/** Decodes percent escapes; like `fetch`, keeps malformed ones. */
function decoded(text: string): string {
  return text.replaceAll(/(?:%[\da-f]{2})+/gi, (escapes) => {
    const bytes = escapes.slice(1).split("%").map((hex) => parseInt(hex, 16));
    return new TextDecoder().decode(Uint8Array.from(bytes));
  });
}
