import { z } from "zod";
import { ContainariumError, readChoice, type SshKey } from "../../client/mod.ts";
import { username } from "../schemas.ts";
import { defineTool, type ToolContext } from "../tool.ts";
import { change, changeAnswer, keyAnswer, renderChange, renderKey, shown } from "./answer.ts";

/** Shuts a key out, in both places; `DELETE /v1/containers/{username}/ssh-keys/{ssh_public_key}`. */
export const removeSshKey = defineTool({
  name: "remove_ssh_key",
  title: "Remove SSH key",
  description: "Shut an SSH key out of a container, and of the host as far as can be. " +
    "Sessions that are open stay.",
  effect: "destroy",
  idempotent: true,
  reach: "container",
  scopes: ["containers:read", "containers:write", "ssh:write"],
  input: z.strictObject({
    username,
    key: z.string().min(1)
      .describe("SHA256:… fingerprint, comment, or whole line (reaches the host when stopped)"),
  }),
  output: change,

  consent: async ({ username, key }, context) => {
    const last = await findLast(username, key, context);
    if (last === undefined) {
      return { agreed: { spareLast: true } };
    }
    if (last === "unseen") {
      return {
        question: {
          message:
            `Remove an SSH key of ${username}-container from the host? The container cannot be ` +
            "looked into now, so that this may be the last one, without which nobody can log in.",
          confirm: "Remove it, be it the last",
        },
      };
    }
    return {
      question: {
        message:
          `Remove the last SSH key of ${username}-container, ${renderKey(keyAnswer(last))}? ` +
          "Nobody can log in to it by SSH then.",
        confirm: `Remove the last key of ${username}-container`,
      },
    };
  },

  run: async ({ username, key }, { client, signal }, agreed) => {
    const options = { signal, spareLast: agreed?.spareLast ?? false, shown };
    return changeAnswer(await client.sshKeys.remove(username, key, options));
  },

  render: renderChange,
});

async function findLast(
  username: string,
  key: string,
  { client, signal }: ToolContext,
): Promise<SshKey | "unseen" | undefined> {
  try {
    return await client.sshKeys.findLast(username, key, { signal, shown });
  } catch (error) {
    if (!(error instanceof ContainariumError) || signal.aborted) throw error;
    // By its line it is removed from the host all the same.
    const reachesHost = readChoice(key).by === "line" && error.code === "failed_precondition";
    return reachesHost ? "unseen" : undefined;
  }
}
