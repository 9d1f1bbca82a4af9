import { z } from "zod";
import { ContainariumError, type Container, nearest, usernameProblem } from "../../client/mod.ts";
import type { ToolContext } from "../tool.ts";
import type { Row } from "./answer.ts";
import { fitsGlob, globPattern } from "./glob.ts";
import { failureRow } from "./step.ts";
import { usernameList } from "./usernames.ts";

/** The arguments that say which containers a call is about. */
export const selection = {
  usernames: usernameList(usernameProblem).optional()
    .describe("Whose containers; or select them by:"),
  labels: z.record(z.string(), z.string()).optional().describe("all of these labels"),
  state: z.enum(["running", "stopped", "frozen"]).optional().describe("state"),
  "username_pattern": z.string()
    .refine(
      (text) => globPattern.test(text),
      'expected letters, digits and dashes, with * and ? for any, e.g. "ci-*"',
    )
    .optional().describe("username, with * and ?, e.g. ci-*"),
};

/** Which containers a call is about. */
export interface Selection {
  /** By name. */
  readonly usernames?: readonly string[] | undefined;
  /** By labels, all of which must fit; an empty value is for those without it. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** By state. */
  readonly state?: "running" | "stopped" | "frozen" | undefined;
  /** By username, with `*` and `?`. */
  readonly "username_pattern"?: string | undefined;
}

/** A container that a call is about, or a row that says why it cannot be. */
export type Selected =
  | { readonly kind: "found"; readonly container: Container }
  | { readonly kind: "missing"; readonly username: string; readonly row: Row }
  | { readonly kind: "unreachable"; readonly row: Row };

/** Whether containers are named, or selected by what they are. */
export function isSelector({ usernames }: Selection): boolean {
  return usernames === undefined;
}

/**
 * Finds the containers that a call is about, with one reading; `GET /v1/containers`.
 *
 * @throws {ContainariumError} `invalid_argument` unless they are named, or selected by something
 */
export async function select(
  args: Selection,
  { client, signal }: ToolContext,
): Promise<readonly Selected[]> {
  refuseUnclear(args);
  const { usernames, state, labels, username_pattern: pattern } = args;
  const listed = await client.containers.list({
    signal,
    ...(state === undefined ? {} : { state }),
    ...(labels === undefined ? {} : { labels }),
  });
  // Two hosts may each hold one of that name; the daemon is asked by name only.
  const byName = new Map(listed.map((container) => [container.username, container]));
  if (usernames === undefined) {
    return [...byName.values()]
      .filter(({ username }) => pattern === undefined || fitsGlob(username, pattern))
      .map(reachable);
  }
  const names = [...byName.keys()];
  return usernames.map((username) => {
    const container = byName.get(username);
    return container === undefined ? missing(username, names) : reachable(container);
  });
}

function refuseUnclear({ usernames, labels, state, username_pattern: pattern }: Selection): void {
  const hasSelector = pattern !== undefined || state !== undefined ||
    Object.keys(labels ?? {}).length > 0;
  if (hasSelector === (usernames === undefined)) return;
  throw new ContainariumError(
    "invalid_argument",
    hasSelector
      ? "Say either usernames or what selects them (labels, state, username_pattern), not both"
      : 'Say usernames, or what selects them: labels, state, username_pattern ("*" for all)',
  );
}

/** The daemon holds some that its routes do not reach. */
function reachable(container: Container): Selected {
  const problem = usernameProblem(container.username);
  if (problem === undefined) return { kind: "found", container };
  const error = new ContainariumError("invalid_argument", problem);
  return { kind: "unreachable", row: failureRow(container.username, error) };
}

function missing(username: string, names: readonly string[]): Selected {
  const error = new ContainariumError("not_found", `There is no ${username}-container`);
  return { kind: "missing", username, row: failureRow(username, error, nearest(username, names)) };
}
