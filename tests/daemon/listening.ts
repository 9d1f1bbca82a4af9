/** What listens inside containers. @module */

import { type Container, visibleIpAddress } from "./container.ts";
import type { Listener } from "./types.ts";
import type { World } from "./world.ts";

/** The listeners of all containers. They stay while a container is stopped, and go when it is deleted. */
export class Listening {
  readonly #world: World;
  readonly #listeners = new Map<Container, Map<number, Listener>>();
  #changed: () => void = () => {};

  constructor(world: World) {
    this.#world = world;
    for (const listener of world.services.listeners) this.add(listener);
  }

  /** Calls that at every change from now on. */
  onChange(look: () => void): void {
    this.#changed = look;
  }

  /** Lets something listen. */
  add(listener: Listener): void {
    const container = this.#world.store.find(listener.username);
    if (container === undefined) throw new Error(`${listener.username} has no container`);
    const ports = this.#listeners.get(container) ?? new Map<number, Listener>();
    this.#listeners.set(container, ports.set(listener.port, listener));
    this.#changed();
  }

  /** Ends what listens there. */
  remove(username: string, port: number): void {
    const container = this.#world.store.find(username);
    if (container !== undefined) this.#listeners.get(container)?.delete(port);
    this.#changed();
  }

  /** What answers at that address and port now. */
  at(ipAddress: string, port: number): Listener | undefined {
    const container = containerAt(this.#world, ipAddress);
    return container === undefined ? undefined : this.#listeners.get(container)?.get(port);
  }
}

/** The container that has that address now. */
export function containerAt(world: World, ipAddress: string): Container | undefined {
  return world.store.all().find((container) =>
    ipAddress !== "" && visibleIpAddress(container) === ipAddress
  );
}
