import { folder, type Made } from "./release.ts";

/** Files of a release: what `dist/` holds besides folders. */
const released = /^(mcp-server|containarium-)[\w.-]+$|^(install\.sh|server\.json)$/;

/** Writes the checksums of everything that a release has, as `sha256sum --check` reads them. */
export async function makeChecksums(): Promise<Made> {
  const names: string[] = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && released.test(name)) names.push(name);
  }
  const lines: string[] = [];
  for (const name of names.sort()) lines.push(`${await sha256(`${folder}/${name}`)}  ${name}\n`);
  await Deno.writeTextFile(`${folder}/SHA256SUMS`, lines.join(""));
  return { made: ["SHA256SUMS"], skipped: [] };
}

/** Returns the SHA-256 of a file, in hexadecimal. */
export async function sha256(path: string): Promise<string> {
  const { createHash } = await import("node:crypto");
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  for await (const piece of file.readable) hash.update(piece);
  return hash.digest("hex");
}
