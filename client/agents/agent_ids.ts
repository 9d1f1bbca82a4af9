import { containerName } from "../containers/username.ts";
import { ContainariumError, restate } from "../errors.ts";
import { ifMeant, nearest } from "../text/nearest.ts";
import { ApiPath } from "../transport/api_path.ts";

/** Returns the username of an agent's container. */
export function agentUsername(id: string): string {
  return `agent-${id}`;
}

/** Returns the name of an agent's container. */
export function agentContainer(id: string): string {
  return containerName(agentUsername(id));
}

const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * Returns the path of an agent or a crew.
 *
 * @throws {ContainariumError} `invalid_argument` for what cannot be an id
 */
export function agentPath(
  collection: "agent-skills" | "crews" | "crew-runs",
  id: string,
  ...segments: readonly string[]
): ApiPath {
  if (idPattern.test(id)) return new ApiPath(collection, id, ...segments);
  throw new ContainariumError(
    "invalid_argument",
    "The id of an agent, a crew or a run consists of letters, digits, dots, dashes and underscores",
  );
}

/** Adds to a failure that there is no such agent or crew which one was probably meant. */
export async function withMeantAgent(
  error: unknown,
  id: string,
  kind: "agent" | "crew",
  list: () => Promise<readonly { readonly id: string }[]>,
): Promise<unknown> {
  if (!(error instanceof ContainariumError) || error.reason !== "agent_missing") return error;
  const ids = (await list().catch(() => [])).map((one) => one.id);
  return restate(error, `There is no ${kind} ${id}${ifMeant(id, ids)}`, {
    details: { agent: id, meant: nearest(id, ids) },
  });
}
