/**
 * What the daemon would accept and misread: checked before anything is sent.
 *
 * @module
 */
import type { CreateOptions } from "./create_options.ts";
import { ContainariumError } from "../errors.ts";

const MAX_SOURCE_CHARS = 2_048;
const MAX_REF_CHARS = 250;

/** Bytes that Git refuses in the name of a ref, or that make it more than one: `a:b`, `a^`, `a*`. */
const refPattern = /^(?![-+])[^\s:?*^~[\\\p{Cc}]+$/u;

/** `https://host/path`, or `git@host:path`. */
const sourcePattern = /^(?:(?:https?|git|ssh):\/\/[^\s\p{Cc}]+|[\w.-]+@[\w.-]+:[^\s\p{Cc}]+)$/u;

/**
 * Returns why Git cannot clone from a source, or `undefined` if it may. The daemon passes it to `git` as it
 * is: one that begins with `-` would be an option.
 */
export function gitSourceProblem(source: string): string | undefined {
  if (source.length > MAX_SOURCE_CHARS) return `expected at most ${MAX_SOURCE_CHARS} characters`;
  if (source.startsWith("-") || !sourcePattern.test(source)) {
    return "expected the URL of a Git repository: https://, git://, ssh://, or git@host:path";
  }
  const url = URL.parse(source);
  // A token may stand as the username. Over SSH a username is only a name.
  const hasSecret = url !== null &&
    (url.password !== "" || (url.username !== "" && url.protocol !== "ssh:"));
  return hasSecret
    ? "expected no password or token in the URL: every program in the container could read it"
    : undefined;
}

/** Returns why a text is not the name of a branch, tag or commit, or `undefined` if it is. */
export function gitRefProblem(ref: string): string | undefined {
  return refPattern.test(ref) && ref.length <= MAX_REF_CHARS
    ? undefined
    : "expected the name of a branch or tag, or a commit";
}

/** Returns why the daemon would not understand which GPU is meant, or `undefined` if it would. */
export function gpuProblem(gpu: string): string | undefined {
  return /^(?:\d{1,3}|(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])$/i.test(gpu)
    ? undefined
    : 'expected an index such as "0" or a PCI address such as "0000:01:00.0"';
}

/**
 * Throws for options that the daemon would misread, or ignore without a word.
 *
 * @throws {ContainariumError} `invalid_argument`
 */
export function refuseMisread(
  { gitSource, gitRef, workspacePath, gpus = [] }: CreateOptions,
): void {
  const problems: readonly (readonly [string, string | undefined])[] = [
    ["gitSource", gitSource === undefined ? undefined : gitSourceProblem(gitSource)],
    ["gitRef", gitRef === undefined ? undefined : gitRefProblem(gitRef)],
    ...gpus.map((gpu) => ["gpus", gpuProblem(gpu)] as const),
    ...(gitSource === undefined && (gitRef ?? workspacePath) !== undefined
      ? [["gitRef", "expected gitSource with it: the daemon ignores it alone"] as const]
      : []),
  ];
  for (const [option, problem] of problems) {
    if (problem === undefined) continue;
    throw new ContainariumError("invalid_argument", `${option}: ${problem}. Nothing was sent`);
  }
}
