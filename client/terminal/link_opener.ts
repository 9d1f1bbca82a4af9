import { isLoopback } from "../auth/server_url.ts";
import { NotSent } from "../transport/transport.ts";
import { tlsFault } from "../transport/tls_fault.ts";
import { openDirectly } from "./direct_link.ts";
import { type Link, type LinkOptions, Refused } from "./link.ts";
import { openByRuntime } from "./runtime_link.ts";

/** So long a way that may lead nowhere is tried before the other. */
const DIRECT_MS = 8_000;
const LOOPBACK_MS = 30_000;

/**
 * Opens WebSockets to one daemon: directly, so that their messages are bounded. Where the daemon cannot
 * be reached that way, the runtime may know better, by a proxy of the environment's; from then on that
 * way is taken at once. Over plain http to another machine it is taken from the start: whether there is a
 * proxy is not known here, and past it the token would go in clear where no request goes.
 */
export class LinkOpener implements Disposable {
  readonly #caCerts: readonly string[];
  #client: Deno.HttpClient | undefined;
  #isByRuntime = false;

  /** @param caCerts Certificates to trust besides the usual authorities', as PEM */
  constructor(caCerts: readonly string[]) {
    this.#caCerts = caCerts;
  }

  /**
   * Opens one.
   *
   * @throws {Refused} The daemon said no
   * @throws Whatever keeps it from being reached
   */
  async open(options: LinkOptions): Promise<Link> {
    const { url, signal } = options;
    if (isLoopback(url.hostname)) return await openDirectly(options, this.#caCerts, LOOPBACK_MS);
    if (url.protocol === "wss:" && !this.#isByRuntime) {
      try {
        return await openDirectly(options, this.#caCerts, DIRECT_MS);
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
