/**
 * How a user grants a missing permission: a compiled binary takes no flags of Deno.
 *
 * @module
 */

/** Missing permission: a file to read, or a host with its port to reach. */
export type Grant = { readonly read: string } | { readonly net: string };

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
  const isFile = "read" in grant;
  const value = isFile ? grant.read : grant.net;
  return isCompiled
    ? `build ${server} again with make build-mcp ${isFile ? "MCP_READ" : "MCP_HOST"}=${value}`
    : `start ${server} with ${isFile ? "--allow-read" : "--allow-net"}=${value}`;
}
