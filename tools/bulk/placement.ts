import { ContainariumError, type Limits, placeByHeadroom } from "../../client/mod.ts";
import type { Creation } from "../creation/resolve.ts";
import type { ToolContext } from "../tool.ts";

/** A creation, and what is known of it before it is sent. */
export interface Planned {
  /** What is to be created. */
  readonly creation: Creation;
  /** The limits that it is to have. */
  readonly limits: Limits;
  /** The host that was chosen for it, or was asked for. */
  readonly backend?: string;
  /** What else there is to say of it. */
  readonly remark?: string;
}

/**
 * Gives each creation that says neither host nor pool the host that has most left for it; one by a
 * recipe stays, since the daemon makes those on the host that answers.
 *
 * @throws {ContainariumError} `permission_denied` without the admin role, `failed_precondition` when no
 * host is healthy
 */
export async function spreadOut(
  planned: readonly Planned[],
  { client, signal }: ToolContext,
): Promise<readonly Planned[]> {
  const free = planned.filter(({ creation: { make } }) =>
    make.kind === "container" && make.options.backend === undefined &&
    make.options.pool === undefined
  );
  if (free.length === 0) return planned;
  const backends = await client.backends.list({ signal });
  const places = placeByHeadroom(backends, free.map(({ limits }) => limits));
  const placed = new Map(places.map(({ backend, fits }, at) => {
    const { id, kind } = backend;
    const remark = fits === false ? `more than ${id} has left` : undefined;
    // A daemon that knows no other host must not be told of its own.
    return [free[at], { id: kind === "only" ? undefined : id, remark }];
  }));
  return planned.map((one) => {
    const place = placed.get(one);
    return place === undefined ? one : on(one, place.id, place.remark);
  });
}

function on(one: Planned, backend: string | undefined, remark: string | undefined): Planned {
  const { make } = one.creation;
  const remarked = remark === undefined ? one : { ...one, remark };
  if (backend === undefined || make.kind !== "container") return remarked;
  const options = { ...make.options, backend };
  return { ...remarked, backend, creation: { ...one.creation, make: { ...make, options } } };
}

/** @throws {ContainariumError} `invalid_argument` for a place that is said twice */
export function refuseTwoPlaces(
  { spread, backend, pool }: {
    readonly spread: boolean;
    readonly backend?: string | undefined;
    readonly pool?: string | undefined;
  },
): void {
  if (!spread || (backend === undefined && pool === undefined)) return;
  throw new ContainariumError("invalid_argument", "Say spread, backend or pool, one of them");
}
