import { parseArgs } from "@std/cli/parse-args";

/** What the process was asked to do. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | {
    readonly kind: "serve";
    /** A file with variables that the environment does not set. */
    readonly envFile: string | undefined;
    /** Whether `--debug` was given. */
    readonly debug: boolean;
  };

/** Arguments that cannot be understood; the process ends with exit code 2. */
export class UsageError extends Error {
  /** Always `"UsageError"`. */
  override readonly name = "UsageError";
}

const flags = ["--debug", "--env-file FILE", "--help", "--version"];

/** What `--help` prints. */
export const help = `mcp-server: an MCP server on stdio for Containarium

Usage: mcp-server [--debug] [--env-file FILE]

  --debug          Log protocol messages and HTTP exchanges to stderr
  --env-file FILE  Read variables that the environment does not set from a .env file
  --help           Show this
  --version        Show the version

Environment: CONTAINARIUM_SERVER_URL, CONTAINARIUM_JWT_TOKEN, CONTAINARIUM_DEBUG
`;

/**
 * Reads the command line.
 *
 * @throws {UsageError} When it is not understood
 */
export function readArguments(args: readonly string[]): Command {
  const parsed = parseArgs([...args], {
    boolean: ["debug", "help", "version"],
    string: ["env-file"],
    unknown: (arg) => {
      throw new UsageError(`Unknown argument ${arg}; known: ${flags.join(", ")}`);
    },
  });
  if (parsed.help === true) return { kind: "help" };
  if (parsed.version === true) return { kind: "version" };
  const envFile = parsed["env-file"];
  if (envFile === "" || Array.isArray(envFile)) {
    throw new UsageError("--env-file takes one file: --env-file FILE");
  }
  return {
    kind: "serve",
    envFile: typeof envFile === "string" ? envFile : undefined,
    debug: parsed.debug === true,
  };
}
