/** Caddy in miniature: real HTTP on a port of its own, where the `Host` header decides which container answers. @module */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { answerAs } from "./listener_http.ts";
import { Listening } from "./listening.ts";
import { RouteTable } from "./route_table.ts";
import type { World } from "./world.ts";

/** The proxy of one daemon. */
export class ReverseProxy {
  readonly #world: World;
  #server: Server | undefined;
  #url: Promise<string> | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** Where it listens; it begins when first asked. */
  url(): Promise<string> {
    this.#url ??= this.#listen();
    return this.#url;
  }

  /** Fetches a URL through it; the bodies are read here, so that nothing is left open. */
  async browse(url: string | URL, init: RequestInit = {}): Promise<Response> {
    const { host, pathname, search } = new URL(url);
    const headers = new Headers(init.headers);
    headers.set("host", host);
    using client = Deno.createHttpClient({ allowHost: true });
    const answer = await fetch(`${await this.url()}${pathname}${search}`, {
      ...init,
      headers,
      client,
    });
    const { status } = answer;
    return new Response(await answer.arrayBuffer(), { status, headers: answer.headers });
  }

  /** Ends it. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    server.close(() => resolve());
    server.closeAllConnections();
    await promise;
  }

  async #listen(): Promise<string> {
    const server = createServer((request, response) => {
      this.#serve(request, response).catch(() => request.socket.destroy());
    });
    this.#server = server;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
    await promise;
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("No port to listen on");
    return `http://127.0.0.1:${address.port}`;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = (incoming.headers.host ?? "").replace(/:\d+$/, "");
    const target = this.#world.area(RouteTable).targetOf(host);
    if (target === undefined) {
      incoming.socket.resetAndDestroy();
      return;
    }
    const listener = this.#world.area(Listening).at(target.ipAddress, target.port);
    // Since 2.10, what comes from behind the proxy has Via, and only the proxy's own answers have Server.
    if (listener === undefined) {
      response.writeHead(502, { server: "Caddy" }).end();
      return;
    }
    response.setHeader("via", "1.1 Caddy");
    await answerAs(listener, incoming, response);
  }
}
