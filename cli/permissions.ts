/**
 * Gives up what the process was granted and does not need any more.
 *
 * @module
 */

/** What is needed no longer, and what still is. */
export interface GivenUp {
  /** Files that will not be read again. */
  readonly files: readonly string[];
}

/**
 * Gives up the environment and, one by one, the files that will not be read again. A file under a
 * wider grant is left: revoking it would take the whole grant, and the token's file with it.
 *
 * @returns What may still be done, for the debug log
 */
export async function giveUpPermissions({ files }: GivenUp): Promise<readonly string[]> {
  const left: string[] = [];
  const env = await Deno.permissions.revoke({ name: "env" });
  left.push(`env: ${describe(env)}`);
  for (const path of new Set(files)) {
    const folder = await Deno.permissions.query({ name: "read", path: folderOf(path) });
    const status = folder.state === "granted"
      ? await Deno.permissions.query({ name: "read", path })
      : await Deno.permissions.revoke({ name: "read", path });
    left.push(`read ${path}: ${describe(status)}`);
  }
  return left;
}

function describe({ state }: Deno.PermissionStatus): string {
  return state === "granted" ? "still allowed" : "given up";
}

function folderOf(path: string): string {
  const folder = path.replace(/(?<![/\\])[/\\]+[^/\\]*$/, "");
  if (folder === path) return ".";
  return folder === "" ? "/" : folder;
}
