import type { Agent, ClientRequest, IncomingMessage } from "node:http";
import { type Incoming, NotSent, type Outgoing, type Transport } from "./transport.ts";

/** Two pools of connections. */
interface Agents {
  readonly reads: Agent;
  readonly writes: Agent;
}

/**
 * The way to this machine itself. `fetch` cannot be kept from the proxy that the environment names, other
 * than by taking the daemon for a proxy, and then it sends the whole URL in the request line, which RFC
 * 9112, section 3.2.1, reserves for proxies.
 */
export class DirectTransport implements Transport {
  readonly #maxKept: number;
  #agents: Agents | undefined;

  /** @param maxKept How many connections are kept for reads */
  constructor(maxKept: number) {
    this.#maxKept = maxKept;
  }

  /** Sends a request. */
  async send({ method, url, headers, body, signal }: Outgoing): Promise<Incoming> {
    // Imported on first use: it takes twice as long to load as to connect.
    const http = await import("node:http");
    signal.throwIfAborted();
    const { reads, writes } = this.#agents ??= makeAgents(http.Agent, this.#maxKept);
    const request = http.request(url, {
      method,
      agent: method === "GET" ? reads : writes,
      headers: body === undefined ? headers : { ...headers, "content-length": byteLength(body) },
      signal,
    });
    const message = await responseTo(request, body, signal);
    return {
      status: message.statusCode ?? 0,
      header: (name) => message.headers[name]?.toString(),
      body: bodyOf(message, signal),
    };
  }

  /** Closes the connections that are kept. */
  [Symbol.dispose](): void {
    this.#agents?.reads.destroy();
    this.#agents?.writes.destroy();
    this.#agents = undefined;
  }
}

function makeAgents(AgentClass: typeof Agent, maxFreeSockets: number): Agents {
  // Without a proxyEnv of their own, agents take the environment's proxy where NODE_USE_ENV_PROXY is set.
  const own = { proxyEnv: {} };
  return {
    reads: new AgentClass({ ...own, keepAlive: true, maxFreeSockets }),
    writes: new AgentClass({ ...own, keepAlive: false }),
  };
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function responseTo(
  request: ClientRequest,
  body: string | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const response = Promise.withResolvers<IncomingMessage>();
  let isConnected = false;
  request.once("socket", (socket) => {
    isConnected = !socket.connecting;
    socket.once("connect", () => isConnected = true);
  });
  request.once("response", response.resolve);
  // Stays: what happens after the response is its body's to throw, and nobody else's.
  request.on("error", (error) => {
    if (signal.aborted) response.reject(signal.reason);
    else if (isConnected || error instanceof Deno.errors.NotCapable) response.reject(error);
    else response.reject(new NotSent(error));
  });
  request.end(body);
  return response.promise;
}

async function* bodyOf(message: IncomingMessage, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of message) yield chunk;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
