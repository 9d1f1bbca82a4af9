/**
 * Which containers are runners: those with a label that says of which repository or organization.
 *
 * @module
 */
import { z } from "zod";
import { ContainariumError, type Container, type GitHub } from "../../client/mod.ts";
import { own, targetProblem } from "../../client/internal.ts";

/** Key of the label. Its value is a repository or an organization. */
export const runnerLabel = "github-runner";

/** How many runners there may be, of all repositories together. */
export const MAX_RUNNERS = 20;

/** A repository or an organization. */
export const target = z.string().refine((text) => targetProblem(text) === undefined, {
  error: ({ input }) => targetProblem(String(input)),
});

/** Returns what a container runs jobs of; `undefined` if it is no runner. */
export function targetOf({ labels }: Pick<Container, "labels">): string | undefined {
  const value = own(labels, runnerLabel);
  return value !== undefined && targetProblem(value) === undefined ? value : undefined;
}

/** Returns GitHub, or fails if there is no token for it. */
export function needGitHub(github: GitHub | undefined): GitHub {
  if (github !== undefined) return github;
  throw new ContainariumError(
    "failed_precondition",
    "This server has no token for GitHub: GITHUB_TOKEN was not set when it started, or it was not " +
      "allowed to read it",
    { reason: "no_github_token" },
  );
}
