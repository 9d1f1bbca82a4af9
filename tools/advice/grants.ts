/**
 * How a user grants what this process may not do: a compiled binary takes no flags of Deno's.
 *
 * @module
 */

/** What a process may lack: a file to read, or a host (with its port) to reach. */
export type Grant = { readonly read: string } | { readonly net: string };

/**
 * Returns what the user does to grant it, from "start" or "build" on.
 *
 * @param server What the sentence calls the server
 * @param isCompiled Whether this is a binary, whose permissions are part of it
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
