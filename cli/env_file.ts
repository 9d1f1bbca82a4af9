import { parse } from "@std/dotenv/parse";
import { ConfigError } from "./config.ts";

/**
 * Reads a `.env` file.
 *
 * @throws {ConfigError} When it cannot be read, or a value would not mean the same to every reader
 * of such files
 */
export async function readEnvFile(path: string): Promise<Readonly<Record<string, string>>> {
  return parseEnvFile(path, await readText(path));
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new ConfigError(`--env-file ${path}: no such file`);
    }
    if (error instanceof Deno.errors.NotCapable) {
      throw new ConfigError(
        `--env-file ${path}: this process may not read it; start it with --allow-read=${path}`,
      );
    }
    throw error;
  }
}

/** Some readers expand `$NAME` and some do not: a value with `$` must be in single quotes. */
function parseEnvFile(path: string, text: string): Readonly<Record<string, string>> {
  for (const [index, line] of text.split("\n").entries()) {
    const [, name, value = ""] = /^\s*(?:export\s+)?(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value.includes("$") && !value.startsWith("'")) {
      throw new ConfigError(
        `--env-file ${path}, line ${index + 1}: put the value of ${name} in single quotes, ` +
          `since it has a $ in it, which is not expanded here`,
      );
    }
  }
  return parse(text);
}
