import { parseArgs } from "@std/cli/parse-args";
import { expected } from "./choices.ts";
import { UsageError } from "./usage_error.ts";

/** The parsed command line. */
export type CommandLine =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | {
    readonly kind: "serve";
    /** Values of the flags, by the variables that do the same. */
    readonly variables: Readonly<Record<string, string>>;
  };

/** A flag and the variable that does the same. */
interface Flag {
  readonly variable: string;
  /** Placeholder for its value; absent if it takes none. */
  readonly value?: string | undefined;
  readonly help: string;
}

const flags: Readonly<Record<string, Flag>> = {
  server: {
    variable: "CONTAINARIUM_SERVER",
    value: "NAME",
    help: "The daemon of that name or address in ~/.containarium/credentials.json",
  },
  "read-only": {
    variable: "CONTAINARIUM_MCP_READ_ONLY",
    help: "Offer only tools that change nothing",
  },
  toolsets: {
    variable: "CONTAINARIUM_MCP_TOOLSETS",
    value: "a,b",
    help: "Offer only the tools of these sets; default and all stand for several",
  },
  tools: {
    variable: "CONTAINARIUM_MCP_TOOLS",
    value: "a,b",
    help: "Offer only these tools, in addition to --toolsets",
  },
  config: {
    variable: "CONTAINARIUM_CONFIG",
    value: "FILE",
    help: "Templates and quotas (JSON), reloaded when it changes",
  },
  audit: {
    variable: "CONTAINARIUM_AUDIT_FILE",
    value: "FILE",
    help: "Record each change in FILE before it is made, one JSON object a line",
  },
  "env-file": {
    variable: "CONTAINARIUM_MCP_ENV_FILE",
    value: "FILE",
    help: "Read variables that the environment does not set from FILE",
  },
  debug: {
    variable: "CONTAINARIUM_DEBUG",
    help: "Log protocol messages and HTTP exchanges to stderr, redacted",
  },
};

const names = Object.keys(flags);
const switches = [...names.filter((name) => flags[name]?.value === undefined), "help", "version"];
const known = [...names, "help", "version"].map((name) => `--${name}`);

/** Returns the flag that does the same as a variable, for messages. */
export function flagOf(variable: string): string {
  return `--${names.find((name) => flags[name]?.variable === variable) ?? variable}`;
}

/**
 * Parses the command line.
 *
 * @throws {UsageError} If it is invalid
 */
export function readCommandLine(args: readonly string[]): CommandLine {
  refuseSwitchValues(args);
  const parsed = parseArgs([...args], {
    boolean: switches,
    string: names.filter((name) => !switches.includes(name)),
    unknown: (arg) => {
      const [flag = arg] = arg.split("=");
      throw new UsageError(`Unknown argument ${flag}; ${expected(flag, known)}`);
    },
  });
  const [stray] = parsed._;
  if (stray !== undefined) {
    throw new UsageError(`Unknown argument ${stray}; ${expected(String(stray), known)}`);
  }
  if (parsed.help === true) return { kind: "help" };
  if (parsed.version === true) return { kind: "version" };
  const variables: Record<string, string> = {};
  for (const [name, { variable, value }] of Object.entries(flags)) {
    const given = parsed[name];
    if (given === true) variables[variable] = "true";
    if (typeof given !== "string") continue;
    if (given.trim() === "") throw new UsageError(`--${name} takes a value: --${name} ${value}`);
    variables[variable] = given;
  }
  return { kind: "serve", variables };
}

/** The parser would read `--debug false` as `--debug`, or ignore it. */
function refuseSwitchValues(args: readonly string[]): void {
  for (const [at, arg] of args.entries()) {
    const [, name = "", value = args[at + 1]] = /^--([\w-]+)(?:=(.*))?$/.exec(arg) ?? [];
    if (!switches.includes(name)) continue;
    if (arg.includes("=") || value === "true" || value === "false") {
      throw new UsageError(`--${name} takes no value`);
    }
  }
}

/** The text of `--help`. */
export const help = `mcp-server: an MCP server on stdio for Containarium

Usage: mcp-server [FLAG…]

${
  Object.entries(flags).map(([name, { value, variable, help }]) =>
    `  ${`--${name} ${value ?? ""}`.padEnd(17)} ${help}\n${" ".repeat(20)}(${variable})\n`
  ).join("")
}  --help            Show this
  --version         Show the version

Precedence: flag, then environment variable, then --env-file, then
~/.containarium/credentials.json.

Environment:
  CONTAINARIUM_SERVER_URL     Address of the REST API, e.g. http://localhost:8080
  CONTAINARIUM_JWT_TOKEN      The token
  CONTAINARIUM_JWT_TOKEN_FILE File with the token, reread when it changes
  CONTAINARIUM_CONSENT        Ask the user before something is lost: auto (if the client can
                              ask; default), always (refuse if it cannot), never
  CONTAINARIUM_BULK_CONCURRENCY How many containers the bulk tools work on at once: 1 to 10 (3)
  CONTAINARIUM_TERMINAL_ORIGIN  Origin with which terminals are opened, one of the daemon's
                              CONTAINARIUM_ALLOWED_ORIGINS (http://localhost:3000)
  CONTAINARIUM_MCP_TRUSTED_CA_FILE          PEM file with authorities to trust besides the usual
  CONTAINARIUM_MCP_ALLOW_INSECURE           http:// to another machine: true (no warning), false
                                            (refused)
  CONTAINARIUM_MCP_ALLOW_SHARED_TOKEN_FILE  true: others may read the token's file
  HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY  Proxies to a daemon on another machine

Instead of true and false, 1, t, yes, y, on and 0, f, no, n, off work too, in any case.
`;
