import { sha256 } from "./checksums.ts";
import { bundleName } from "./mcpb.ts";
import {
  description,
  downloads,
  folder,
  homepage,
  jsonText,
  type Made,
  packageName,
  registryName,
  repository,
  version,
} from "./release.ts";
import { settings } from "./settings.ts";
import { type Target, targets } from "./targets.ts";

/** The image's name, without its tag. */
export const image = `ghcr.io/${repository.toLowerCase()}`;

const shared = {
  transport: { type: "stdio" },
  environmentVariables: settings.map(({ variable, description, type, isSecret }) => ({
    name: variable,
    description,
    format: type === "file" ? "filepath" : type,
    isRequired: false,
    isSecret: isSecret ?? false,
  })),
};

/** A bundle that was made, and its checksum. */
interface MadeBundle {
  readonly target: Target;
  readonly sum: string;
}

/** Writes `server.json`, which the MCP Registry takes: npm, the bundles that were made, and the image. */
export async function makeRegistryEntry(): Promise<Made> {
  const bundles: MadeBundle[] = [];
  for (const target of targets) {
    try {
      bundles.push({ target, sum: await sha256(`${folder}/${bundleName(target)}`) });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  await Deno.writeTextFile(`${folder}/server.json`, jsonText(registryEntry(bundles)));
  return { made: ["server.json"], skipped: [] };
}

/** Returns `server.json`. */
export function registryEntry(bundles: readonly MadeBundle[]): Readonly<Record<string, unknown>> {
  return {
    $schema: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
    name: registryName,
    title: "Containarium",
    description,
    version,
    websiteUrl: homepage,
    repository: { url: homepage, source: "github" },
    packages: [
      { registryType: "npm", identifier: packageName, version, runtimeHint: "npx", ...shared },
      ...bundles.map(({ target, sum }) => ({
        registryType: "mcpb",
        identifier: `${downloads}/${bundleName(target)}`,
        version,
        fileSha256: sum,
        ...shared,
      })),
      { registryType: "oci", identifier: `${image}:${version}`, runtimeHint: "docker", ...shared },
    ],
  };
}
