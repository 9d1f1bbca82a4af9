import { ContainariumError, type Container } from "../../client/mod.ts";
import { placeByHeadroom, type Placement } from "../../client/internal.ts";
import type { PlannedCreation } from "../creation/planned_creation.ts";
import type { ToolContext } from "../tool.ts";

/** A creation and its host. */
export interface Planned extends PlannedCreation {
  /** Discriminates. */
  readonly kind: "planned";
  /** Host that was chosen, or requested. */
  readonly backend?: string | undefined;
  /** Remarks. */
  readonly remark?: string | undefined;
}

/** One user of a call that creates several containers. */
export type Entry = Planned | {
  /** Discriminates. */
  readonly kind: "present";
  /** Container that the user already has. */
  readonly container: Container;
};

/** Whether a container will be created. */
export function isPlanned(entry: Entry): entry is Planned {
  return entry.kind === "planned";
}

/**
 * Assigns each creation without host and pool to the host with most headroom. Recipes are not assigned: the
 * daemon creates those on its own host.
 *
 * @param listed All containers
 * @throws {ContainariumError} `permission_denied` without the admin role, `failed_precondition` if no
 * host is healthy
 */
export async function spreadOut(
  entries: readonly Entry[],
  listed: readonly Container[],
  { client, signal }: ToolContext,
): Promise<readonly Entry[]> {
  const free = entries.filter(isPlanned).filter(({ creation: { make } }) =>
    make.kind === "container" && make.options.backend === undefined &&
    make.options.pool === undefined
  );
  if (free.length === 0) return entries;
  const backends = await client.backends.list({ signal, containers: listed });
  const places = placeByHeadroom(backends, free.map(({ demand }) => demand));
  const byDemand = new Map(places.map((place) => [place.demand, place]));
  return entries.map((entry) => {
    const place = isPlanned(entry) ? byDemand.get(entry.demand) : undefined;
    return place === undefined || !isPlanned(entry) ? entry : placed(entry, place);
  });
}

function placed(one: Planned, { backend: { id, kind }, fits }: Placement): Planned {
  const remark = fits === false ? `more than ${id} has left` : undefined;
  const { make } = one.creation;
  // A daemon without peers does not accept the name of its own host.
  if (kind === "only" || make.kind !== "container") return { ...one, remark };
  const options = { ...make.options, backend: id };
  const creation = { ...one.creation, make: { ...make, options } };
  return { ...one, remark, backend: id, creation };
}

/** @throws {ContainariumError} `invalid_argument` for spread together with backend or pool */
export function refuseTwoPlaces(
  { spread, backend, pool }: {
    readonly spread: boolean;
    readonly backend?: string | undefined;
    readonly pool?: string | undefined;
  },
): void {
  if (!spread || (backend === undefined && pool === undefined)) return;
  throw new ContainariumError("invalid_argument", "Pass only one of spread, backend and pool");
}
