import { folder } from "./release.ts";

/** What `make bundle` makes: what to run, and the folder of what it imports. */
export const bundleFiles = ["mcp-server.js", "mcp-server"] as const;

/** Copies the bundle into a package. */
export async function copyBundle(into: string): Promise<void> {
  const [main, chunks] = bundleFiles;
  await Deno.copyFile(`${folder}/${main}`, `${into}/${main}`);
  await Deno.mkdir(`${into}/${chunks}`);
  for await (const { name } of Deno.readDir(`${folder}/${chunks}`)) {
    await Deno.copyFile(`${folder}/${chunks}/${name}`, `${into}/${chunks}/${name}`);
  }
}
