import { z } from "zod";
import { username } from "../schemas.ts";
import { defineTool } from "../tool.ts";

/** Deletes one container; `DELETE /v1/containers/{username}`. */
export const deleteContainer = defineTool({
  name: "delete_container",
  title: "Delete container",
  description: "Delete a container and everything on its disk, for good; a running one is " +
    "stopped first. Also removes the user's account on the host.",
  effect: "destroy",
  idempotent: true,
  scopes: ["containers:write"],
  input: z.strictObject({
    username,
    force: z.boolean().default(false).describe("Kill it first instead of shutting it down"),
  }),
  output: z.strictObject({
    deleted: z.string().describe("Name of the container that is gone"),
  }),

  run: async ({ username, force }, { client, signal }) => ({
    deleted: (await client.containers.delete(username, { force, signal })).name,
  }),

  render: ({ deleted }) => `Deleted ${deleted}.`,
});
