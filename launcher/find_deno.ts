/**
 * Finds the program of Deno, not the script of its npm package, which would be one more process.
 *
 * @module
 */
import { accessSync, chmodSync, constants, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";

/** Names of Deno's npm packages, by what Node calls the system. */
export const denoPackages: Readonly<Record<string, string>> = {
  "linux-x64": "@deno/linux-x64-glibc",
  "linux-arm64": "@deno/linux-arm64-glibc",
  "darwin-x64": "@deno/darwin-x64",
  "darwin-arm64": "@deno/darwin-arm64",
  "win32-x64": "@deno/win32-x64",
  "win32-arm64": "@deno/win32-arm64",
};

/**
 * Returns the path of Deno: beside the launcher, as in a bundle, or in its npm package.
 *
 * @param launcher Path of the launcher
 * @param system What Node calls this system, `linux-x64`
 * @throws {Error} If there is none for this system
 */
export function findDeno(launcher: string, system: string): string {
  const name = system.startsWith("win32") ? "deno.exe" : "deno";
  const beside = join(dirname(launcher), name);
  const path = existsSync(beside) ? beside : join(packageFolder(launcher, system), name);
  makeExecutable(path);
  return path;
}

function packageFolder(launcher: string, system: string): string {
  const wanted = denoPackages[system];
  if (wanted === undefined) throw new Error(`There is no Deno for ${system}`);
  try {
    // Some package managers let a package see only what it depends on itself.
    const deno = createRequire(launcher).resolve("deno/package.json");
    return dirname(createRequire(deno).resolve(`${wanted}/package.json`));
  } catch (cause) {
    throw new Error(
      `${wanted} is not installed: install @containarium/mcp-server with optional dependencies, ` +
        `without --omit=optional`,
      { cause },
    );
  }
}

/** Some hosts unpack a bundle without the modes of its files. */
function makeExecutable(path: string): void {
  if (process.platform === "win32") return;
  try {
    accessSync(path, constants.X_OK);
  } catch {
    chmodSync(path, 0o755);
  }
}
