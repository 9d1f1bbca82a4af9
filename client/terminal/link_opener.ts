import { isLoopback } from "../auth/server_url.ts";
import type { Route } from "../transport/http_proxy.ts";
import { NotSent } from "../transport/transport.ts";
import { tlsFault } from "../transport/tls_fault.ts";
import { openBounded } from "./bounded_link.ts";
import { type Link, type LinkOptions, Refused } from "./link.ts";
import { openByRuntime } from "./runtime_link.ts";

const CONNECT_MS = 30_000;
/** Time limit of the direct attempt before the runtime is tried. */
const DIRECT_MS = 8_000;

/**
 * Opens WebSockets to one daemon by the same route as requests, with a message size limit.
 *
 * If only the runtime knows the route, its own WebSocket is used, which collects messages of any size.
 * Over https a direct connection is tried first: TLS protects the token. Over http it is not, because
 * the token would go in cleartext where no request goes.
 */
export class LinkOpener implements Disposable {
  readonly #caCerts: readonly string[];
  readonly #route: Route;
  #client: Deno.HttpClient | undefined;
  #isByRuntime = false;

  /**
   * @param caCerts PEM certificates to trust besides the system's
   * @param route How requests reach the daemon; ignored for this machine
   */
  constructor(caCerts: readonly string[], route: Route) {
    this.#caCerts = caCerts;
    this.#route = route;
  }

  /**
   * Opens a WebSocket.
   *
   * @throws {Refused} The daemon refused the handshake
   * @throws The error of a connection that could not be made
   */
  async open(options: LinkOptions): Promise<Link> {
    const route = isLoopback(options.url.hostname) ? "direct" : this.#route;
    if (route === "unknown") return await this.#openByEither(options);
    const proxy = route === "direct" ? undefined : route;
    return await openBounded(options, { caCerts: this.#caCerts, proxy, connectMs: CONNECT_MS });
  }

  /** Remembers that the direct way failed, and skips it from then on. */
  async #openByEither(options: LinkOptions): Promise<Link> {
    const { url, signal } = options;
    if (url.protocol === "wss:" && !this.#isByRuntime) {
      try {
        const directly = { caCerts: this.#caCerts, proxy: undefined, connectMs: DIRECT_MS };
        return await openBounded(options, directly);
      } catch (error) {
        signal.throwIfAborted();
        // A daemon that was reached may have started a shell: no second attempt.
        if (!(error instanceof NotSent)) throw error;
        // The runtime would try HTTP/2 next and report that failure instead.
        if (tlsFault(error, url.hostname) !== undefined) throw error;
      }
    }
    try {
      const link = await openByRuntime(options, this.#runtimesWay());
      this.#isByRuntime = true;
      return link;
    } catch (error) {
      if (error instanceof Refused) this.#isByRuntime = true;
      throw error;
    }
  }

  /** Closes the runtime's HTTP client. */
  [Symbol.dispose](): void {
    this.#client?.close();
    this.#client = undefined;
  }

  #runtimesWay(): Deno.HttpClient {
    const caCerts = [...this.#caCerts];
    // Few proxies support WebSockets over HTTP/2, which Deno tries if they offer HTTP/2.
    return this.#client ??= Deno.createHttpClient({ caCerts, http2: false });
  }
}
