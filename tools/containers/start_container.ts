import { z } from "zod";
import { changeFields } from "../change.ts";
import { diskWarningsOf, distinctWarnings } from "../host/limits.ts";
import { containerAnswer, renderContainer, username } from "../schemas.ts";
import { defineTool } from "../tool.ts";

/** Starts one container; `POST /v1/containers/{username}/start`. */
export const startContainer = defineTool({
  name: "start_container",
  title: "Start container",
  description: "Start (boot, turn on) a stopped container and wait for its address. A running " +
    "one is left as it is.",
  effect: "write",
  idempotent: true,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({ username }),
  output: z.strictObject(changeFields),

  run: async ({ username }, { client, signal }) => {
    const { changed, container } = await client.containers.start(username, { signal });
    return {
      changed,
      container: containerAnswer(container),
      warnings: distinctWarnings(await diskWarningsOf(container, client, { signal })),
    };
  },

  render: ({ changed, container, warnings = [] }) =>
    [
      changed ? "Started." : "It was already running.",
      renderContainer(container),
      ...warnings,
    ].join("\n"),
});
