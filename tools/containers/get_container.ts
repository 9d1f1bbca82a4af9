import { z } from "zod";
import { container, containerAnswer, renderContainer, username } from "../schemas.ts";
import { defineTool } from "../tool.ts";

/** Reads one container; `GET /v1/containers/{username}`. */
export const getContainer = defineTool({
  name: "get_container",
  title: "Get container",
  description: "Show one container: state, address, limits, labels.",
  effect: "read",
  idempotent: true,
  scopes: ["containers:read"],
  input: z.strictObject({ username }),
  output: z.strictObject({ container }),

  run: async ({ username }, { client, signal }) => ({
    container: containerAnswer(await client.containers.get(username, { signal })),
  }),

  render: ({ container }) =>
    container.state === "failed"
      ? `${container.username} has no container: the last attempt to create one failed.`
      : renderContainer(container),
});
