import { z } from "zod";
import { containerName } from "../../client/internal.ts";
import { username } from "../schemas.ts";
import { quoted } from "../text/quoted.ts";
import { defineTool } from "../tool.ts";
import { collaboratorInQuestion, collaboratorName } from "./collaborator_answer.ts";

/** Removes a collaborator with the account; `DELETE /v1/containers/{username}/collaborators/{name}`. */
export const removeCollaborator = defineTool({
  name: "remove_collaborator",
  title: "Remove collaborator",
  description: "Remove a collaborator's account from someone's container.",
  effect: "destroy",
  idempotent: true,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({ username, collaborator: collaboratorName }),
  output: z.strictObject({
    removed: z.boolean().describe("False if there was none of that name"),
    collaborator: z.string().describe("The collaborator"),
    username: z.string().describe("Owner of the container"),
  }),

  consent: async ({ username, collaborator: name }, { client, signal }) => {
    const all = await client.collaborators.list(username, { signal });
    const agreed = { found: all.find((one) => one.name === name) };
    const { found } = agreed;
    if (found === undefined) return { agreed };
    return {
      question: {
        message:
          `Remove ${collaboratorInQuestion(username, found)}? The account's own files may go ` +
          "with it.",
        confirm: `Remove ${quoted(name)}`,
      },
      agreed,
    };
  },

  run: async ({ username, collaborator: name }, { client, signal }, agreed) => {
    const what = { collaborator: name, username };
    if (agreed !== undefined && agreed.found === undefined) return { removed: false, ...what };
    const options = { signal, agreed: agreed?.found };
    const { removed } = await client.collaborators.remove(username, name, options);
    return { removed: removed !== undefined, ...what };
  },

  render: ({ removed, collaborator, username }) =>
    removed
      ? `Removed the collaborator ${collaborator} of ${containerName(username)}.`
      : `${containerName(username)} has no collaborator ${collaborator}; nothing was removed.`,
});
