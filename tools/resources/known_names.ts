import { usernamePattern } from "../../client/internal.ts";
import type { Variable } from "../resource.ts";
import type { ToolContext } from "../tool.ts";

/** Returns whose containers there are. */
export async function knownUsernames(
  { client, signal }: Pick<ToolContext, "client" | "signal">,
): Promise<readonly string[]> {
  return (await client.containers.list({ signal })).map(({ username }) => username).toSorted();
}

/** Owner of a container, in a URI. */
export const usernameVariable: Variable = {
  accepts: (value) => usernamePattern.test(value),
  candidates: knownUsernames,
};
