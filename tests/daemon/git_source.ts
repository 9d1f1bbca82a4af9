/** What a container is created with out of a Git repository. @module */

import type { CreateRequest } from "./admission.ts";
import type { World } from "./world.ts";

/** Why the repository cannot be had, in the words of a create that fails; undefined when it can. A ref alone is nothing. */
export function gitProblem(
  { gitSource, gitRef }: CreateRequest,
  { services }: World,
): string | undefined {
  if (gitSource === "") return undefined;
  const refs = services.gitRepositories[gitSource];
  const words = refs === undefined
    ? unreachable(gitSource)
    : gitRef === "" || refs.includes(gitRef)
    ? undefined
    : `code 128: fatal: couldn't find remote ref ${gitRef}`;
  return words === undefined
    ? undefined
    : `failed to create container: failed to provision git source: git fetch in box failed: command exited with ${words}`;
}

function unreachable(source: string): string {
  // It reaches git as an option.
  if (source.startsWith("-")) {
    return "code 1: error: pathspec 'FETCH_HEAD' did not match any file(s) known to git";
  }
  if (!URL.canParse(source)) {
    return `code 128: fatal: '${source}' does not appear to be a git repository\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.`;
  }
  const { protocol, hostname, pathname } = new URL(source);
  return protocol === "git:"
    ? `code 128: fatal: remote error: access denied or repository not exported: ${pathname}`
    : `code 128: fatal: unable to access '${source}/': Could not resolve host: ${hostname}`;
}
