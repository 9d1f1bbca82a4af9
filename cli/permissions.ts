/**
 * Revokes permissions that the process no longer needs.
 *
 * @module
 */

/** Permissions that are no longer needed. */
export interface GivenUp {
  /** Files that are not read again. */
  readonly files: readonly string[];
}

/**
 * Revokes access to the environment and, one by one, to files that are not read again. A file under a wider
 * grant is left out: revoking it would revoke the whole grant, and the token file with it.
 *
 * @returns What was revoked, for the debug log
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
