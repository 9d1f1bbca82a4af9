/** What the simulated host has beside Incus, and what answers inside its containers. @module */

/** The options of a daemon that are about what it works with: what it lacks, it says as the real one does. */
export interface ServiceOptions {
  /** Without it routes, passthrough, collaborators, tokens, scans and policies are missing. @default {true} */
  readonly postgres?: boolean;
  /** The domain that short names of routes get; `null`: there is no Caddy. @default {"sim.test"} */
  readonly baseDomain?: string | null;
  /** Without it there are no secrets and no apps. @default {true} */
  readonly appHosting?: boolean;
  /** What listens inside containers from the start. */
  readonly listeners?: readonly Listener[];
}

/** Something that answers HTTP inside a container. */
export interface Listener {
  /** Whose container. */
  readonly username: string;
  /** The port that it listens on. */
  readonly port: number;
  /** @default {200 with the text "<username>:<port>"} */
  readonly answer?: (request: Request) => Response | Promise<Response>;
}

/** What listens inside containers, and the proxy in front of it. */
export interface Listeners {
  /** Lets something listen inside a container, in place of what was there on that port. */
  listen(listener: Listener): void;
  /** Ends what listens there. */
  unlisten(username: string, port: number): void;
  /**
   * Where the proxy listens, as in `http://127.0.0.1:PORT`; started when first asked for. A request's `Host` decides
   * which route it takes. A domain without a route is reset, as its TLS would be; a container that does not run, has
   * another address by now, or has nothing on that port is a 502.
   */
  proxyUrl(): Promise<string>;
  /** Fetches a URL such as `https://web.sim.test/` as who has the domain's DNS lead to the proxy. */
  browse(url: string | URL, init?: RequestInit): Promise<Response>;
}
