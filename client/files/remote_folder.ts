import { ContainariumError } from "../errors.ts";
import { quote } from "../text/shell_quote.ts";

/** Returns why a text cannot name a folder in a container, or `undefined` if it can. */
export function remoteFolderProblem(text: string): string | undefined {
  if (text.trim() === "") return "expected a folder in the container, such as ~/work";
  if (/\p{Cc}/u.test(text) || !text.isWellFormed()) {
    return "a folder cannot hold control characters";
  }
  if (text.length > 1_000) return "expected at most 1,000 characters";
  if (text.split("/").includes("..")) return "expected a folder without ..";
  return /^~[^/]/.test(text) ? "~ is the home of the container's owner only" : undefined;
}

/**
 * Returns a folder as a word of a shell script. What is not absolute is below the owner's home.
 *
 * @throws {ContainariumError} `invalid_argument`
 */
export function folderWord(text: string): string {
  const problem = remoteFolderProblem(text);
  if (problem !== undefined) throw new ContainariumError("invalid_argument", problem);
  if (text.startsWith("/")) return quote(text);
  const below = text.replace(/^~\/*/, "");
  return below === "" ? '"$HOME"' : `"$HOME"/${quote(below)}`;
}
