import { denoPackages } from "../../launcher/find_deno.ts";
import { builtLauncher } from "./built_launcher.ts";
import { copyBundle } from "./copy_bundle.ts";
import { packBundle } from "./pack_bundle.ts";
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
  version,
} from "./release.ts";
import { placeholders, userConfig } from "./settings.ts";
import { chosenTargets, type Target } from "./targets.ts";

const root = new URL("../..", import.meta.url).pathname;

/** The name of a target's bundle. The MCP Registry wants "mcp" in it. */
export function bundleName({ name }: Target): string {
  return `containarium-mcp-server-${version}-${name}.mcpb`;
}

/** Makes a bundle for each system: the launcher, the server, and the Deno of that system. */
export async function makeBundles({ isForAll, imports }: MakeOptions): Promise<Made> {
  const launcher = await builtLauncher(imports);
  const made: string[] = [];
  for (const target of chosenTargets(isForAll)) {
    const staging = await emptyFolder("mcpb");
    await Deno.mkdir(`${staging}/server`);
    await Deno.writeTextFile(`${staging}/manifest.json`, jsonText(manifestFor(target)));
    await Deno.copyFile(`${root}/LICENSE`, `${staging}/LICENSE`);
    await Deno.writeTextFile(`${staging}/server/package.json`, jsonText({ type: "module" }));
    await Deno.writeTextFile(`${staging}/server/launcher.js`, launcher);
    await copyBundle(`${staging}/server`);
    await unpackDeno(target, `${staging}/server`);
    await packBundle(staging, `${folder}/${bundleName(target)}`);
    await Deno.remove(staging, { recursive: true });
    made.push(bundleName(target));
  }
  return { made, skipped: [] };
}

/** Returns the manifest of a target's bundle. */
export function manifestFor({ node }: Target): Readonly<Record<string, unknown>> {
  return {
    manifest_version: "0.3",
    name: "containarium",
    display_name: "Containarium",
    version,
    description,
    author: { name: "The authors of mcp-server for Containarium", url: homepage },
    repository: { type: "git", url: homepage },
    documentation: `${homepage}/tree/v${version}/docs`,
    support: `${homepage}/issues`,
    license,
    keywords: ["containers", "containarium", "linux", "sandbox"],
    server: {
      type: "node",
      entry_point: "server/launcher.js",
      mcp_config: {
        command: "node",
        args: ["${__dirname}/server/launcher.js"],
        env: placeholders(),
      },
    },
    tools_generated: true,
    prompts_generated: true,
    user_config: userConfig(),
    compatibility: { platforms: [node.split("-")[0]], runtimes: { node: ">=20.0.0" } },
  };
}

/** Puts a target's Deno, as npm has it, into a folder. */
async function unpackDeno({ node }: Target, into: string): Promise<void> {
  const temporary = await Deno.makeTempDir();
  try {
    const wanted = `${denoPackages[node]}@${denoVersion}`;
    const packed = await run("npm", ["pack", "--silent", "--prefer-offline", wanted], temporary);
    await run("tar", ["-xzf", packed], temporary);
    const name = node.startsWith("win32") ? "deno.exe" : "deno";
    await Deno.copyFile(`${temporary}/package/${name}`, `${into}/${name}`);
    await Deno.chmod(`${into}/${name}`, 0o755).catch(() => {});
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}
