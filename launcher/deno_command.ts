import type { Grants } from "../cli/needed_grants.ts";

const kinds = ["net", "read", "write"] as const;

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
