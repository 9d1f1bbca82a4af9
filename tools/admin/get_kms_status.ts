import { z } from "zod";
import { ContainariumError } from "../../client/mod.ts";
import { visible } from "../../client/internal.ts";
import { unlessEmpty } from "../lean.ts";
import { formatFacts } from "../text/format.ts";
import { defineTool, type ToolContext } from "../tool.ts";

/** Reports how secrets are encrypted; `GET /v1/kms/status`, `GET /v1/kms/envelope-coverage`. */
export const getKmsStatus = defineTool({
  name: "get_kms_status",
  title: "Encryption of secrets",
  description: "Show how secrets are encrypted: the key service (KMS) and its coverage.",
  effect: "read",
  idempotent: true,
  scopes: ["kms:admin"],
  role: "admin",
  input: z.strictObject({}),
  output: z.strictObject({
    backend: z.string().describe("none, inproc, or a cloud's key service"),
    configured: z.boolean().describe("Whether there is one"),
    required: z.boolean().optional().describe("Whether secrets need it; absent: false"),
    description: z.string().optional().describe("The daemon's words"),
    secrets: z.strictObject({
      total: z.number().describe("All users' secrets"),
      enveloped: z.number().describe("Protected by it"),
      legacy: z.number().describe("Not yet: migrate_secrets"),
    }).optional().describe("Absent: the daemon stores no secrets"),
  }),

  run: async (_args, context) => {
    const { client, signal } = context;
    const status = await client.keyService.status({ signal });
    return {
      backend: visible(status.backend),
      configured: status.isConfigured,
      required: unlessEmpty(status.isRequired),
      description: status.description === undefined ? undefined : visible(status.description),
      secrets: await coverageOf(context),
    };
  },

  render: ({ backend, configured, required = false, description, secrets }) =>
    formatFacts({
      backend,
      description,
      configured: configured ? "yes" : "no",
      required: required ? "yes" : undefined,
      secrets: secrets === undefined
        ? "the daemon stores none"
        : `${secrets.total}, of which ${secrets.enveloped} protected by it and ${secrets.legacy} not`,
    }),
});

/** Returns `undefined` where there is no store to count in. */
async function coverageOf({ client, signal }: ToolContext) {
  try {
    return await client.keyService.coverage({ signal });
  } catch (error) {
    if (error instanceof ContainariumError && error.reason === "no_secrets_store") return undefined;
    throw error;
  }
}
