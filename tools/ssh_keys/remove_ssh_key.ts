import { containerName } from "../../client/internal.ts";
import { z } from "zod";
import type { ContainariumClient, KeyOutlook, KeyRemovalPlan } from "../../client/mod.ts";
import { quoted } from "../text/quoted.ts";
import { username } from "../schemas.ts";
import { type ConsentQuestion, type ConsentRequest, defineTool } from "../tool.ts";
import { change, changeAnswer, renderChange, shownKeyText } from "./key_answer.ts";

/** Removes a key in both places: `DELETE /v1/containers/{username}/ssh-keys/{ssh_public_key}`. */
export const removeSshKey = defineTool({
  name: "remove_ssh_key",
  title: "Remove SSH key",
  description: "Revoke SSH access: remove a key from a container and, where possible, from the " +
    "host. Open sessions are not closed.",
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

  consent: async (args, { client, signal }): Promise<ConsentRequest<KeyRemovalPlan>> => {
    const key = await chosenKey(args, client, signal);
    const plan = await client.sshKeys.planRemoval(args.username, key, { signal });
    return { question: removalQuestion(args, plan), agreed: plan };
  },

  run: async (args, { client, signal }, agreed) => {
    const key = await chosenKey(args, client, signal);
    const change = await client.sshKeys.remove(args.username, key, { signal, agreed });
    return changeAnswer(change, "removed");
  },

  render: renderChange,
});

/** Returns the fingerprint for a comment that results show escaped or shortened; otherwise the key as given. */
async function chosenKey(
  { username, key }: { readonly username: string; readonly key: string },
  { sshKeys }: ContainariumClient,
  signal: AbortSignal,
): Promise<string> {
  if (!/\\u\{|\u2026$/.test(key)) return key;
  const { keys } = await sshKeys.list(username, { signal });
  const [match, other] = keys.filter(({ comment }) => shownKeyText(comment) === key);
  return match === undefined || other !== undefined ? key : match.fingerprint;
}

/** Returns the question before the last key is removed, or one that may be the last. */
function removalQuestion(
  { username, key: given }: { readonly username: string; readonly key: string },
  { key, container, host }: KeyRemovalPlan,
): ConsentQuestion | undefined {
  const risks = [containerRisks[container], hostRisks[host]].filter((risk) => risk !== undefined);
  if (risks.length === 0) return undefined;
  const which = key === undefined
    ? `the SSH key ${quoted(given)}`
    : `the SSH key ${key.type} ${key.fingerprint}` +
      (key.comment === "" ? "" : ` ${quoted(key.comment)}`);
  return {
    message: `Remove ${which} of ${containerName(username)}? ${risks.join(" ")}`,
    confirm: `Remove the key of ${containerName(username)}, even if it is the last`,
  };
}

const containerRisks: Readonly<Record<KeyOutlook, string | undefined>> = {
  "absent": undefined,
  "others stay": undefined,
  "last": "It is the last key in the container: nobody can then log in to it directly.",
  "unseen": "The keys in the container cannot be read, so it may be the last one there.",
};

const hostRisks: Readonly<Record<KeyOutlook, string | undefined>> = {
  "absent": undefined,
  "others stay": undefined,
  "last": "The host has one key for this user: if it is this one, nobody can then log in through " +
    "a sentinel.",
  "unseen": "The keys on the host cannot be counted, so it may be the last one there.",
};
