import { emptyFolder } from "./programs.ts";
import { folder, type Made } from "./release.ts";
import { targets } from "./targets.ts";

/** What Docker calls the systems that there are binaries for. */
export const architectures: Readonly<Record<string, string>> = {
  "linux-x86_64": "amd64",
  "linux-aarch64": "arm64",
};

/** Puts the binaries where the Dockerfile copies them from. The image itself is made by the release workflow. */
export async function makeImageFiles(): Promise<Made> {
  const staging = await emptyFolder("oci");
  const skipped: string[] = [];
  for (const { name, binary } of targets) {
    const architecture = architectures[name];
    if (architecture === undefined) continue;
    try {
      await Deno.stat(`${folder}/${binary}`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      skipped.push(`${architecture} of the OCI image: its binary was not made`);
      continue;
    }
    await Deno.mkdir(`${staging}/${architecture}`);
    await Deno.link(`${folder}/${binary}`, `${staging}/${architecture}/mcp-server`);
  }
  return { made: ["oci (the release workflow alone builds the image from it)"], skipped };
}
