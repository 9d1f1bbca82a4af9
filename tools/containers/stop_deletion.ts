/**
 * Deletions that a stop starts: a container may be set to be deleted some time after it stops.
 *
 * @module
 */
import type { Container } from "../../client/mod.ts";
import { containerName, isDeletedOnceStopped } from "../../client/internal.ts";
import { formatSeconds } from "../text/format.ts";
import type { ConsentQuestion } from "../tool.ts";
import { diskOf } from "../text/quoted.ts";

/** Whether stopping a container starts its deletion now, by what a list reports. */
export function startsDeletion(container: Container): boolean {
  return container.state !== "stopped" && isDeletedOnceStopped(container);
}

/** Returns how long after a stop a container is deleted, with what: `60 s later, with its 50GB disk`. */
export function deletionAfterStop(container: Container): string {
  return `${formatSeconds(container.deleteAfterStoppedSeconds ?? 0)} later, with ${
    diskOf(container)
  }`;
}

/**
 * Returns the question before containers are stopped; `undefined` if no stop starts a deletion.
 *
 * @param containers Containers, with the usernames of the request
 * @param verb What the call does to them: "Stop"
 */
export function stopQuestion(
  containers: readonly Container[],
  verb: string,
): ConsentQuestion | undefined {
  const doomed = containers.filter(startsDeletion);
  const [first] = doomed;
  if (first === undefined) return undefined;
  const which = containers.length === 1
    ? containerName(first.username)
    : `${containers.length} containers`;
  const deletions = doomed.map((container) =>
    `${containerName(container.username)} is deleted ${deletionAfterStop(container)}`
  );
  return {
    message: `${verb} ${which}? Stopping starts a deletion: ${deletions.join("; ")}; ` +
      "only starting it before then prevents that.",
    confirm: containers.length === 1
      ? `${verb} ${which}, which deletes it later`
      : `${verb} ${which}, of which ${doomed.length} will be deleted`,
  };
}
