import { z } from "zod";
import { changeFields } from "../change.ts";
import { containerAnswer, renderContainer, username } from "../schemas.ts";
import { defineTool } from "../tool.ts";

/** Undoes a delete within its grace. */
export const undeleteContainer = defineTool({
  name: "undelete_container",
  title: "Undelete container",
  description: "Restore (bring back) a deleted container while lists show it as deleting.",
  effect: "write",
  idempotent: true,
  listedWith: { part: "delete_grace" },
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({ username }),
  output: z.strictObject(changeFields),

  run: async ({ username }, { client, signal }) => {
    const { changed, container } = await client.containers.undelete(username, { signal });
    return { changed, container: containerAnswer(container) };
  },

  render: ({ changed, container }) =>
    `${changed ? "Restored; it will not be deleted." : "It was not deleted."}\n` +
    renderContainer(container),
});
