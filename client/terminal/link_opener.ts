import { isLoopback } from "../auth/server_url.ts";
import type { Route } from "../transport/http_proxy.ts";
import { NotSent } from "../transport/transport.ts";
import { tlsFault } from "../transport/tls_fault.ts";
import { openBounded } from "./bounded_link.ts";
import { type Link, type LinkOptions, Refused } from "./link.ts";
import { openByRuntime } from "./runtime_link.ts";

const CONNECT_MS = 30_000;
/** So long a way that may lead nowhere is tried before the other. */
const DIRECT_MS = 8_000;

/**
 * Opens WebSockets to one daemon the way requests go, and so that their messages are bounded.
 *
 * Where only the runtime knows the way, it opens them, and collects a message of any size. Over https the
 * direct way is tried before: past a proxy nobody can read the token there. Over http it would go in
 * clear where no request goes.
 */
export class LinkOpener implements Disposable {
  readonly #caCerts: readonly string[];
  readonly #route: Route;
  #client: Deno.HttpClient | undefined;
  #isByRuntime = false;

  /**
   * @param caCerts Certificates to trust besides the usual authorities', as PEM
   * @param route How requests reach the daemon, unless it is this machine
   */
  constructor(caCerts: readonly string[], route: Route) {
    this.#caCerts = caCerts;
    this.#route = route;
  }

  /**
   * Opens one.
   *
   * @throws {Refused} The daemon said no
   * @throws Whatever keeps it from being reached
   */
  async open(options: LinkOptions): Promise<Link> {
    const route = isLoopback(options.url.hostname) ? "direct" : this.#route;
    if (route === "unknown") return await this.#openByEither(options);
    const proxy = route === "direct" ? undefined : route;
    return await openBounded(options, { caCerts: this.#caCerts, proxy, connectMs: CONNECT_MS });
  }

  /** The way that worked is taken at once from then on. */
  async #openByEither(options: LinkOptions): Promise<Link> {
    const { url, signal } = options;
    if (url.protocol === "wss:" && !this.#isByRuntime) {
      try {
        const directly = { caCerts: this.#caCerts, proxy: undefined, connectMs: DIRECT_MS };
        return await openBounded(options, directly);
      } catch (error) {
        signal.throwIfAborted();
        // A daemon that was reached may have started a shell.
        if (!(error instanceof NotSent)) throw error;
        // The runtime's would say nothing of it: it tries HTTP/2 then, and speaks of that failure.
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

  /** Lets go of the runtime's way. */
  [Symbol.dispose](): void {
    this.#client?.close();
    this.#client = undefined;
  }

  #runtimesWay(): Deno.HttpClient {
    const caCerts = [...this.#caCerts];
    // A WebSocket over HTTP/2 is what few proxies can do, and Deno would try it where they offer that.
    return this.#client ??= Deno.createHttpClient({ caCerts, http2: false });
  }
}
