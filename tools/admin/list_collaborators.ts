import { z } from "zod";
import { username } from "../schemas.ts";
import { formatTable } from "../text/format.ts";
import { defineTool } from "../tool.ts";
import {
  collaborator,
  type CollaboratorAnswer,
  collaboratorAnswer,
  rightsOf,
} from "./collaborator_answer.ts";

/** Lists a container's collaborators; `GET /v1/containers/{username}/collaborators`. */
export const listCollaborators = defineTool({
  name: "list_collaborators",
  title: "List collaborators",
  description:
    "List the collaborators of a container: others who have an account of their own in it.",
  effect: "read",
  idempotent: true,
  scopes: ["containers:read"],
  input: z.strictObject({ username }),
  output: z.strictObject({ collaborators: z.array(collaborator).describe("Newest first") }),

  run: async ({ username }, { client, signal }) => {
    const found = await client.collaborators.list(username, { signal });
    // The daemon lists those of a misspelled name, too: none.
    if (found.length === 0) await client.containers.get(username, { signal });
    return { collaborators: await Promise.all(found.map(collaboratorAnswer)) };
  },

  render: ({ collaborators }) =>
    collaborators.length === 0
      ? "No collaborators."
      : formatTable(["name", "account", "rights", "added", "keys"], collaborators.map(row)),
});

function row(one: CollaboratorAnswer): readonly string[] {
  return [one.name, one.account, rightsOf(one), one.added_at ?? "", one.keys.join("; ")];
}
