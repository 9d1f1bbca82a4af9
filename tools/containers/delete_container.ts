import { z } from "zod";
import type { AgreedContainer, Container } from "../../client/mod.ts";
import { containerName, systemAccounts } from "../../client/internal.ts";
import { username } from "../schemas.ts";
import { diskOf } from "../text/quoted.ts";
import { type ConsentQuestion, type ConsentRequest, defineTool } from "../tool.ts";

/** Deletes one container; `DELETE /v1/containers/{username}`. */
export const deleteContainer = defineTool({
  name: "delete_container",
  title: "Delete container",
  description: "Delete (destroy) a container and everything on its disk, permanently; a running " +
    "one is stopped first. Also removes the user's account on the host.",
  effect: "destroy",
  idempotent: true,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    username,
    force: z.boolean().default(false).describe("Kill it first instead of shutting it down"),
  }),
  output: z.strictObject({
    deleted: z.boolean().describe("False if there was no such container"),
    container_name: z.string().describe("Name of the container"),
    protection_checked: z.boolean().optional()
      .describe("False: not checked, as it was on another host; absent: checked"),
  }),

  consent: async ({ username }, { client, signal }): Promise<ConsentRequest<AgreedContainer>> => {
    const found = await client.containers.find(username, { signal });
    // Nothing is lost if there is no container, or if the deletion will be refused.
    if (found === undefined || found.state === "failed" || found.isProtected) {
      return { agreed: {} };
    }
    return { question: deletionQuestion(username, found), agreed: { container: found } };
  },

  run: async ({ username, force }, { client, signal }, agreed) => {
    const options = { force, signal, agreed };
    const result = await client.containers.delete(username, options);
    return {
      deleted: result.deleted,
      container_name: result.name,
      protection_checked: result.protectionChecked ? undefined : false,
    };
  },

  render: ({ deleted, container_name: name, protection_checked: isChecked = true }) => {
    if (!deleted) return `There is no ${name}; nothing was deleted.`;
    return isChecked
      ? `Deleted ${name}.`
      : `Deleted ${name}. Whether it was protected could not be checked: it was on another host.`;
  },
});

/** Uses the username of the request, not the name that the daemon reports. */
function deletionQuestion(username: string, container: Container): ConsentQuestion {
  const { state } = container;
  const account = systemAccounts.has(username)
    ? ` "${username}" is a SYSTEM ACCOUNT of the host: the daemon removes it and its home too.`
    : ` The host account ${username}, if there is one, is removed with its home.`;
  return {
    message: `Delete ${containerName(username)} (${state}) and everything on ${
      diskOf(container)
    }, permanently?${account}`,
    confirm: `Delete ${containerName(username)}`,
  };
}
