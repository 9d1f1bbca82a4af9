import {
  type CallOptions,
  type ContainariumClient,
  ContainariumError,
  type ContainerState,
  type CreateResult,
  type Deployment,
  type DeployResult,
  type DeployWaitOptions,
  type HostFacts,
  type PreparedDeployment,
  type Recipe,
} from "../../client/mod.ts";
import {
  chooseRecipe,
  deployLimits,
  refuseUnknownStack,
  together,
  unseenContainer,
} from "../../client/internal.ts";
import type { Demand } from "../admission/demand.ts";
import type { Reservation } from "../admission/reservations.ts";
import type { Creation } from "./resolve.ts";

/** How to wait for a creation. */
export interface CreationOptions extends CallOptions {
  /**
   * How many milliseconds to wait until it is ready; the creation continues after that.
   *
   * @default {600_000}
   */
  readonly waitMs?: number | undefined;
  /** Receives each new state while waiting. */
  readonly onState?: ((state: ContainerState) => void) | undefined;
}

/** A creation with the demand that quotas count. */
export interface PlannedCreation {
  /** What to create; a recipe as the daemon lists it. */
  readonly creation: Creation<Recipe>;
  /** What quotas count: its limits. */
  readonly demand: Demand;
}

/** What the daemon can set up, as far as a creation names it. */
export interface Catalog {
  /** The recipes. */
  readonly recipes: readonly Recipe[];
  /** The ids of the stacks; absent if they are unknown. */
  readonly stacks?: readonly string[] | undefined;
}

/**
 * Lists the daemon's recipes and stacks as far as the creations need them.
 *
 * @throws {ContainariumError} As `recipes.list` and `stacks.list`
 */
export async function catalogFor(
  creations: readonly Creation[],
  client: ContainariumClient,
  options: CallOptions,
): Promise<Catalog> {
  const needsRecipes = creations.some(({ make }) => make.kind === "recipe");
  const needsStacks = creations.some((creation) => stackHere(creation) !== undefined);
  const [recipes, stacks] = await together([
    needsRecipes ? client.recipes.list(options) : [],
    needsStacks ? stackIds(client, options) : undefined,
  ]);
  return { recipes, stacks };
}

/** Returns the ids of the stacks; `undefined` if the daemon is too old to list them. */
async function stackIds(
  client: ContainariumClient,
  options: CallOptions,
): Promise<readonly string[] | undefined> {
  try {
    return (await client.stacks.list(options)).map(({ id }) => id);
  } catch (error) {
    if (error instanceof ContainariumError && error.code === "unsupported") return undefined;
    throw error;
  }
}

/** Returns the stack of a creation on the daemon's own host: another may have others. */
function stackHere({ make }: Creation): string | undefined {
  if (make.kind === "recipe") return undefined;
  const { stack, backend, pool } = make.options;
  return backend === undefined && pool === undefined ? stack : undefined;
}

/**
 * Plans a creation. The limits of a recipe are those that the daemon lists.
 *
 * @param catalog What the daemon can set up, from `catalogFor`
 * @throws {ContainariumError} `invalid_argument` for an unknown recipe or stack
 */
export function planCreation(
  creation: Creation,
  { recipes, stacks }: Catalog,
): PlannedCreation {
  const { username, make } = creation;
  const { labels = {} } = make.options;
  if (make.kind === "container") {
    const { cpu, memory, disk } = make.options;
    const stack = stackHere(creation);
    if (stack !== undefined && stacks !== undefined) refuseUnknownStack(stack, stacks);
    const demand = { kind: "create" as const, username, labels, cpu, memory, disk };
    return { creation: { ...creation, make }, demand };
  }
  const recipe = chooseRecipe(make.recipe, recipes);
  const demand = {
    kind: "create" as const,
    username,
    labels,
    ...deployLimits(recipe, make.options),
  };
  return { creation: { ...creation, make: { ...make, recipe } }, demand };
}

/**
 * Returns facts about the host that will hold a container; `undefined` if a pool decides.
 *
 * @throws {ContainariumError} `cancelled`
 */
export async function hostFor(
  { make }: Creation<unknown>,
  client: ContainariumClient,
  options: CallOptions,
): Promise<HostFacts | undefined> {
  if (make.kind === "recipe") return await client.backends.hostOf(undefined, options);
  const { backend, pool } = make.options;
  return pool === undefined ? await client.backends.hostOf(backend, options) : undefined;
}

/**
 * Creates a container under its reservation.
 *
 * @throws {ContainariumError} As `containers.create` or `recipes.prepare`
 */
export async function create(
  { username, make }: Creation<Recipe>,
  reservation: Reservation,
  client: ContainariumClient,
  { onState, ...options }: CreationOptions,
): Promise<CreateResult> {
  if (make.kind === "container") {
    const request = { ...make.options, ...options, onState };
    return await reservation.run(username, () => client.containers.create(request));
  }
  const preparing = client.recipes.prepare(make.recipe, make.options, options);
  const { done: ready, container } = await deploy(username, preparing, reservation, {
    ...options,
    onState: (state) => onState?.(state === "running" ? "provisioning" : state ?? "creating"),
  });
  return { ready, ignored: [], container: container ?? unseenContainer(username) };
}

/**
 * Deploys a recipe under its reservation, which is held from now until the daemon responds, even if that
 * takes longer than the caller waits.
 *
 * @throws {ContainariumError} As `recipes.prepare` and `wait` of a deployment
 */
export async function deploy(
  username: string,
  preparing: PreparedDeployment | Promise<PreparedDeployment>,
  reservation: Reservation,
  options: DeployWaitOptions,
): Promise<DeployResult> {
  const begun = Promise.withResolvers<Deployment>();
  reservation.run(username, async () => {
    const deployment = (await preparing).begin();
    begun.resolve(deployment);
    if (!deployment.isJoined) await deployment.answered();
  }).catch(begun.reject);
  // A later failure is reported by `wait`.
  return await (await begun.promise).wait(options);
}
