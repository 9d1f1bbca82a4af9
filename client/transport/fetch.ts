import type { Incoming, Outgoing, Transport } from "./transport.ts";

/** Sends requests with `fetch`, which uses the environment's proxy. */
export class FetchTransport implements Transport {
  readonly #caCerts: readonly string[];
  #maxKept: number;
  #reads: Deno.HttpClient | undefined;
  #writes: Deno.HttpClient | undefined;

  /**
   * @param caCerts PEM certificates to trust besides the system's
   * @param maxKept Maximum idle connections for reads
   */
  constructor(caCerts: readonly string[], maxKept: number) {
    this.#caCerts = caCerts;
    this.#maxKept = maxKept;
  }

  /** Sends a request. */
  async send({ method, url, headers, body, signal }: Outgoing): Promise<Incoming> {
    const response = await fetch(url, {
      method,
      headers: { ...headers },
      body: body ?? null,
      redirect: "manual",
      signal,
      client: this.#client(method),
    });
    return {
      status: response.status,
      header: (name) => response.headers.get(name) ?? undefined,
      body: response.body ?? empty(),
    };
  }

  /** Deno's fetch re-sends a request when a pooled connection drops, so writes use no pool. */
  #client(method: string): Deno.HttpClient {
    const caCerts = [...this.#caCerts];
    if (method === "GET") {
      return this.#reads ??= Deno.createHttpClient({ caCerts, poolMaxIdlePerHost: this.#maxKept });
    }
    return this.#writes ??= Deno.createHttpClient({
      caCerts,
      poolMaxIdlePerHost: 0,
      http2: false,
    });
  }

  /** Closes idle connections, and keeps none from now on. */
  [Symbol.dispose](): void {
    this.#maxKept = 0;
    this.#reads?.close();
    this.#writes?.close();
    this.#reads = this.#writes = undefined;
  }
}

async function* empty(): AsyncGenerator<Uint8Array> {}
