import { folder } from "./release.ts";

/**
 * Runs a program and returns what it printed.
 *
 * @throws {Error} If it fails; says what it said
 */
export async function run(
  program: string,
  args: readonly string[],
  cwd: string = folder,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const isScript = Deno.build.os === "windows" && program.startsWith("np");
  const { success, stdout, stderr } = await new Deno.Command(
    isScript ? `${program}.cmd` : program,
    {
      args: [...args],
      cwd,
      env,
      stdin: "null",
    },
  ).output();
  const [printed = "", problem] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!success) throw new Error(`${program} ${args.join(" ")} failed:\n${problem}`);
  return printed.trim();
}

/** Packs a folder's content as a tarball in `dist/`. */
export async function packTarball(name: string, content: string): Promise<void> {
  await run("tar", ["-czf", `${folder}/${name}`, "-C", content, "."]);
}

/** Empties a folder in `dist/`, or makes it. */
export async function emptyFolder(name: string): Promise<string> {
  const path = `${folder}/${name}`;
  await Deno.remove(path, { recursive: true }).catch(() => {});
  await Deno.mkdir(path, { recursive: true });
  return path;
}
