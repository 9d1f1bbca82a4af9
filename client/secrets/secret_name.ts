/**
 * Names of secrets, and what their values may be. Checked before anything is sent. No message quotes a
 * name that is none: a value may have been pasted in its place.
 *
 * @module
 */
import { ContainariumError } from "../errors.ts";
import { ApiPath } from "../transport/api_path.ts";
import { requireUsername } from "../containers/username.ts";

/** Names that the daemon accepts. */
export const secretNamePattern: RegExp = /^[A-Z_][A-Z0-9_]{0,127}$/;

/** Variables without which nothing runs in a container: with another PATH it cannot even be started. */
const reserved = /^(?:PATH|HOME|SHELL|USER|TERM|LANG|LD_.*)$/;

/** Maximum size of a value, in bytes of UTF-8. */
const MAX_VALUE_BYTES = 64 * 1024;

/** Returns why a name cannot be a secret's, or `undefined` if it can. */
export function secretNameProblem(name: string): string | undefined {
  if (secretNamePattern.test(name)) return undefined;
  return "A secret's name has 1 to 128 capital letters, digits and _, and does not begin with a digit, " +
    "like API_KEY";
}

/** Returns why no secret of that name should be set, or `undefined` if one may be. */
export function newSecretNameProblem(name: string): string | undefined {
  const problem = secretNameProblem(name);
  if (problem !== undefined || !reserved.test(name)) return problem;
  return `A secret named ${name} would take the place of the variable ${name}, which the system in the ` +
    "container needs: with another PATH it would not even start";
}

/** Returns why a text cannot be a secret's value, or `undefined` if it can. */
export function secretValueProblem(value: string): string | undefined {
  if (!value.isWellFormed()) return "A secret's value cannot contain half a character";
  if (value.includes("\0")) return "A secret's value cannot contain NUL: it would be cut off there";
  // Each character has at least one byte.
  const isLong = value.length > MAX_VALUE_BYTES ||
    new TextEncoder().encode(value).length > MAX_VALUE_BYTES;
  return isLong ? "A secret's value has at most 64 KiB" : undefined;
}

/** Returns the path of a user's secrets: `secretPath("alice", "API_KEY")`. */
export function secretPath(username: string, ...segments: readonly string[]): ApiPath {
  requireUsername(username);
  return new ApiPath("secrets", username, ...segments);
}

/**
 * Throws if there is a problem.
 *
 * @throws {ContainariumError} `invalid_argument`
 */
export function refuseProblem(problem: string | undefined): void {
  if (problem !== undefined) throw new ContainariumError("invalid_argument", problem);
}
