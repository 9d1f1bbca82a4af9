import { parse } from "@std/dotenv/parse";
import { readNamedFile } from "./config.ts";
import { UsageError } from "./errors.ts";

/**
 * Reads a `.env` file.
 *
 * @param label What names it, for messages: `--env-file FILE`
 * @throws {UsageError} When it cannot be read, or a value would not mean the same to every reader
 * of such files
 */
export async function readEnvFile(
  path: string,
  label: string,
): Promise<Readonly<Record<string, string>>> {
  return parseEnvFile(label, await readNamedFile(path, label));
}

/** Some readers expand `$NAME` and some do not: a value with `$` must be in single quotes. */
function parseEnvFile(label: string, text: string): Readonly<Record<string, string>> {
  for (const [index, line] of text.split("\n").entries()) {
    const [, name, value = ""] = /^\s*(?:export\s+)?(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value.includes("$") && !value.startsWith("'")) {
      throw new UsageError(
        `${label}, line ${index + 1}: put the value of ${name} in single quotes, ` +
          `since it has a $ in it, which is not expanded here`,
      );
    }
  }
  return parse(text);
}
