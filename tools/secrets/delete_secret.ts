import { z } from "zod";
import { username } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { remains, secretInQuestion, secretName } from "./secret_answer.ts";

/** Deletes a secret; `DELETE /v1/secrets/{username}/{name}`. */
export const deleteSecret = defineTool({
  name: "delete_secret",
  title: "Delete secret",
  description: "Delete a container's secret permanently.",
  effect: "destroy",
  idempotent: true,
  scopes: ["containers:read", "secrets:read", "secrets:write"],
  input: z.strictObject({ username, name: secretName }),
  output: z.strictObject({
    name: z.string().describe("Name of the secret"),
    deleted: z.boolean().describe("False if there was no such secret"),
    remains: z.string().optional().describe("Where its value stays; absent: nowhere"),
  }),

  consent: async ({ username, name }, { client, signal }) => {
    const agreed = await client.secrets.look(username, name, { signal });
    if (agreed.secret === undefined) return { agreed };
    return {
      question: {
        message: `Delete ${secretInQuestion(username, agreed.secret)}, permanently? Its value ` +
          "cannot be restored.",
        confirm: `Delete the secret ${name}`,
      },
      agreed,
    };
  },

  run: async ({ username, name }, { client, signal }, agreed) => {
    const { deleted } = await client.secrets.delete(username, name, { signal, agreed });
    const isIn = agreed?.container !== undefined;
    return {
      name,
      deleted: deleted !== undefined,
      remains: deleted === undefined || !isIn ? undefined : remains(username, deleted),
    };
  },

  render: ({ name, deleted, remains }) => {
    if (!deleted) return `There is no secret ${name}; nothing was deleted.`;
    const stays = remains === undefined ? "" : ` Its value stays ${remains}.`;
    return `Deleted the secret ${name}.${stays}`;
  },
});
