/** The daemon's events: one frame to every open stream, whoever it is about. @module */

import { authenticate, isReply } from "./auth.ts";
import { type Container, visibleIpAddress } from "./container.ts";
import type { IncomingRequest } from "./http.ts";
import type { Reply } from "./reply.ts";
import type { ContainerState } from "./types.ts";
import { isSince, type World } from "./world.ts";

const HEARTBEAT_MS = 15_000;
const PATH = "/v1/events/subscribe";

/** Whether a path belongs to the events. They came with 0.6. */
export function isEventsPath(path: string, world: World): boolean {
  return path === PATH && isSince(world, "0.6.0");
}

/** Opens a stream; any valid token sees everything. */
export function answerEvents(
  request: IncomingRequest,
  query: URLSearchParams,
  world: World,
): Reply {
  const caller = authenticate(request, world, {
    missing: "unauthorized: token required for events",
    invalid: "unauthorized: invalid token",
  });
  if (isReply(caller)) return caller;
  return {
    status: 200,
    headers: {
      "Content-Type": "text/event-stream",
      "Cache-Control": "no-cache",
      "X-Accel-Buffering": "no",
    },
    body: frame("connected", { subscriptionId: crypto.randomUUID() }),
    goOn: (send, end) => world.area(EventStreams).add(query.getAll("resourceTypes"), send, end),
  };
}

interface Stream {
  readonly types: readonly string[];
  readonly send: (text: string) => void;
  readonly end: () => void;
}

/** The open streams of one daemon. */
export class EventStreams {
  readonly #world: World;
  readonly #streams = new Set<Stream>();
  #known: ReadonlyMap<string, ContainerState>;

  constructor(world: World) {
    this.#world = world;
    this.#known = this.#states();
    world.store.onChange(() => this.#compare());
  }

  /** How many are open. */
  get open(): number {
    return this.#streams.size;
  }

  /** Adds one, and gives what takes it away. */
  add(asked: readonly string[], send: Stream["send"], end: Stream["end"]): () => void {
    const known = asked.map((type) => type.replace("RESOURCE_TYPE_", ""))
      .filter((type) => ["CONTAINER", "APP", "ROUTE", "METRICS"].includes(type));
    const stream = { types: known, send, end };
    this.#streams.add(stream);
    const heartbeat = setInterval(() => send(": heartbeat\n\n"), HEARTBEAT_MS);
    return () => {
      clearInterval(heartbeat);
      this.#streams.delete(stream);
    };
  }

  /** Ends all of them. */
  drop(): void {
    for (const { end } of [...this.#streams]) end();
  }

  /** Sends text as it is to all of them. */
  write(text: string): void {
    for (const { send } of this.#streams) send(text);
  }

  /** What every container is for somebody who asks. */
  #states(): ReadonlyMap<string, ContainerState> {
    const { store } = this.#world;
    return new Map(
      store.all().map(({ username }) => [
        username,
        store.state(username) ?? "CONTAINER_STATE_UNSPECIFIED",
      ]),
    );
  }

  #compare(): void {
    const before = this.#known;
    this.#known = this.#states();
    for (const [username, state] of this.#known) {
      const kind = kindOf(before.get(username), state);
      // A deletion by force stops without a word.
      const isWithin = this.#world.store.find(username)?.busy === "delete";
      if (kind !== undefined && !isWithin) this.#tell(kind, username, before.get(username));
    }
    for (const username of before.keys()) {
      if (!this.#known.has(username)) this.#tell("deleted", username, undefined);
    }
  }

  /** Tells of a route that was put, or removed under the name in the path. */
  tellRoute(
    kind: "added" | "deleted",
    domain: string,
    route?: Readonly<Record<string, unknown>>,
  ): void {
    const text = frame(`route_${kind}`, {
      id: crypto.randomUUID(),
      resourceId: domain,
      resourceType: "RESOURCE_TYPE_ROUTE",
      ...(route === undefined ? {} : { routeEvent: { route } }),
      timestamp: new Date().toISOString(),
      type: `EVENT_TYPE_ROUTE_${kind.toUpperCase()}`,
    });
    this.#send("ROUTE", text);
  }

  /** A type that is not known is ignored, and then everything is sent. */
  #send(type: string, text: string): void {
    for (const { types, send } of this.#streams) {
      if (types.length === 0 || types.includes(type)) send(text);
    }
  }

  #tell(
    kind: "created" | "started" | "stopped" | "deleted",
    username: string,
    previousState: ContainerState | undefined,
  ): void {
    const container = this.#world.store.find(username);
    const detail = container === undefined ? {} : {
      containerEvent: {
        container: flat(container),
        ...(kind === "created" ? {} : { previousState }),
      },
    };
    const text = frame(`container_${kind}`, {
      ...detail,
      id: crypto.randomUUID(),
      resourceId: `${username}-container`,
      resourceType: "RESOURCE_TYPE_CONTAINER",
      timestamp: new Date().toISOString(),
      type: `EVENT_TYPE_CONTAINER_${kind.toUpperCase()}`,
    });
    this.#send("CONTAINER", text);
  }
}

function kindOf(
  before: ContainerState | undefined,
  after: ContainerState,
): "created" | "started" | "stopped" | undefined {
  if (before === after) return undefined;
  if (after === "CONTAINER_STATE_STOPPED") return before === undefined ? undefined : "stopped";
  if (after !== "CONTAINER_STATE_RUNNING") return undefined;
  return before === "CONTAINER_STATE_STOPPED" ? "started" : "created";
}

function flat(container: Container): Readonly<Record<string, unknown>> {
  const { username, state, cpu, memory, disk, image } = container;
  return {
    name: `${username}-container`,
    username,
    state,
    ipAddress: visibleIpAddress(container),
    cpu,
    memory,
    disk,
    image,
    podmanEnabled: true,
  };
}

function frame(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
