import { parse } from "@std/dotenv/parse";
import { readNamedFile } from "./files.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Reads a `.env` file.
 *
 * @param label Its name for messages: `--env-file FILE`
 * @throws {UsageError} If it cannot be read, or parsers of such files disagree about a line
 */
export async function readEnvFile(
  path: string,
  label: string,
): Promise<Readonly<Record<string, string>>> {
  return parseEnvFile(label, await readNamedFile(path, label));
}

/** `# …`, `NAME=value`, `NAME='value'`, `NAME="value"`, each with an optional comment. */
const plain = [
  /^(?:#.*)?$/,
  /^(?:export\s+)?[A-Za-z_]\w*\s*=\s*(?:[^\s'"`\\$#][^'"`\\$#]*)?(?:\s#.*)?$/,
  /^(?:export\s+)?[A-Za-z_]\w*\s*=\s*'[^']*'\s*(?:#.*)?$/,
  /^(?:export\s+)?[A-Za-z_]\w*\s*=\s*"[^"\\$`]*"\s*(?:#.*)?$/,
];

/**
 * Parsers of such files disagree about `$`, backslashes, backticks and quotes inside quotes, so those are
 * rejected, except `$` and backslashes in single quotes.
 */
function parseEnvFile(label: string, text: string): Readonly<Record<string, string>> {
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (plain.some((form) => form.test(line.trim()))) continue;
    const name = /^(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line.trim())?.[1];
    throw new UsageError(
      `${label}, line ${index + 1}: ` +
        (name === undefined
          ? "expected NAME=value or a comment"
          : `put the value of ${name} in single quotes, on one line and without a single quote in ` +
            `it: its current form means different things to different tools that read such files`),
    );
  }
  return parse(text);
}
