import { builtLauncher } from "./built_launcher.ts";
import { bundleFiles, copyBundle } from "./copy_bundle.ts";
import { emptyFolder, run } from "./programs.ts";
import {
  denoVersion,
  description,
  folder,
  homepage,
  jsonText,
  license,
  type Made,
  type MakeOptions,
  packageName,
  registryName,
  repository,
  version,
} from "./release.ts";

const root = new URL("../..", import.meta.url).pathname;

/** The packed package's name. */
export const tarball = `${packageName.replace("@", "").replace("/", "-")}-${version}.tgz`;

/** Makes the package for npm: the launcher, and the server for the Deno that npm installs with it. */
export async function makeNpmPackage({ imports }: MakeOptions): Promise<Made> {
  const staging = await emptyFolder("npm");
  await Deno.writeTextFile(`${staging}/launcher.js`, await builtLauncher(imports), { mode: 0o755 });
  await copyBundle(staging);
  for (const name of ["LICENSE", "README.md"]) {
    await Deno.copyFile(`${root}/${name}`, `${staging}/${name}`);
  }
  await Deno.writeTextFile(`${staging}/package.json`, jsonText(packageJson()));
  await run("npm", ["pack", "--silent", "--pack-destination", folder, staging]);
  return { made: [tarball], skipped: [] };
}

/** Returns the `package.json` of the package. */
export function packageJson(): Readonly<Record<string, unknown>> {
  return {
    name: packageName,
    version,
    description,
    license,
    homepage,
    repository: { type: "git", url: `git+https://github.com/${repository}.git` },
    keywords: ["mcp", "mcp-server", "containarium", "containers", "deno"],
    type: "module",
    bin: { "mcp-server": "launcher.js" },
    files: ["launcher.js", ...bundleFiles],
    engines: { node: ">=20" },
    dependencies: { deno: denoVersion },
    // The MCP Registry compares it with server.json.
    mcpName: registryName,
    publishConfig: { access: "public", provenance: true },
  };
}
