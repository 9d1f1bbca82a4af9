/**
 * How a user grants a missing permission: a compiled binary takes no flags of Deno.
 *
 * @module
 */

/**
 * Missing permission: a file to read, to write or both, a host with its port to reach, or a variable to read.
 */
export type Grant =
  | { readonly read: string }
  | { readonly write: string }
  | { readonly readAndWrite: string }
  | { readonly net: string }
  | { readonly env: string };

/**
 * Returns what the user has to do, starting with "start" or "build".
 *
 * @param server Name of the server in the sentence
 * @param isCompiled Whether this is a compiled binary, which has its permissions built in
 */
export function howToGrant(
  server: "it" | "this server",
  grant: Grant,
  isCompiled: boolean = hasGrantsBuiltIn(),
): string {
  const settings = waysTo(grant)
    .map(({ flag, variable, value }) => `${isCompiled ? variable : flag}=${value}`).join(" ");
  return isCompiled
    ? `build ${server} again with make build-mcp ${settings}`
    : `start ${server} with ${settings}`;
}

/** What a permission is called on the command line of Deno, and of make. */
interface GrantSetting {
  readonly flag: string;
  readonly variable: string;
  readonly value: string;
}

/** A binary that was built for others serves from a worker, and takes the flags as `deno run` does. */
function hasGrantsBuiltIn(): boolean {
  return Deno.build.standalone && typeof Reflect.get(globalThis, "postMessage") !== "function";
}

function waysTo(grant: Grant): readonly GrantSetting[] {
  if ("readAndWrite" in grant) {
    const path = grant.readAndWrite;
    return [...waysTo({ read: path }), ...waysTo({ write: path })];
  }
  if ("read" in grant) return [{ flag: "--allow-read", variable: "MCP_READ", value: grant.read }];
  if ("write" in grant) {
    return [{ flag: "--allow-write", variable: "MCP_WRITE", value: grant.write }];
  }
  // The binary is built with every variable that it reads.
  if ("env" in grant) return [{ flag: "--allow-env", variable: "MCP_ENV", value: grant.env }];
  return [{ flag: "--allow-net", variable: "MCP_HOST", value: grant.net }];
}

/** Returns the sentence that asks the user for a permission. */
export function askToGrant(grant: Grant): string {
  return `Ask the user to ${howToGrant("this server", grant)}.`;
}
