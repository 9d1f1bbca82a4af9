import type { CallOptions } from "../async/call_options.ts";
import { isGivenUp } from "../async/call_deadline.ts";
import { together } from "../async/together.ts";
import type { AccessRules } from "../access_rules/mod.ts";
import type { Collaborators } from "../collaborators/mod.ts";
import { ContainariumError } from "../errors.ts";
import type { NetworkPolicies } from "../network_policies/mod.ts";
import type { DomainRoute, Routes } from "../routes/mod.ts";
import type { Secrets } from "../secrets/mod.ts";
import {
  isRouteOf,
  type Leftover,
  type LeftoverKind,
  type LeftoverList,
  type LeftoverOwner,
  type UnreadLeftovers,
} from "./leftover.ts";

/** Where leftovers are kept. */
export interface LeftoverPlaces {
  /** Domains and ports of the host. */
  readonly routes: Routes;
  /** Passwords and keys. */
  readonly secrets: Secrets;
  /** Accounts of others. */
  readonly collaborators: Collaborators;
  /** What may be reached. */
  readonly networkPolicies: NetworkPolicies;
  /** Who may reach it. */
  readonly accessRules: AccessRules;
}

/** The leftovers of one kind, or why they are unknown. */
export type LeftoverRead =
  | { readonly kind: LeftoverKind; readonly found: readonly Leftover[] }
  | UnreadLeftovers;

/** Reads what the daemon keeps; what all users share is read once. */
export class LeftoverReads {
  readonly #places: LeftoverPlaces;
  readonly #absent: AbsentKinds;
  readonly #kinds: ReadonlySet<LeftoverKind>;
  readonly #call: CallOptions;
  readonly #shared = new Map<LeftoverKind, Promise<(owner: LeftoverOwner) => Leftover[]>>();
  #domains: Promise<readonly DomainRoute[]> | undefined;

  /**
   * Sends nothing yet.
   *
   * @param absent Kinds that this daemon is known not to have
   */
  constructor(
    places: LeftoverPlaces,
    absent: AbsentKinds,
    kinds: ReadonlySet<LeftoverKind>,
    call: CallOptions,
  ) {
    this.#places = places;
    this.#absent = absent;
    this.#kinds = kinds;
    this.#call = call;
  }

  /**
   * Reads one user's, all kinds at once.
   *
   * @throws {ContainariumError} `cancelled`
   */
  async of(owner: LeftoverOwner): Promise<LeftoverList> {
    const reads = await together([...this.#kinds].map((kind) => this.#attempt(kind, owner)));
    return {
      leftovers: reads.flatMap((read) => "found" in read ? read.found : []),
      unread: reads.filter((read) => "error" in read),
    };
  }

  /** Reads the domains of all users. */
  domains(): Promise<readonly DomainRoute[]> {
    this.#domains ??= this.#places.routes.list(this.#call);
    return this.#domains;
  }

  async #attempt(kind: LeftoverKind, owner: LeftoverOwner): Promise<LeftoverRead> {
    const absent = this.#absent.why(kind);
    if (absent !== undefined) return { kind, error: absent, isAbsent: true };
    try {
      return { kind, found: await this.#read(kind, owner) };
    } catch (error) {
      if (!(error instanceof ContainariumError) || isGivenUp(error, this.#call.signal)) throw error;
      const isAbsent = error.code === "unsupported" || error.reason === "no_secrets_store";
      if (isAbsent) this.#absent.remember(kind, error);
      return { kind, error, isAbsent };
    }
  }

  async #read(kind: LeftoverKind, owner: LeftoverOwner): Promise<readonly Leftover[]> {
    const { routes, secrets, collaborators, networkPolicies, accessRules } = this.#places;
    const call = this.#call;
    switch (kind) {
      case "domain": {
        const domains = await this.domains();
        return domains.filter((route) => isRouteOf(route, owner)).map((route) => ({ kind, route }));
      }
      case "port":
        return await this.#once(kind, owner, async () => {
          const ports = await routes.listPorts(call);
          return (owner) =>
            ports.filter((route) => isRouteOf(route, owner)).map((route) => ({ kind, route }));
        });
      case "network_policy":
        return await this.#once(kind, owner, async () => {
          const policies = await networkPolicies.list(call);
          return ({ username }) =>
            policies.filter(({ tenant }) => tenant === username)
              .map((policy) => ({ kind, policy }));
        });
      case "secret": {
        const found = await secrets.list(owner.username, call);
        return found.map((secret) => ({ kind, secret }));
      }
      case "collaborator": {
        const found = await collaborators.list(owner.username, call);
        return found.map((collaborator) => ({ kind, collaborator }));
      }
      case "access_rules": {
        const preset = await accessRules.find(owner.username, call);
        return preset === undefined ? [] : [{ kind, preset }];
      }
    }
  }

  async #once(
    kind: LeftoverKind,
    owner: LeftoverOwner,
    read: () => Promise<(owner: LeftoverOwner) => Leftover[]>,
  ): Promise<readonly Leftover[]> {
    const shared = this.#shared.get(kind) ?? read();
    this.#shared.set(kind, shared);
    return (await shared)(owner);
  }
}

const REMEMBERED_MS = 10 * 60_000;

/** Kinds that a daemon said it does not have. It may be set up anew, so that is believed for 10 minutes. */
export class AbsentKinds {
  readonly #said = new Map<LeftoverKind, { readonly error: ContainariumError; at: number }>();

  /** Returns what the daemon said, if it did so recently. */
  why(kind: LeftoverKind): ContainariumError | undefined {
    const said = this.#said.get(kind);
    return said !== undefined && performance.now() - said.at < REMEMBERED_MS
      ? said.error
      : undefined;
  }

  /** Remembers what the daemon says now. */
  remember(kind: LeftoverKind, error: ContainariumError): void {
    this.#said.set(kind, { error, at: performance.now() });
  }
}
