/**
 * Variables of URIs: possible values, and existing ones for completion.
 *
 * @module
 */
import { snapshotNameProblem, usernamePattern } from "../../client/internal.ts";
import { ContainariumError, type ContainerState } from "../../client/mod.ts";
import type { Variable } from "../resource.ts";
import { containerStates } from "../schemas.ts";
import { listTemplates } from "../templates/list_templates.ts";
import type { ToolContext } from "../tool.ts";
import { outputOf } from "./tool_text.ts";

const MAX_NAME_CHARS = 100;

/** Returns the owners of existing containers. */
export async function knownUsernames({ client, signal }: ToolContext): Promise<readonly string[]> {
  return (await client.containers.listRows({ signal })).map(({ username }) => username).toSorted();
}

/** Returns the snapshots of the container whose `username` is chosen, newest first; none without a `username`. */
export async function knownSnapshots(
  { client, signal }: ToolContext,
  { username }: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  if (username === undefined || !usernamePattern.test(username)) return [];
  try {
    return (await client.snapshots.list(username, { signal })).map(({ name }) => name).toReversed();
  } catch (error) {
    // Completion for a container that does not exist, or has no snapshots, is empty and not an error.
    const isNone = error instanceof ContainariumError &&
      (error.code === "not_found" || error.code === "unsupported");
    if (isNone) return [];
    throw error;
  }
}

/** Returns the names of everything that a container can be created from. */
export async function knownTemplates(context: ToolContext): Promise<readonly string[]> {
  const { templates = [], recipes = [], stacks = [], os } = await outputOf(
    listTemplates,
    {},
    context,
  );
  return [
    ...templates.map(({ name }) => name),
    ...recipes.map(({ id }) => id),
    ...stacks.map(({ id }) => id),
    ...os.map(({ name }) => name),
  ];
}

/** Returns the states of a container. */
export function knownStates(): Promise<readonly string[]> {
  return Promise.resolve(containerStates);
}

/** Returns whether a text is the state of a container. */
export function isState(text: string): text is ContainerState {
  return containerStates.some((state) => state === text);
}

/** Owner of a container, in a URI. */
export const usernameVariable: Variable = {
  accepts: (value) => usernamePattern.test(value),
  candidates: knownUsernames,
};

/** Name of a snapshot, in a URI. */
export const snapshotVariable: Variable = {
  accepts: (value) => snapshotNameProblem(value) === undefined,
  candidates: knownSnapshots,
};

/** Name of a template, a recipe, a stack or an operating system, in a URI. */
export const templateVariable: Variable = {
  accepts: (value) => value.length <= MAX_NAME_CHARS,
  candidates: knownTemplates,
};

/** State of a container, in a URI. */
export const stateVariable: Variable = { accepts: isState, candidates: knownStates };
