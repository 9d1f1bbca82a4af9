import type { Grants } from "../cli/needed_grants.ts";

/** What is on a command line: permissions that the user adds, and the rest. */
export interface SplitArgs {
  /** Permissions that the user adds. */
  readonly added: Grants;
  /** Arguments of the server. */
  readonly rest: readonly string[];
}

const kinds = ["net", "read", "write"] as const;

/** Takes `--allow-read=…`, `--allow-write=…` and `--allow-net=…` out of a command line; never without a value. */
export function splitArgs(args: readonly string[]): SplitArgs {
  const added = { net: [] as string[], read: [] as string[], write: [] as string[] };
  const rest = args.filter((arg) => {
    const kind = kinds.find((kind) => arg.startsWith(`--allow-${kind}=`));
    const value = arg.slice(arg.indexOf("=") + 1);
    if (kind === undefined || value === "") return true;
    added[kind].push(...value.split(",").filter((part) => part !== ""));
    return false;
  });
  return { added, rest };
}

/**
 * Returns the arguments with which Deno runs the server: no more than a configuration needs.
 *
 * @throws {RangeError} If a path has a comma in it, which Deno's flags cannot name
 */
export function denoArgs(
  server: string,
  variables: readonly string[],
  grants: readonly Grants[],
  args: readonly string[],
): readonly string[] {
  const flags = kinds.flatMap((kind) => {
    const values = new Set(grants.flatMap((one) => one[kind]));
    for (const value of values) {
      if (value.includes(",")) {
        throw new RangeError(`${value}: Deno cannot be granted a path with a comma`);
      }
    }
    return values.size === 0 ? [] : [`--allow-${kind}=${[...values].join(",")}`];
  });
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-config",
    "--no-lock",
    "--no-remote",
    "--no-npm",
    "--cached-only",
    v8Flags,
    `--allow-env=${variables.join(",")}`,
    ...flags,
    server,
    ...args,
  ];
}

/** As in the Makefile, which says why. */
export const v8Flags = "--v8-flags=--max-semi-space-size=2,--heap-growing-percent=30";
