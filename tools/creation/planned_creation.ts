import type {
  CallOptions,
  ContainariumClient,
  ContainerState,
  CreateResult,
  DeployResult,
  DeployWaitOptions,
  HostFacts,
  PreparedDeployment,
  Recipe,
} from "../../client/mod.ts";
import { chooseRecipe, deployLimits, unseenContainer } from "../../client/internal.ts";
import type { Demand } from "../admission/demand.ts";
import type { Reservation } from "../admission/reservations.ts";
import type { Creation } from "./resolve.ts";

/** How a creation is waited for. */
export interface CreationOptions extends CallOptions {
  /**
   * How many milliseconds to wait until it is ready; the creation goes on after that.
   *
   * @default {600_000}
   */
  readonly waitMs?: number | undefined;
  /** Receives each new state while waiting. */
  readonly onState?: ((state: ContainerState) => void) | undefined;
}

/** A creation, and what is known of it before it is sent. */
export interface PlannedCreation {
  /** What is to be created; a recipe as the daemon lists it. */
  readonly creation: Creation<Recipe>;
  /** What quotas count of it: its limits. */
  readonly demand: Demand;
}

/**
 * Returns the recipes that creations may be made from; none are listed where none needs one.
 *
 * @throws {ContainariumError} Whatever listing throws
 */
export async function recipesFor(
  creations: readonly Creation[],
  client: ContainariumClient,
  options: CallOptions,
): Promise<readonly Recipe[]> {
  const needsRecipes = creations.some(({ make }) => make.kind === "recipe");
  return needsRecipes ? await client.recipes.list(options) : [];
}

/**
 * Plans a creation; what a recipe asks for is the daemon's to say.
 *
 * @param recipes Those of the daemon, of `recipesFor`
 * @throws {ContainariumError} `invalid_argument` for a recipe that there is not
 */
export function planCreation(creation: Creation, recipes: readonly Recipe[]): PlannedCreation {
  const { username, make } = creation;
  const { labels = {} } = make.options;
  if (make.kind === "container") {
    const { cpu, memory, disk } = make.options;
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
 * Returns what is known of the host that is to hold a container; nothing where a pool decides.
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
 * Carries out a creation in the room that was taken for it.
 *
 * @throws {ContainariumError} Whatever the creation throws
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
  const prepared = await client.recipes.prepare(make.recipe, make.options, options);
  const { done: ready, container } = await deploy(username, prepared, reservation, {
    ...options,
    onState: (state) => onState?.(state === "running" ? "provisioning" : state ?? "creating"),
  });
  return { ready, ignored: [], container: container ?? unseenContainer(username) };
}

/**
 * Deploys a recipe in the room that was taken for it. The room is held until the daemon has answered,
 * which may take longer than the caller waits.
 *
 * @throws {ContainariumError} Whatever the deployment throws
 */
export async function deploy(
  username: string,
  prepared: PreparedDeployment,
  reservation: Reservation,
  options: DeployWaitOptions,
): Promise<DeployResult> {
  const deployment = prepared.begin();
  // How it fails is for whoever waits.
  if (!deployment.isJoined) reservation.run(username, () => deployment.answered()).catch(() => {});
  return await deployment.wait(options);
}
