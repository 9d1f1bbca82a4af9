import { z } from "zod";
import { unlessEmpty } from "../lean.ts";
import { username } from "../schemas.ts";
import { formatTable } from "../text/format.ts";
import { defineTool } from "../tool.ts";
import {
  collaborator,
  type CollaboratorAnswer,
  collaboratorAnswer,
  rightsOf,
} from "./collaborator_answer.ts";

/** Maximum number of rows in a result. */
const MAX_ROWS = 200;

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
  output: z.strictObject({
    collaborators: z.array(collaborator).describe("Newest first"),
    not_shown: z.number().optional().describe("How many more there are; absent: 0"),
  }),

  run: async ({ username }, { client, signal }) => {
    const found = await client.collaborators.list(username, { signal });
    // The daemon lists those of a misspelled name, too: none.
    if (found.length === 0) await client.containers.get(username, { signal });
    return {
      collaborators: await Promise.all(found.slice(0, MAX_ROWS).map(collaboratorAnswer)),
      not_shown: unlessEmpty(Math.max(0, found.length - MAX_ROWS)),
    };
  },

  render: ({ collaborators, not_shown: left = 0 }) =>
    collaborators.length === 0 ? "No collaborators." : [
      formatTable(["name", "account", "rights", "added", "keys"], collaborators.map(row)),
      ...(left === 0 ? [] : [`${left} more are not shown.`]),
    ].join("\n"),
});

function row(one: CollaboratorAnswer): readonly string[] {
  return [one.name, one.account, rightsOf(one), one.added_at ?? "", one.keys.join("; ")];
}
