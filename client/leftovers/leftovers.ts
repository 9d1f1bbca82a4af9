import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { InFlightLimit } from "../async/in_flight.ts";
import { together } from "../async/together.ts";
import { notAgreed } from "../containers/agreed.ts";
import { ContainariumError } from "../errors.ts";
import {
  isSameLeftover,
  type Leftover,
  type LeftoverKind,
  type LeftoverList,
  type LeftoverOwner,
  type UnreadLeftovers,
} from "./leftover.ts";
import { cannotRemoveRules, removeLeftover } from "./leftover_removal.ts";
import { AbsentKinds, type LeftoverPlaces, LeftoverReads } from "./leftover_reads.ts";

/** Which leftovers to list. */
export interface ListLeftoversOptions extends CallOptions {
  /**
   * The kinds to look for.
   *
   * @default All
   */
  readonly kinds?: readonly LeftoverKind[] | undefined;
}

/** A leftover that is still there. */
export interface RemainingLeftover {
  /** What remains. */
  readonly leftover: Leftover;
  /** Why: `changed_since_agreed`, `permission_denied`; `ambiguous` if it may be gone after all. */
  readonly error: ContainariumError;
}

/** Result of a removal. */
export interface LeftoverRemoval {
  /** What was removed. */
  readonly removed: readonly Leftover[];
  /** What is still there. */
  readonly remaining: readonly RemainingLeftover[];
  /** The kinds of which there may be more. */
  readonly unread: readonly UnreadLeftovers[];
}

/** What to remove of what was agreed to. */
export interface RemoveLeftoversOptions extends CallOptions {
  /**
   * The kinds to remove.
   *
   * @default All
   */
  readonly kinds?: readonly LeftoverKind[] | undefined;
}

/** Every kind, in the order in which they are listed. */
export const leftoverKinds: readonly LeftoverKind[] = [
  "domain",
  "secret",
  "collaborator",
  "port",
  "network_policy",
  "access_rules",
];

/** Kinds that can be read and removed without a container. */
const removable = leftoverKinds.filter((kind) => kind !== "access_rules");
const AT_ONCE = 4;

/**
 * What the daemon keeps under a username when its container is deleted, and what a new container of that name
 * then inherits: secrets, ports of the host, collaborators, the network policy and access rules. Domains are
 * among it, too, as a deletion ends them.
 */
export class Leftovers {
  readonly #places: LeftoverPlaces;
  readonly #absent = new AbsentKinds();

  /**
   * Created by the client.
   *
   * @param places Where leftovers are kept
   */
  constructor(places: LeftoverPlaces) {
    this.#places = places;
  }

  /**
   * Lists what is kept under a username: each kind by a request of its own, all at once. A kind that the token
   * may not read, or that the daemon does not have, is in `unread`.
   *
   * @throws {ContainariumError} `cancelled`
   *
   * @example See what the deletion of a container would leave
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const alice = await client.containers.get("alice");
   * const { leftovers, unread } = await client.leftovers.list(alice);
   * assertEquals([leftovers, unread], [[], []]);
   * ```
   */
  async list(owner: LeftoverOwner, options: ListLeftoversOptions = {}): Promise<LeftoverList> {
    using call = new CallDeadline(options);
    return await this.#reads(options.kinds, call).of(owner);
  }

  /**
   * Lists what is kept under several usernames, as `list` does; what all users share is read once.
   *
   * @throws {ContainariumError} `cancelled`
   *
   * @example See what the deletion of all containers would leave
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const all = await client.leftovers.listAll(await client.containers.list());
   * assertEquals(all.get("alice")?.leftovers, []);
   * ```
   */
  async listAll(
    owners: readonly LeftoverOwner[],
    options: ListLeftoversOptions = {},
  ): Promise<ReadonlyMap<string, LeftoverList>> {
    using call = new CallDeadline(options);
    const reads = this.#reads(options.kinds, call);
    const limit = new InFlightLimit(AT_ONCE);
    const lists = await together(
      owners.map((owner) => limit.run(() => reads.of(owner), call.signal)),
    );
    return new Map(
      owners.flatMap(({ username }, at) => {
        const list = lists[at];
        return list === undefined ? [] : [[username, list]];
      }),
    );
  }

  /**
   * Removes what was agreed to, and nothing else: what was added or changed since remains, and is reported.
   * Access rules always remain. Call it after the deletion of the container, which needs them until then.
   * Domains that the daemon has removed with the container count as removed.
   *
   * @param agreed What `list` returned
   * @throws {ContainariumError} `cancelled` before anything is removed; what fails later is in `remaining`
   *
   * @example Delete a container with everything
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const alice = await client.containers.get("alice");
   * const { leftovers } = await client.leftovers.list(alice);
   * await client.containers.delete("alice", { agreed: { container: alice } });
   * const { remaining } = await client.leftovers.remove(alice, leftovers);
   * assertEquals(remaining, []);
   * ```
   */
  async remove(
    owner: LeftoverOwner,
    agreed: readonly Leftover[],
    options: RemoveLeftoversOptions = {},
  ): Promise<LeftoverRemoval> {
    using call = new CallDeadline(options);
    const kinds = options.kinds ?? removable;
    const reads = this.#reads(kinds, call);
    const { leftovers, unread } = await reads.of(owner);
    const sees = (one: LeftoverKind) =>
      kinds.includes(one) && !unread.some(({ kind }) => kind === one);
    const limit = new InFlightLimit(AT_ONCE);
    const fates = await together(leftovers.map((leftover) => {
      const isAgreed = agreed.some((one) => isSameLeftover(one, leftover));
      return isAgreed
        ? limit.run(() => this.#fate(owner, leftover, call))
        : { leftover, error: notAgreed("It was added or changed since the user was asked") };
    }));
    return {
      removed: [
        ...(sees("domain") ? await gone(agreed, reads) : []),
        ...fates.flatMap(({ leftover, error }) => error === undefined ? [leftover] : []),
      ],
      remaining: [
        ...fates.flatMap(({ leftover, error }) => error === undefined ? [] : [{ leftover, error }]),
        ...unremovable(agreed, unread),
      ],
      unread,
    };
  }

  #reads(kinds: readonly LeftoverKind[] = leftoverKinds, call: CallOptions): LeftoverReads {
    return new LeftoverReads(this.#places, this.#absent, new Set(kinds), call);
  }

  async #fate(owner: LeftoverOwner, leftover: Leftover, call: CallOptions): Promise<{
    readonly leftover: Leftover;
    readonly error?: ContainariumError;
  }> {
    try {
      await removeLeftover(this.#places, owner, leftover, call);
      return { leftover };
    } catch (error) {
      if (!(error instanceof ContainariumError)) throw error;
      return { leftover, error };
    }
  }
}

/** The domains that lead nowhere by now: the daemon removed them with the container. */
async function gone(
  agreed: readonly Leftover[],
  reads: LeftoverReads,
): Promise<readonly Leftover[]> {
  const before = agreed.filter((leftover) => leftover.kind === "domain");
  if (before.length === 0) return [];
  const now = new Set((await reads.domains()).map(({ domain }) => domain));
  return before.filter(({ route }) => !now.has(route.domain));
}

/** What was seen before and cannot be seen, or never be removed, now. */
function unremovable(
  agreed: readonly Leftover[],
  unread: readonly UnreadLeftovers[],
): readonly RemainingLeftover[] {
  return agreed.flatMap((leftover) => {
    const error = leftover.kind === "access_rules"
      ? cannotRemoveRules()
      : unread.find(({ kind }) => kind === leftover.kind)?.error;
    return error === undefined ? [] : [{ leftover, error }];
  });
}
