import type { Grants } from "./needed_grants.ts";

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
