import { z } from "zod";
import type { AgreedContainer } from "../../client/mod.ts";
import { changeFields } from "../change.ts";
import { containerAnswer, username } from "../schemas.ts";
import { withTimeLeft } from "../text/time_left.ts";
import { type ConsentRequest, defineTool } from "../tool.ts";
import { stopQuestion } from "./stop_deletion.ts";

/** Stops one container; `POST /v1/containers/{username}/stop`. */
export const stopContainer = defineTool({
  name: "stop_container",
  title: "Stop container",
  description: "Stop (shut down, turn off) a running container. A " +
    "stopped one is left as it is.",
  effect: "write",
  idempotent: true,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    username,
    force: z.boolean().default(false).describe("Kill it instead of shutting it down gracefully"),
  }),
  output: z.strictObject(changeFields),

  consent: async ({ username }, { client, signal }): Promise<ConsentRequest<AgreedContainer>> => {
    const container = await client.containers.findWhole(username, { signal });
    if (container === undefined) return { agreed: {} };
    return { question: stopQuestion([{ ...container, username }], "Stop"), agreed: { container } };
  },

  run: async ({ username, force }, { client, signal }, agreed) => {
    const options = { force, signal, agreed };
    const { changed, container } = await client.containers.stop(username, options);
    return { changed, container: containerAnswer(container) };
  },

  render: ({ changed, container }) =>
    [
      changed
        ? `Stopped ${container.username}'s container.`
        : `${container.username}'s container was already stopped.`,
      ...(container.deletion_at === undefined ? [] : [
        `It will be deleted with its disk at ${withTimeLeft(new Date(container.deletion_at))}, ` +
        "unless it is started before then.",
      ]),
    ].join("\n"),
});
