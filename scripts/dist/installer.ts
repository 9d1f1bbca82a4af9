import { folder, type Made, repository } from "./release.ts";

const script = new URL("../../install.sh", import.meta.url);

/** Copies `install.sh`, for the repository that releases it. */
export async function makeInstaller(): Promise<Made> {
  const text = (await Deno.readTextFile(script))
    .replace(/^repository=.*$/m, `repository=${repository}`);
  await Deno.writeTextFile(`${folder}/install.sh`, text, { mode: 0o755 });
  return { made: ["install.sh"], skipped: [] };
}
