/** Other daemons, and passing requests on to them as the daemon does. @module */

import type { Pace } from "./pace.ts";
import type { ClusterOptions, PeerSeed } from "./peer_types.ts";
import { goError, GrpcError } from "./reply.ts";
import type { Call } from "./route.ts";
import type { World } from "./world.ts";

/** What a peer answered. */
export interface PeerReply {
  readonly status: number;
  readonly text: string;
}

/** A peer that was not heard of in time, or not at all. */
export class PeerSilent extends Error {
  /** The class's name. */
  override readonly name = "PeerSilent";
}

const readLimitMs = 5_000;

/** One other daemon. */
export class Peer {
  readonly id: string;
  readonly pool: string;
  /** Its inside, for what goes from Incus to Incus; an unhealthy one has none. */
  readonly world: World | undefined;
  readonly #url: string;
  readonly #pace: Pace;
  readonly #writeLimitMs: number;

  constructor(seed: PeerSeed, world: World | undefined, pace: Pace, writeLimitMs: number) {
    this.id = seed.id;
    this.pool = seed.pool ?? "";
    this.world = world;
    this.#url = seed.daemon?.url ?? "http://127.0.0.1:1";
    this.#pace = pace;
    this.#writeLimitMs = writeLimitMs;
  }

  /** Whether requests are passed on to it. */
  get healthy(): boolean {
    return this.world !== undefined;
  }

  /** Passes a request on, with the caller's own token. */
  async request(
    method: string,
    path: string,
    authorization: string,
    body?: unknown,
  ): Promise<PeerReply> {
    const limitMs = method === "GET" ? readLimitMs : this.#writeLimitMs;
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), limitMs);
    try {
      const answer = await fetch(`${this.#url}${path}`, {
        method,
        headers: { authorization },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.any([limit.signal, this.#pace.closed]),
      });
      return { status: answer.status, text: await answer.text() };
    } catch {
      this.#pace.closed.throwIfAborted();
      throw new PeerSilent(
        limit.signal.aborted
          ? `${method} "${this.#url}${path}": context deadline exceeded`
          : `${method} "${this.#url}${path}": connection refused`,
      );
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What a daemon knows of others. */
export interface Cluster {
  readonly backendId: string;
  readonly pool: string;
  readonly peers: readonly Peer[];
}

/** A cluster out of its options. */
export function createCluster(
  { backendId, pool, peers = [] }: ClusterOptions,
  hostname: string,
  peerOf: (seed: PeerSeed) => Peer,
): Cluster {
  return { backendId: backendId ?? hostname, pool: pool ?? "", peers: peers.map(peerOf) };
}

/** The peers that requests are passed on to. */
export function healthyPeers({ cluster }: World): readonly Peer[] {
  return (cluster?.peers ?? []).filter(({ healthy }) => healthy);
}

/** The backend that a creation names, or finds in a pool; nothing for the local one. */
export function placeOf(
  { backendId, pool }: { readonly backendId: string; readonly pool: string },
  world: World,
): Peer | undefined {
  const { cluster } = world;
  if (pool !== "") {
    if (cluster !== undefined && cluster.pool === pool) return undefined;
    const found = healthyPeers(world).find((peer) => peer.pool === pool);
    if (found === undefined) throw goError(`no healthy backend found in pool "${pool}"`);
    return found;
  }
  if (backendId === "" || backendId === cluster?.backendId) return undefined;
  const found = cluster?.peers.find(({ id }) => id === backendId);
  if (found === undefined) throw goError(`backend "${backendId}" not found`);
  if (!found.healthy) throw goError(`backend "${backendId}" is not healthy`);
  return found;
}

/** A container of a peer's, as its list says. */
export interface PeerRow {
  readonly peer: Peer;
  readonly row: Readonly<Record<string, unknown>>;
}

/** The containers of all peers that answer; nothing is filtered. */
export async function peerRows(
  { world, authorization }: Pick<Call, "world" | "authorization">,
): Promise<readonly PeerRow[]> {
  const lists = await Promise.all(
    healthyPeers(world).map(async (peer) => {
      const rows = await listOf(peer, authorization).catch((error: unknown) => {
        if (error instanceof PeerSilent) return [];
        throw error;
      });
      return rows.map((row) => ({ peer, row }));
    }),
  );
  return lists.flat();
}

async function listOf(peer: Peer, authorization: string) {
  const { text } = await peer.request("GET", "/v1/containers", authorization);
  const { containers = [] }: { containers?: readonly Readonly<Record<string, unknown>>[] } = JSON
    .parse(text);
  return containers;
}

/** The peer that has that user's container. */
export async function findOnPeers(call: Call, username: string): Promise<PeerRow | undefined> {
  return (await peerRows(call)).find(({ row }) => row.username === username);
}

/** Does it here or, whatever went wrong here, on the peer that has the container. */
export async function hereOrOnPeer(
  call: Call,
  username: string,
  here: () => unknown,
  there: (peer: Peer, refused: GrpcError) => Promise<unknown>,
): Promise<unknown> {
  try {
    return await here();
  } catch (error) {
    if (!(error instanceof GrpcError) || error.code === "PermissionDenied") throw error;
    const found = await findOnPeers(call, username);
    if (found === undefined) throw error;
    return await there(found.peer, error);
  }
}

/** Starting and stopping: what the peer answers is not looked at, and for a silent one the local refusal is told. */
export async function passOnUnseen(
  call: Call,
  peer: Peer,
  refused: GrpcError,
  path: string,
  body: unknown,
): Promise<void> {
  try {
    await peer.request("POST", path, call.authorization, body);
  } catch (error) {
    throw error instanceof PeerSilent ? refused : error;
  }
}

/** Other changes: a refusal of the peer's is told, with or without its words. */
export async function passOn(
  call: Call,
  peer: Peer,
  method: string,
  path: string,
  verb: "delete" | "resize",
  body?: unknown,
): Promise<void> {
  let reply: PeerReply;
  try {
    reply = await peer.request(method, path, call.authorization, body);
  } catch (error) {
    if (!(error instanceof PeerSilent)) throw error;
    throw goError(`failed to ${verb} container on peer ${peer.id}: ${error.message}`);
  }
  if (reply.status < 400) return;
  const reason = verb === "delete" ? "" : `: ${reply.text}`;
  throw goError(`peer ${peer.id} returned status ${reply.status} for ${verb}${reason}`);
}
