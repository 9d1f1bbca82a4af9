import { type CallOptions, type ContainariumClient, placeByHeadroom } from "../../client/mod.ts";
import type { Creation } from "../containers/creation.ts";
import type { Demand } from "../quotas/guard.ts";
import { visible } from "../visible.ts";

/** A creation, and what quotas count of it. */
export interface Planned {
  /** The creation. */
  readonly creation: Creation;
  /** Its limits. */
  readonly demand: Demand;
  /** Where it was placed, in words; absent: where the daemon has it. */
  readonly place?: string;
}

/**
 * Chooses a host for each creation that names none, by what the hosts have left. A recipe is set up on
 * the daemon's own host.
 *
 * @throws {ContainariumError} `permission_denied` without the admin role, `failed_precondition` when no
 * host is healthy
 */
export async function spreadOut(
  planned: readonly Planned[],
  client: ContainariumClient,
  options: CallOptions,
): Promise<readonly Planned[]> {
  const free = planned.filter(isFree);
  const places = placeByHeadroom(
    await client.backends.list(options),
    free.map(({ demand }) => demand),
  );
  return planned.map((one) => {
    const { backend, fits } = places[free.indexOf(one)] ?? {};
    const { creation } = one;
    if (backend === undefined || creation.make.kind === "recipe") return one;
    const place = `on ${visible(backend.id)}${fits === false ? ", beyond what it has left" : ""}`;
    // The host that answers is where the daemon puts it anyway.
    if (backend.kind !== "peer") return { ...one, place };
    const options = { ...creation.make.options, backend: backend.id };
    return { ...one, place, creation: { ...creation, make: { kind: "container", options } } };
  });
}

function isFree({ creation: { make } }: Planned): boolean {
  return make.kind === "container" && make.options.backend === undefined &&
    make.options.pool === undefined;
}
