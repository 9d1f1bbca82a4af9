/** The containers, the creations that run or failed, and who waits for them to change. @module */

import { type Container, fromSeed } from "./container.ts";
import { DaemonClosed, type Pace } from "./pace.ts";
import { goError, GrpcError } from "./reply.ts";
import type { ContainerSeed, ContainerState, CreateFailure, Delays } from "./types.ts";

/** An async creation: GET shows its state instead of the container's, for ERROR until the next async create. */
export interface Creation {
  readonly username: string;
  state: "CONTAINER_STATE_CREATING" | "CONTAINER_STATE_PROVISIONING" | "CONTAINER_STATE_ERROR";
}

/** The daemon's memory. */
export class Store {
  readonly #pace: Pace;
  readonly #delays: Delays;
  readonly #network: string;
  readonly #containers: Map<string, Container>;
  readonly #creations = new Map<string, Creation>();
  readonly #watchers = new Set<() => void>();
  readonly #background = new Set<Promise<void>>();
  readonly #failures: CreateFailure[] = [];
  #addresses = 10;

  /**
   * @param neighbor The memory of another daemon on the same Incus
   * @param network How the addresses of its containers begin: `10.77`
   */
  constructor(
    pace: Pace,
    delays: Delays,
    seeds: readonly ContainerSeed[],
    neighbor: Store | undefined,
    network: string,
  ) {
    this.#pace = pace;
    this.#delays = delays;
    this.#network = network;
    this.#containers = neighbor === undefined ? new Map() : neighbor.#containers;
    for (const seed of seeds) {
      this.#containers.set(seed.username, fromSeed(seed, seed.ipAddress ?? this.nextIpAddress()));
    }
  }

  /** The container, if there is one. */
  find(username: string): Container | undefined {
    this.#sweep();
    return this.#containers.get(username);
  }

  /** The container, or the error that begins with these words. */
  demand(username: string, failedTo: string): Container {
    const container = this.find(username);
    if (container === undefined) throw goError(`${failedTo}: ${notFoundText(username)}`);
    return container;
  }

  /** The container, or the 404 of the newer handlers. */
  demandOr404(username: string): Container {
    const container = this.find(username);
    if (container !== undefined) return container;
    const reason = `failed to get container: ${notFoundText(username)}`;
    throw new GrpcError("NotFound", `container for user ${username} not found: ${reason}`);
  }

  /** All containers by the name of their instance. */
  all(): readonly Container[] {
    this.#sweep();
    return [...this.#containers.values()].sort((a, b) =>
      `${a.username}-container` < `${b.username}-container` ? -1 : 1
    );
  }

  /** The creation that hides a container from GET. */
  creation(username: string): Creation | undefined {
    return this.#creations.get(username);
  }

  /** What GET says of it. */
  state(username: string): ContainerState | undefined {
    return this.#creations.get(username)?.state ?? this.find(username)?.state;
  }

  /** Resolves when GET says so. */
  async when(username: string, state: string | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (this.state(username) === state) resolve();
    };
    this.#watchers.add(look);
    look();
    try {
      await this.#pace.orClosed(promise);
    } finally {
      this.#watchers.delete(look);
    }
  }

  /** Resolves when that container is taken out. */
  async whenRemoved(container: Container): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (this.#containers.get(container.username) !== container) resolve();
    };
    this.#watchers.add(look);
    look();
    await promise.finally(() => this.#watchers.delete(look));
  }

  /** Calls that at every change from now on. */
  onChange(look: () => void): void {
    this.#watchers.add(look);
  }

  /** Called with a container that the sweeper deleted; set where a deletion takes more with it. */
  swept: (container: Container) => void = () => {};

  /** Resolves when nothing runs any more in containers that were stopped; set where something can run. */
  emptied: () => Promise<unknown> = () => Promise.resolve();

  /** Tells those who wait. */
  changed(): void {
    for (const look of [...this.#watchers]) look();
  }

  /** Puts a container in. */
  add(container: Container): void {
    this.#containers.set(container.username, container);
    this.changed();
  }

  /** Takes a container out, if it is still that one. */
  remove(container: Container): void {
    if (this.#containers.get(container.username) === container) {
      this.#containers.delete(container.username);
    }
    this.changed();
  }

  /** Begins a creation. */
  begin(creation: Creation): void {
    this.#creations.set(creation.username, creation);
    this.changed();
  }

  /** Ends a creation, if it is still that one. */
  end(creation: Creation): void {
    if (this.#creations.get(creation.username) === creation) {
      this.#creations.delete(creation.username);
    }
    this.changed();
  }

  /** Marks the container as running from now on; its address shows later. */
  setRunning(container: Container): void {
    const nowMs = Date.now();
    container.state = "CONTAINER_STATE_RUNNING";
    container.runningSinceMs = nowMs;
    container.ipAddressFromMs = nowMs + this.#delays.ipAddressMs;
    container.stoppedAt = null;
    this.changed();
  }

  /** Marks the container as stopped. */
  setStopped(container: Container): void {
    container.cpuSecondsBefore = cpuSeconds(container);
    container.state = "CONTAINER_STATE_STOPPED";
    container.runningSinceMs = undefined;
    container.ipAddressFromMs = undefined;
    container.stoppedAt = new Date().toISOString();
    this.changed();
  }

  /** The next creation fails. */
  failNextCreate(failure: CreateFailure): void {
    this.#failures.push(failure);
  }

  /** How this creation is to fail, if it is. */
  takeFailure(): CreateFailure | undefined {
    return this.#failures.shift();
  }

  /** An address nobody has. */
  nextIpAddress(): string {
    this.#addresses += 1;
    return `${this.#network}.${Math.floor(this.#addresses / 250)}.${this.#addresses % 250 + 1}`;
  }

  /** Work that no request waits for. */
  inBackground(work: Promise<void>): void {
    const running = work.catch((error: unknown) => {
      if (!(error instanceof DaemonClosed)) throw error;
    }).finally(() => this.#background.delete(running));
    this.#background.add(running);
  }

  /** Resolves when nothing is at work any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#background);
  }

  /**
   * Deletes what outlived its TTL, running or not, or has been stopped for too long. The daemon looks each
   * minute, and gives everything half a minute more; looking when asked needs no timer.
   */
  #sweep(): void {
    const cutoffMs = Date.now() - this.#delays.sweepMs;
    for (const container of [...this.#containers.values()]) {
      const { ttlExpiresAt, deletePolicy, username, stoppedAt } = container;
      const span = container.deleteAfterStoppedSeconds;
      const expired = ttlExpiresAt !== null && Date.parse(ttlExpiresAt) <= cutoffMs ||
        span > 0 && stoppedAt !== null && Date.parse(stoppedAt) + span * 1000 <= cutoffMs;
      if (!expired || deletePolicy === "DELETE_POLICY_PROTECTED") continue;
      // Another that it deletes meanwhile, or that is there by now, is not this one.
      if (this.#containers.get(username) !== container) continue;
      this.#containers.delete(username);
      this.swept(container);
      this.changed();
    }
  }
}

/** CPU time used so far: half a core while it runs. */
export function cpuSeconds(container: Container): number {
  const { runningSinceMs, cpuSecondsBefore } = container;
  const ranMs = runningSinceMs === undefined ? 0 : Date.now() - runningSinceMs;
  return cpuSecondsBefore + ranMs / 2000;
}

/** What Incus says of a missing instance. */
export function notFoundText(username: string): string {
  return `Failed to fetch instance "${username}-container" in project "default": Instance not found`;
}
