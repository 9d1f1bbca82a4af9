import {
  type CallOptions,
  chooseRecipe,
  type ContainariumClient,
  type ContainerState,
  type CreateResult,
  deployLimits,
  type HostFacts,
  unseenContainer,
} from "../../client/mod.ts";
import type { Demand } from "../admission/demand.ts";
import type { Room } from "../admission/guard.ts";
import type { Creation } from "./resolve.ts";

/** How a creation is waited for. */
export interface CarryOutOptions extends CallOptions {
  /**
   * How many milliseconds to wait until it is ready; the creation goes on after that.
   *
   * @default {600_000}
   */
  readonly waitMs?: number;
  /** Told each new state while waiting. */
  readonly onState?: (state: ContainerState) => void;
}

/**
 * What quotas count of creations; what a recipe asks for is the daemon's to tell.
 *
 * @throws {ContainariumError} `invalid_argument` for a recipe that there is not
 */
export async function demandsOf(
  creations: readonly Creation[],
  client: ContainariumClient,
  options: CallOptions,
): Promise<readonly Demand[]> {
  const needsRecipes = creations.some(({ make }) => make.kind === "recipe");
  const recipes = needsRecipes ? await client.recipes.list(options) : [];
  return creations.map(({ username, make }) => {
    const { labels = {}, cpu = "", memory = "", disk = "" } = make.options;
    const limits = make.kind === "container"
      ? { cpu, memory, disk }
      : deployLimits(chooseRecipe(make.recipe, recipes), make.options);
    return { kind: "create", username, labels, ...limits };
  });
}

/**
 * Returns what is known of the host that is to hold a container; nothing where a pool decides.
 *
 * @throws {ContainariumError} `cancelled`
 */
export async function hostFor(
  { make }: Creation,
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
export async function carryOutCreation(
  { username, make }: Creation,
  room: Room,
  client: ContainariumClient,
  { onState, ...options }: CarryOutOptions,
): Promise<CreateResult> {
  if (make.kind === "container") {
    const told = onState === undefined ? options : { ...options, onState };
    return await room.hold(username, () => client.containers.create({ ...make.options, ...told }));
  }
  const { done: ready, container } = await client.recipes.deploy(make.recipe, {
    ...make.options,
    ...options,
    onState: (state) => onState?.(state === "running" ? "provisioning" : state ?? "creating"),
    // The room was taken already; it is held until the daemon has answered.
    admit: () =>
      Promise.resolve({
        hold: (send) => room.hold(username, send),
        [Symbol.dispose]: () => {},
      }),
  });
  return { ready, ignored: [], container: container ?? unseenContainer(username) };
}
