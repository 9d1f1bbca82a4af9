import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { instrument } from "./instrument.ts";
import type { Mutant } from "./mutant.ts";

/** The project that this program belongs to. */
const root = fileURLToPath(new URL("../../", import.meta.url));

/** Copies what git has, as it is in the working tree, into an empty folder. */
export async function copyProject(into: string): Promise<void> {
  const { stdout } = await new Deno.Command("git", {
    args: ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    cwd: root,
  }).output();
  for (const path of new TextDecoder().decode(stdout).split("\0")) {
    if (path === "" || !await isFile(join(root, path))) continue;
    const target = join(into, path);
    await Deno.mkdir(dirname(target), { recursive: true });
    await Deno.copyFile(join(root, path), target);
  }
}

async function isFile(path: string): Promise<boolean> {
  const info = await Deno.stat(path).catch(() => undefined);
  return info?.isFile === true;
}

/** Instruments all TypeScript in a folder of a copy. */
export async function instrumentFolder(copy: string, folder: string): Promise<readonly Mutant[]> {
  const mutants: Mutant[] = [];
  for (const file of await filesUnder(copy, folder)) {
    if (!/(?<!\.d)\.ts$/.test(file)) continue;
    const path = join(copy, file);
    const made = instrument(file, await Deno.readTextFile(path), mutants.length + 1);
    await Deno.writeTextFile(path, made.source);
    mutants.push(...made.mutants);
  }
  return mutants;
}

/** Returns the files of tests in folders, or named singly, in order. */
export async function testsUnder(copy: string, paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await isFile(join(copy, path)) ? [path] : await filesUnder(copy, path);
    files.push(...found.filter((file) => file.endsWith("_test.ts")));
  }
  return [...new Set(files)];
}

async function filesUnder(copy: string, folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(copy, folder))) {
    const path = `${folder}/${name}`;
    if (isDirectory) files.push(...await filesUnder(copy, path));
    else files.push(path);
  }
  return files.sort();
}

/** Makes a mutant the active one in all processes that start in a copy from now on. */
export async function activateIn(copy: string, mutant: number): Promise<void> {
  const source = `export const activeFromStart: number = ${mutant};\n`;
  await Deno.writeTextFile(join(copy, "scripts/mutate/active_mutant.ts"), source);
}
