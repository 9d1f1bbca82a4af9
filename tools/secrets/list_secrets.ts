import { z } from "zod";
import { formatTable } from "../text/format.ts";
import { username } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { secret, type SecretAnswer, secretAnswer } from "./secret_answer.ts";

/** Lists a container's secrets; `GET /v1/secrets/{username}`. */
export const listSecrets = defineTool({
  name: "list_secrets",
  title: "List secrets",
  description: "List the secrets stored for a container (passwords, API keys) without values.",
  effect: "read",
  idempotent: true,
  scopes: ["containers:read", "secrets:read"],
  input: z.strictObject({ username }),
  output: z.strictObject({ secrets: z.array(secret).describe("By name") }),

  run: async ({ username }, { client, signal }) => {
    const secrets = await client.secrets.list(username, { signal });
    // The daemon lists those of a misspelled name, too: none.
    if (secrets.length === 0) await client.containers.get(username, { signal });
    return { secrets: secrets.map(secretAnswer) };
  },

  render: ({ secrets }) =>
    secrets.length === 0
      ? "No secrets."
      : formatTable(["name", "delivery", "version", "updated"], secrets.map(row)),
});

function row({ name, delivery, version, updated_at: updatedAt = "" }: SecretAnswer) {
  return [name, delivery, String(version), updatedAt];
}
