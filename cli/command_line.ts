import { parseArgs } from "@std/cli/parse-args";
import { expected } from "./choices.ts";
import { UsageError } from "./usage_error.ts";

/** A flag. */
export interface Flag {
  /** The variable that does the same; absent if there is none. */
  readonly variable?: string | undefined;
  /** Placeholder for its value; absent if it takes none. */
  readonly value?: string | undefined;
  /** What it does, for `--help`. */
  readonly help: string;
}

/** Flags by name, without their dashes. */
export type Flags = Readonly<Record<string, Flag>>;

/** What was given to a command. */
export interface Given {
  /** Values of the flags that do the same as a variable, by that variable. */
  readonly variables: Readonly<Record<string, string>>;
  /** Values of the others, by their names; `true` for those that take none. */
  readonly options: Readonly<Record<string, string>>;
  /** What is not a flag. */
  readonly words: readonly string[];
}

/** Says what to write in place of an unknown argument, where no flag was meant. */
export type HintFor = (arg: string) => string | undefined;

/** The parsed command line of a command. */
export type CommandLine =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "run"; readonly given: Given };

/** Flags that set what variables set, too: those of every command that talks to a daemon. */
export const settingFlags: Flags = {
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
    help: "Policy: templates, quotas and more (JSON), reloaded when it changes",
  },
  "delete-grace": {
    variable: "CONTAINARIUM_DELETE_GRACE",
    value: "24h",
    help: "For how long a deleted container can be recovered, at most 7d",
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

/** Returns the flag that does the same as a variable, for messages. */
export function flagOf(variable: string): string {
  const names = Object.keys(settingFlags);
  return `--${names.find((name) => settingFlags[name]?.variable === variable) ?? variable}`;
}

/**
 * Parses what stands after a command.
 *
 * @param flags The command's flags, besides `--help` and `--version`
 * @param takesWords Whether anything else may stand there
 * @param hintFor Says what to write in place of what is unknown
 * @throws {UsageError} If it is invalid
 */
export function readCommandLine(
  args: readonly string[],
  flags: Flags,
  takesWords: boolean,
  hintFor: HintFor = () => undefined,
): CommandLine {
  const names = Object.keys(flags);
  const known = [...names, "help", "version"].map((name) => `--${name}`);
  const switches = [
    ...names.filter((name) => flags[name]?.value === undefined),
    "help",
    "version",
  ];
  refuseSwitchValues(args, switches);
  const parsed = parseArgs([...args], {
    boolean: switches,
    string: ["_", ...names.filter((name) => !switches.includes(name))],
    unknown: (arg) => {
      if (takesWords && (!arg.startsWith("-") || arg === "-")) return;
      const [flag = arg] = arg.split("=");
      throw new UsageError(
        `Unknown argument ${flag}; ${hintFor(flag) ?? expected(flag, known)}`,
      );
    },
  });
  const words = parsed._.map(String);
  const [stray] = words;
  if (!takesWords && stray !== undefined) {
    throw new UsageError(`Unknown argument ${stray}; ${expected(stray, known)}`);
  }
  if (parsed.help === true) return { kind: "help" };
  if (parsed.version === true) return { kind: "version" };
  const variables: Record<string, string> = {};
  const options: Record<string, string> = {};
  for (const [name, { variable, value }] of Object.entries(flags)) {
    const given = parsed[name] === true ? "true" : parsed[name];
    if (typeof given !== "string") continue;
    if (given.trim() === "") throw new UsageError(`--${name} takes a value: --${name} ${value}`);
    if (variable === undefined) options[name] = given;
    else variables[variable] = given;
  }
  return { kind: "run", given: { variables, options, words } };
}

/**
 * Returns the settings on a command line of whatever command, by the variables that do the same. Everything
 * else on it is ignored.
 */
export function settingsIn(args: readonly string[]): Readonly<Record<string, string>> {
  const names = Object.keys(settingFlags);
  const isSwitch = (name: string) => settingFlags[name]?.value === undefined;
  const parsed = parseArgs([...args], {
    boolean: names.filter(isSwitch),
    string: ["_", ...names.filter((name) => !isSwitch(name))],
  });
  const settings: Record<string, string> = {};
  for (const [name, { variable }] of Object.entries(settingFlags)) {
    const given = parsed[name] === true ? "true" : parsed[name];
    if (variable !== undefined && typeof given === "string") settings[variable] = given;
  }
  return settings;
}

/** The parser would read `--debug false` as `--debug`, or ignore it. */
function refuseSwitchValues(args: readonly string[], switches: readonly string[]): void {
  for (const [at, arg] of args.entries()) {
    const [, name = "", value = args[at + 1]] = /^--([\w-]+)(?:=(.*))?$/.exec(arg) ?? [];
    if (!switches.includes(name)) continue;
    if (arg.includes("=") || value === "true" || value === "false") {
      throw new UsageError(`--${name} takes no value`);
    }
  }
}
