/**
 * How a user grants a missing permission: a compiled binary takes no flags of Deno.
 *
 * @module
 */

/** Missing permission: a file to read or to write, a host with its port to reach, or a variable to read. */
export type Grant =
  | { readonly read: string }
  | { readonly write: string }
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
  isCompiled: boolean = Deno.build.standalone,
): string {
  const { flag, variable, value } = waysTo(grant);
  return isCompiled
    ? `build ${server} again with make build-mcp ${variable}=${value}`
    : `start ${server} with ${flag}=${value}`;
}

function waysTo(
  grant: Grant,
): { readonly flag: string; readonly variable: string; readonly value: string } {
  if ("read" in grant) return { flag: "--allow-read", variable: "MCP_READ", value: grant.read };
  if ("write" in grant) return { flag: "--allow-write", variable: "MCP_WRITE", value: grant.write };
  // The binary is built with every variable that it reads.
  if ("env" in grant) return { flag: "--allow-env", variable: "MCP_ENV", value: grant.env };
  return { flag: "--allow-net", variable: "MCP_HOST", value: grant.net };
}
