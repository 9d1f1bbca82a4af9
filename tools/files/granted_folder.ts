import { ContainariumError } from "../../client/mod.ts";
import { quoted } from "../text/quoted.ts";

/** A file or folder of the user's machine that this process may use. */
export interface GrantedPlace {
  /** Its real path, without links. */
  readonly path: string;
  /** What it is. */
  readonly kind: "file" | "folder" | "missing";
}

/**
 * Returns a place that may be read.
 *
 * @throws {ContainariumError} `permission_denied` with the permission that is missing; `not_found`
 */
export async function readablePlace(local: string): Promise<GrantedPlace> {
  requireAbsolute(local);
  const place = await lookAt(local, "read");
  if (place.kind === "missing") {
    throw new ContainariumError("not_found", `There is no ${quoted(local)} on this machine`, {
      path: local,
    });
  }
  return place;
}

/**
 * Returns a folder that may be read and written to. It may be missing.
 *
 * @throws {ContainariumError} `permission_denied` with the permissions that are missing
 */
export async function writableFolder(local: string): Promise<GrantedPlace> {
  requireAbsolute(local);
  const place = await lookAt(local, "write");
  if (place.kind !== "file") return place;
  throw new ContainariumError("failed_precondition", `${quoted(local)} is a file, not a folder`);
}

function requireAbsolute(local: string): void {
  const isAbsolute = Deno.build.os === "windows"
    ? /^[A-Za-z]:[\\/]/.test(local)
    : local.startsWith("/");
  const isPlain = !/\p{Cc}/u.test(local) && local.isWellFormed();
  if (isAbsolute && isPlain && !/(?:^|[\\/])\.\.(?:[\\/]|$)/.test(local)) return;
  throw new ContainariumError(
    "invalid_argument",
    `local ${quoted(local)} is not an absolute path without .., such as /home/me/app`,
  );
}

/** A write goes with reading: what is there is compared, and renaming needs both. */
async function requireGrant(access: "read" | "write", path: string, named: string): Promise<void> {
  const wanted = access === "read" ? ["read"] as const : ["read", "write"] as const;
  for (const name of wanted) {
    const { state } = await Deno.permissions.query({ name, path });
    if (state === "granted") continue;
    const isAround = named !== path && folderOf(named) === path;
    const leads = isAround ? "is in" : "leads to";
    const also = path === named ? "" : `, which ${quoted(named)} ${leads}`;
    throw new ContainariumError(
      "permission_denied",
      access === "read"
        ? `This server may not read ${quoted(path)}${also}`
        : `This server may not read and write ${quoted(path)}${also}`,
      { reason: access === "read" ? "read_denied" : "write_denied", details: { file: path } },
    );
  }
}

/**
 * Where a link leads has to be granted, too: Deno itself follows links out of what was granted. So has the
 * folder of a file: single files are granted for the server's own use, such as the file with its token.
 */
async function lookAt(local: string, access: "read" | "write"): Promise<GrantedPlace> {
  await requireGrant(access, local, local);
  const path = await realPathOf(local);
  if (path === undefined) return { path: local, kind: "missing" };
  await requireGrant(access, path, local);
  const { isFile, isDirectory } = await Deno.lstat(path);
  if (isFile) await requireGrant(access, folderOf(path), local);
  if (isFile || isDirectory) return { path, kind: isFile ? "file" : "folder" };
  throw new ContainariumError(
    "failed_precondition",
    `${quoted(local)} is neither a file nor a folder`,
  );
}

/** Returns the folder that something is in. */
export function folderOf(path: string): string {
  return path.replace(/[\\/][^\\/]*$/, "") || "/";
}

async function realPathOf(local: string): Promise<string | undefined> {
  try {
    return await Deno.realPath(local);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw unusable(local, error);
  }
}

/** Returns the error for something of the user's machine that cannot be used. */
export function unusable(path: string, error: unknown): ContainariumError {
  const why = error instanceof Error ? error.message : String(error);
  return new ContainariumError("failed_precondition", `${quoted(path)} cannot be used: ${why}`, {
    cause: error,
  });
}
