import { z } from "zod";
import { container, containerAnswer, username } from "../schemas.ts";
import { defineTool } from "../tool.ts";

/** Stops one container; `POST /v1/containers/{username}/stop`. */
export const stopContainer = defineTool({
  name: "stop_container",
  title: "Stop container",
  description:
    "Stop a running container, gracefully unless `force`. A stopped one is left as it is.",
  effect: "write",
  idempotent: true,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    username,
    force: z.boolean().default(false).describe("Kill it instead of shutting it down"),
  }),
  output: z.strictObject({
    changed: z.boolean().describe("False if it was stopped already"),
    container,
  }),

  run: async ({ username, force }, { client, signal }) => {
    const { changed, container } = await client.containers.stop(username, { force, signal });
    return { changed, container: containerAnswer(container) };
  },

  render: ({ changed, container }) =>
    changed
      ? `Stopped ${container.username}'s container.`
      : `${container.username}'s container was stopped already.`,
});
