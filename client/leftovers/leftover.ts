import type { AccessPreset } from "../access_rules/mod.ts";
import type { Collaborator } from "../collaborators/mod.ts";
import { containerName } from "../containers/username.ts";
import type { ContainariumError } from "../errors.ts";
import type { NetworkPolicy } from "../network_policies/mod.ts";
import { isSamePolicy } from "../network_policies/network_policy.ts";
import { isSameRoute } from "../routes/agreed_route.ts";
import type { DomainRoute, NetworkRoute, PortRoute } from "../routes/mod.ts";
import { isSameSecret, type Secret } from "../secrets/secret.ts";

/**
 * Something that the daemon keeps beside a container. All of it outlives the container, except domains that name
 * it: those the daemon removes by itself, unless the container was on another host.
 */
export type Leftover =
  | {
    /** Discriminates the kinds. */
    readonly kind: "domain";
    /** The domain that leads, or led, to the container. */
    readonly route: DomainRoute;
  }
  | {
    /** Discriminates the kinds. */
    readonly kind: "secret";
    /** The secret, without its value. */
    readonly secret: Secret;
  }
  | {
    /** Discriminates the kinds. */
    readonly kind: "port";
    /** The port of the host that leads, or led, to the container. */
    readonly route: PortRoute;
  }
  | {
    /** Discriminates the kinds. */
    readonly kind: "collaborator";
    /** Who has an account in the container. */
    readonly collaborator: Collaborator;
  }
  | {
    /** Discriminates the kinds. */
    readonly kind: "network_policy";
    /** What the user's containers may reach. */
    readonly policy: NetworkPolicy;
  }
  | {
    /** Discriminates the kinds. */
    readonly kind: "access_rules";
    /** Which rules the daemon keeps. It shows them only while there is a container, and never removes them. */
    readonly preset: AccessPreset;
  };

/** Kind of a {@linkcode Leftover}. */
export type LeftoverKind = Leftover["kind"];

/** Whose leftovers: a container, or the username alone. */
export interface LeftoverOwner {
  /** The username. */
  readonly username: string;
  /** Its container's address: domains and ports that lead there belong to it, too, unless they name another. */
  readonly ipAddress?: string | undefined;
}

/** A kind whose leftovers are unknown. */
export interface UnreadLeftovers {
  /** Which kind. */
  readonly kind: LeftoverKind;
  /** Why: `permission_denied`, `unsupported` … */
  readonly error: ContainariumError;
  /** Whether this daemon does not have that kind, as it is set up now. What it kept before is unknown. */
  readonly isAbsent: boolean;
}

/** What is kept under a username. */
export interface LeftoverList {
  /** What there is, by kind. */
  readonly leftovers: readonly Leftover[];
  /** The kinds of which there may be more. */
  readonly unread: readonly UnreadLeftovers[];
}

/** Returns whether two readings are of the same thing, unchanged. */
export function isSameLeftover(one: Leftover, other: Leftover): boolean {
  switch (one.kind) {
    case "domain":
      return other.kind === "domain" && one.route.domain === other.route.domain &&
        isSameRoute(one.route, other.route);
    case "secret":
      return other.kind === "secret" && one.secret.name === other.secret.name &&
        isSameSecret(one.secret, other.secret);
    case "port":
      return other.kind === "port" && one.route.externalPort === other.route.externalPort &&
        isSameRoute(one.route, other.route);
    case "collaborator":
      return other.kind === "collaborator" && one.collaborator.id === other.collaborator.id &&
        one.collaborator.name === other.collaborator.name;
    case "network_policy":
      return other.kind === "network_policy" && isSamePolicy(one.policy, other.policy);
    case "access_rules":
      return other.kind === "access_rules" && one.preset === other.preset;
  }
}

/** Returns whether a route belongs to a user's container: it names it, or leads to its address and names none. */
export function isRouteOf(route: NetworkRoute, { username, ipAddress }: LeftoverOwner): boolean {
  return route.containerName === undefined
    ? ipAddress !== undefined && route.ipAddress === ipAddress
    : route.containerName === containerName(username);
}
