import { packExtension } from "@anthropic-ai/mcpb";

/**
 * Validates a folder's manifest and packs the folder as an MCPB bundle.
 *
 * @throws {Error} If the manifest is invalid
 */
export async function packBundle(folder: string, bundle: string): Promise<void> {
  const isPacked = await packExtension({
    extensionPath: folder,
    outputPath: bundle,
    silent: true,
  });
  if (!isPacked) throw new Error(`mcpb pack refused ${folder}`);
}
