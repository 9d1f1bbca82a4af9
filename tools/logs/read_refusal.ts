import { ContainariumError } from "../../client/mod.ts";
import { BAD_PATTERN, NO_LIVE_FILTER } from "./grep_pattern.ts";
import type { LogQuery } from "./log_reader.ts";
import type { Reading } from "./run_reader.ts";

/**
 * Refuses an argument.
 *
 * @param containerText What a program in the container says of it
 * @throws {ContainariumError} `invalid_argument`
 */
export function refuse(message: string, containerText = ""): never {
  throw new ContainariumError("invalid_argument", message, wordsOf(containerText));
}

function wordsOf(containerText: string): { readonly containerText?: string } {
  return containerText === "" ? {} : { containerText };
}

/**
 * Throws if the script could not filter.
 *
 * @throws {ContainariumError} `invalid_argument`
 */
export function refuseFilter({ exitCode, complaints }: Reading, { grep }: LogQuery): void {
  if (grep === undefined) return;
  if (exitCode === BAD_PATTERN) {
    refuse("grep: the container's grep does not accept it", complaints.join("\n"));
  }
  if (exitCode === NO_LIVE_FILTER) {
    refuse("grep: the container's grep cannot filter while following; leave out one of the two");
  }
}

/** What is thrown where reading failed in a way that nobody thought of. */
export function failed(
  what: string,
  { exitCode, complaints, timedOut }: Reading,
): ContainariumError {
  const words = complaints.join("\n");
  const why = words === "" ? ", and did not say why" : "";
  return timedOut
    ? new ContainariumError("timeout", `${what}: nothing could be read in time`)
    : new ContainariumError(
      "failed_precondition",
      `${what} failed (exit ${exitCode})${why}`,
      wordsOf(words),
    );
}
