/** What iptables does for passthrough rules: ports of this machine that lead into containers. @module */

import { createServer, type Server } from "node:http";
import { answerAs } from "./listener_http.ts";
import { Listening } from "./listening.ts";
import { PassthroughTable } from "./passthrough.ts";
import type { World } from "./world.ts";

/** The forwarded ports of one daemon: those of TCP rules whose target listens. */
export class PortForwards {
  readonly #world: World;
  readonly #servers = new Map<number, Server>();
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(world: World) {
    this.#world = world;
  }

  /** Follows the rules, the containers and what listens in them from now on. */
  begin(): void {
    const sync = () => void this.#sync();
    this.#world.area(PassthroughTable).onChange(sync);
    this.#world.area(Listening).onChange(sync);
    this.#world.store.onChange(sync);
    sync();
  }

  /** Ends them. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#sync();
  }

  #sync(): Promise<void> {
    this.#work = this.#work.then(() => this.#apply());
    return this.#work;
  }

  async #apply(): Promise<void> {
    const ports = this.#closed ? [] : this.#world.area(PassthroughTable).list()
      .map(({ externalPort }) => externalPort).filter((port) => this.#target(port) !== undefined);
    for (const [port, server] of this.#servers) {
      if (!ports.includes(port)) await this.#stop(port, server);
    }
    for (const port of ports) {
      if (!this.#servers.has(port)) await this.#listen(port);
    }
  }

  #target(port: number) {
    const rule = this.#world.area(PassthroughTable).list().find((one) =>
      one.externalPort === port && one.active && one.protocol === "ROUTE_PROTOCOL_TCP"
    );
    return rule && this.#world.area(Listening).at(rule.targetIp, rule.targetPort);
  }

  async #listen(port: number): Promise<void> {
    const server = createServer((incoming, response) => {
      const listener = this.#target(port);
      if (listener === undefined) incoming.socket.resetAndDestroy();
      else answerAs(listener, incoming, response).catch(() => incoming.socket.destroy());
    });
    const { promise, resolve } = Promise.withResolvers<boolean>();
    // A port that something else has is not taken from it here.
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => resolve(true));
    if (await promise) this.#servers.set(port, server);
  }

  async #stop(port: number, server: Server): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#servers.delete(port);
    server.close(() => resolve());
    server.closeAllConnections();
    await promise;
  }
}
