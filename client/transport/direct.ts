import type { Agent, ClientRequest, IncomingMessage } from "node:http";
import { type Incoming, type Outgoing, type Transport, unsent } from "./transport.ts";
import { withoutProxy } from "./without_proxy.ts";

/** Two pools of connections. */
interface Agents {
  readonly reads: Agent;
  readonly writes: Agent;
}

/**
 * Direct connections to the daemon. `fetch` always uses the environment's proxy, unless the daemon is
 * configured as the proxy, and then it sends the full URL in the request line, which RFC 9112, section
 * 3.2.1, reserves for proxies. Over TLS, each request has its own connection.
 */
export class DirectTransport implements Transport {
  readonly #caCerts: readonly string[];
  #maxKept: number;
  #agents: Agents | undefined;
  #module: typeof import("node:http") | undefined;

  /**
   * @param caCerts PEM certificates to trust besides the system's
   * @param maxKept Maximum idle connections for reads
   */
  constructor(caCerts: readonly string[], maxKept: number) {
    this.#caCerts = caCerts;
    this.#maxKept = maxKept;
  }

  /** Sends a request. */
  async send(outgoing: Outgoing): Promise<Incoming> {
    const { url, body, signal } = outgoing;
    const request = url.protocol === "https:"
      ? await this.#secureRequest(outgoing)
      : await this.#plainRequest(outgoing);
    const message = await responseTo(request, body, signal);
    return {
      status: message.statusCode ?? 0,
      header: (name) => message.headers[name]?.toString(),
      body: bodyOf(message, signal),
    };
  }

  async #plainRequest({ method, url, headers, body, signal }: Outgoing): Promise<ClientRequest> {
    // Imported once, on first use: loading takes twice as long as connecting.
    const { Agent, request } = this.#module ??= await import("node:http");
    signal.throwIfAborted();
    const { reads, writes } = this.#agents ??= makeAgents(Agent, this.#maxKept);
    const agent = method === "GET" ? reads : writes;
    return request(url, { method, agent, headers: withLength(headers, body) });
  }

  async #secureRequest({ method, url, headers, body, signal }: Outgoing): Promise<ClientRequest> {
    const { request } = await import("node:https");
    const { connectSecurely } = await import("./secure.ts");
    const connection = await connectSecurely({ url, caCerts: this.#caCerts, signal })
      .catch((error: unknown) => {
        throw signal.aborted ? signal.reason : unsent(error);
      });
    const createConnection = () => connection;
    return request(url, { method, createConnection, headers: withLength(headers, body) });
  }

  /** Closes idle connections, and keeps none from now on. */
  [Symbol.dispose](): void {
    this.#maxKept = 0;
    if (this.#agents !== undefined) keepNone(this.#agents.reads);
  }
}

function makeAgents(AgentClass: typeof Agent, maxFreeSockets: number): Agents {
  return {
    // It takes a maximum of 0 for its own default.
    reads: new AgentClass({ ...withoutProxy, keepAlive: maxFreeSockets > 0, maxFreeSockets }),
    writes: new AgentClass({ ...withoutProxy, keepAlive: false }),
  };
}

/** Closes idle connections, and the others once their request ends; `destroy` would cut requests off. */
function keepNone(agent: Agent): void {
  agent.maxFreeSockets = 0;
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of [...sockets ?? []]) socket.destroy();
  }
}

function withLength(
  headers: Outgoing["headers"],
  body: string | undefined,
): Readonly<Record<string, string | number>> {
  if (body === undefined) return headers;
  return { ...headers, "content-length": new TextEncoder().encode(body).length };
}

function responseTo(
  request: ClientRequest,
  body: string | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const response = Promise.withResolvers<IncomingMessage>();
  // Node's own `signal` option would double the cost of a request.
  const giveUp = () => {
    response.reject(signal.reason);
    request.destroy(new Error("aborted"));
  };
  signal.addEventListener("abort", giveUp, { once: true });
  request.once("close", () => signal.removeEventListener("abort", giveUp));
  let isConnected = false;
  request.on("socket", (socket) => {
    // Deno sends a request again that is destroyed on a kept connection.
    if (signal.aborted) socket.destroy();
    isConnected = !socket.connecting;
    // A kept connection never emits this again, so the listener would leak.
    if (!isConnected) socket.once("connect", () => isConnected = true);
  });
  request.once("response", response.resolve);
  // Never removed: after the response, errors are thrown by its body only.
  request.on("error", (error) => {
    if (signal.aborted) response.reject(signal.reason);
    else response.reject(isConnected ? error : unsent(error));
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
