import { ContainariumError } from "../../client/mod.ts";

/** Pattern to search for in terminal output. */
export type Pattern = string | RegExp;

/** Time limit of one search, which normally takes about 1 ms; a bad expression would block this process. */
const MAX_MATCH_MS = 250;

/** Parses text to look for, or `/…/` with flags; `undefined` if that is not a regular expression. */
export function parsePattern(text: string): Pattern | undefined {
  const [, source, flags] = /^\/(.+)\/([imsu]*)$/s.exec(text) ?? [];
  if (source === undefined) return text;
  try {
    return new RegExp(source, flags);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Whether the text contains the pattern.
 *
 * @throws {ContainariumError} `invalid_argument` for a regular expression that takes too long
 */
export async function isIn(text: string, pattern: Pattern): Promise<boolean> {
  if (typeof pattern === "string") return text.includes(pattern);
  const { createContext, Script } = await import("node:vm");
  const script = new Script("pattern.test(text)");
  try {
    return script.runInContext(createContext({ pattern, text }), { timeout: MAX_MATCH_MS }) ===
      true;
  } catch (error) {
    if (!isTimeout(error)) throw error;
    throw new ContainariumError(
      "invalid_argument",
      "wait_for: this regular expression takes too long to match (nested repeats?). " +
        "The input was typed: call again without text and keys, with a simpler expression",
      { cause: error },
    );
  }
}

/** The error is from another realm, so `instanceof Error` is false. */
function isTimeout(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error &&
    error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}
