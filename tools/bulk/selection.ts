import { z } from "zod";
import { ContainariumError, type Container } from "../../client/mod.ts";
import { containerName, nearest, usernameProblem, visible } from "../../client/internal.ts";
import type { ToolContext } from "../tool.ts";
import type { Row } from "./bulk_answer.ts";
import { fitsGlob, globProblem, isGlob } from "./glob.ts";
import { failureRow } from "./work_item.ts";
import { usernameList } from "./usernames.ts";
import { mapOf } from "../schema/map_of.ts";

/** For the daemon an empty value matches any container without the label, which may be nearly all. */
const labelValue = z.string().refine(
  (value) => value !== "",
  "expected a value: an empty one would select every container without the label",
);

/** Arguments that select containers. */
export const selection = {
  usernames: usernameList((text) => isGlob(text) ? globProblem(text) : usernameProblem(text))
    .optional().describe("Owners, or patterns: ci-*"),
  labels: mapOf(z.string(), labelValue).optional().describe("With all of these labels"),
  state: z.enum(["running", "stopped", "frozen"]).optional().describe("In this state"),
};

/** Selection of containers. */
export interface Selection {
  /** Usernames, or patterns of them. */
  readonly usernames?: readonly string[] | undefined;
  /** Labels, all of which must match. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** State. */
  readonly state?: "running" | "stopped" | "frozen" | undefined;
}

/** A selected container, or a row that reports why it cannot be used. */
export type Selected =
  | { readonly kind: "found"; readonly container: Container }
  | { readonly kind: "missing"; readonly username: string; readonly row: Row }
  | { readonly kind: "unreachable"; readonly row: Row };

/** Whether containers are selected by properties, so that the caller may not know which ones match. */
export function isSelector({ usernames, labels, state }: Selection): boolean {
  return usernames?.some(isGlob) === true || state !== undefined ||
    Object.keys(labels ?? {}).length > 0;
}

/**
 * Finds the selected containers with one list; `GET /v1/containers`.
 *
 * @throws {ContainariumError} `invalid_argument` if nothing selects them
 */
export async function select(
  args: Selection,
  { client, signal }: ToolContext,
): Promise<readonly Selected[]> {
  refuseUnclear(args);
  const { usernames = ["*"], state, labels } = args;
  const listed = await client.containers.list({
    signal,
    state,
    labels,
  });
  // Two hosts may each hold a container of that name; requests to the daemon name only the user.
  const byName = new Map(listed.map((container) => [container.username, container]));
  const names = [...byName.keys()];
  const meant = usernames.flatMap((text) =>
    isGlob(text) ? names.filter((name) => fitsGlob(name, text)) : [text]
  );
  return [...new Set(meant)].map((username) => {
    const container = byName.get(username);
    return container === undefined ? missing(username, names) : reachable(container);
  });
}

function refuseUnclear(args: Selection): void {
  const { usernames, labels, state } = args;
  const isFiltered = state !== undefined || Object.keys(labels ?? {}).length > 0;
  const named = usernames?.find((text) => !isGlob(text));
  if (usernames === undefined && !isFiltered) {
    throw new ContainariumError(
      "invalid_argument",
      'Pass usernames, labels or state; usernames=["*"] for all',
    );
  }
  if (named !== undefined && isFiltered) {
    throw new ContainariumError(
      "invalid_argument",
      `${named} is named already: combine labels and state with username patterns, or use them alone`,
    );
  }
}

/** The daemon may hold containers that its routes cannot reach. */
function reachable(container: Container): Selected {
  const problem = usernameProblem(container.username);
  if (problem === undefined) return { kind: "found", container };
  const error = new ContainariumError("invalid_argument", problem);
  return { kind: "unreachable", row: failureRow(visible(container.username), error) };
}

function missing(username: string, names: readonly string[]): Selected {
  const error = new ContainariumError("not_found", `There is no ${containerName(username)}`);
  return { kind: "missing", username, row: failureRow(username, error, nearest(username, names)) };
}
