import { z } from "zod";

/**
 * `server.json` as the MCP Registry describes it (2025-12-11), in what is used of it: written by hand from its
 * documentation, and stricter where the registry checks more than its schema says.
 */
export const registrySchema = z.strictObject({
  $schema: z.literal(
    "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
  ),
  name: z.string().min(3).max(200).regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(100),
  version: z.string().max(255).regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/),
  websiteUrl: z.url(),
  repository: z.strictObject({ url: z.url(), source: z.literal("github") }),
  packages: z.array(
    z.strictObject({
      registryType: z.enum(["npm", "mcpb", "oci"]),
      identifier: z.string(),
      version: z.string().min(1).optional(),
      fileSha256: z.string().regex(/^[a-f0-9]{64}$/).optional(),
      runtimeHint: z.enum(["npx", "docker"]).optional(),
      transport: z.strictObject({ type: z.literal("stdio") }),
      environmentVariables: z.array(z.strictObject({
        name: z.string(),
        description: z.string(),
        format: z.enum(["string", "number", "boolean", "filepath"]),
        isRequired: z.boolean(),
        isSecret: z.boolean(),
      })),
    }).check(({ value, issues }) => {
      for (const problem of problemsOf(value)) {
        issues.push({ code: "custom", message: problem, input: value });
      }
    }),
  ).min(1),
});

interface Package {
  readonly registryType: "npm" | "mcpb" | "oci";
  readonly identifier: string;
  readonly version?: string | undefined;
  readonly fileSha256?: string | undefined;
}

/** What the registry refuses although its schema allows it. */
function problemsOf({ registryType, identifier, version, fileSha256 }: Package): readonly string[] {
  switch (registryType) {
    case "npm":
      return version === undefined ? ["npm: no version"] : [];
    case "mcpb":
      return [
        ...(fileSha256 === undefined ? ["mcpb: no checksum"] : []),
        ...(/^https:\/\/github\.com\/[^/]+\/[^/]+\/releases\/.*mcp/.test(identifier)
          ? []
          : ["mcpb: not a release of GitHub with mcp in its name"]),
      ];
    case "oci":
      return [
        ...(version === undefined ? [] : ["oci: the version belongs into the identifier"]),
        ...(/^ghcr\.io\/[a-z0-9._/-]+:[\w.-]+$/.test(identifier) ? [] : ["oci: no tag"]),
      ];
  }
}
