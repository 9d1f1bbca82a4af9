import { z } from "zod";
import type {
  AgreedContainer,
  Container,
  Leftover,
  LeftoverList,
  LeftoverOwner,
} from "../../client/mod.ts";
import { containerName, leftoverKinds, systemAccounts } from "../../client/internal.ts";
import { recoverableQuestion, untilGone } from "../grace/grace_words.ts";
import { planDeletion } from "../grace/planned_deletion.ts";
import {
  deletePolicy,
  deleteRecoverably,
  permanently,
  recoverableAnswer,
  recoverableFields,
} from "../grace/recoverable_delete.ts";
import {
  keepLeftovers,
  leaveLeftovers,
  leftoverAnswer,
  leftoverFields,
  removeLeftovers,
  renderLeftovers,
} from "../leftovers/leftover_answer.ts";
import { leftoverQuestion } from "../leftovers/leftover_question.ts";
import { leftoverNames } from "../leftovers/leftover_words.ts";
import { username } from "../schemas.ts";
import { diskOf } from "../text/quoted.ts";
import { type ConsentQuestion, type ConsentRequest, defineTool } from "../tool.ts";

/** What the user agreed to lose. */
interface AgreedDeletion extends AgreedContainer {
  /** For how many seconds it can be recovered. Absent: it is deleted for good. */
  readonly graceSeconds?: number;
  /** What the daemon kept under the name, and whose it was. */
  readonly kept?: { readonly owner: LeftoverOwner; readonly leftovers: readonly Leftover[] };
}

/** Deletes one container; `DELETE /v1/containers/{username}`. */
export const deleteContainer = defineTool({
  name: "delete_container",
  title: "Delete container",
  description: "Delete (destroy) a container and everything on its disk, permanently; a running " +
    "one is stopped first. Also removes the user's account on the host, and what else the daemon " +
    "keeps under the name; not its backups.",
  effect: "destroy",
  idempotent: true,
  listedWith: { part: "delete_grace", arguments: ["permanently"] },
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    username,
    force: z.boolean().default(false).describe("Kill it first instead of shutting it down"),
    "keep_leftovers": keepLeftovers,
    permanently,
  }),
  output: z.strictObject({
    deleted: z.boolean().describe("False if there was no such container"),
    container_name: z.string().describe("Name of the container"),
    protection_checked: z.boolean().optional()
      .describe("False: not checked, as it was on another host; absent: checked"),
    ...recoverableFields,
    ...leftoverFields,
  }),

  consent: async (
    { username, keep_leftovers: isKept, permanently },
    { client, signal, policy: read },
  ): Promise<ConsentRequest<AgreedDeletion>> => {
    const policy = await deletePolicy(permanently, { policy: read });
    // Only a list reports what a stop starts.
    const found = policy.deleteGrace === undefined
      ? await client.containers.find(username, { signal })
      : await client.containers.findWhole(username, { signal });
    // The deletion will be refused.
    if (found?.isProtected) return { agreed: {} };
    const container = found?.state === "failed" ? undefined : found;
    const plan = container && planDeletion(container, policy);
    if (plan?.kind === "refused") throw plan.error;
    if (container !== undefined && plan !== undefined && plan.kind !== "permanent") {
      const { kind, graceSeconds } = plan;
      const question = recoverableQuestion(username, container, graceSeconds);
      return {
        question: kind === "already" ? undefined : question,
        agreed: { container, graceSeconds },
      };
    }
    if (container === undefined && isKept) return { agreed: {} };
    const owner = { username, ipAddress: container?.ipAddress };
    const kinds = container === undefined ? removable : undefined;
    const list = await client.leftovers.list(owner, { signal, kinds });
    const { leftovers } = list;
    const kept = { owner, leftovers };
    if (container === undefined) {
      return { question: leftoversQuestion(username, leftovers), agreed: { kept } };
    }
    const question = deletionQuestion(username, container, list, isKept);
    return { question, agreed: { container, kept } };
  },

  run: async ({ username, force, keep_leftovers: isKept }, { client, signal }, agreed) => {
    if (agreed?.graceSeconds !== undefined) {
      const { graceSeconds } = agreed;
      const options = { force, agreed, graceSeconds, why: "delete_container" };
      const container = await deleteRecoverably(username, options, { client, signal });
      return {
        deleted: container !== undefined,
        container_name: containerName(username),
        ...(container && recoverableAnswer(container)),
      };
    }
    const result = await client.containers.delete(username, { force, signal, agreed });
    const { owner, leftovers } = agreed?.kept ?? { owner: { username }, leftovers: [] };
    const end = isKept ? leaveLeftovers : removeLeftovers;
    const left = leftoverAnswer(await end(owner, leftovers, { client, signal }));
    return {
      deleted: result.deleted,
      container_name: result.name,
      protection_checked: result.protectionChecked ? undefined : false,
      ...left,
    };
  },

  render: ({ deleted, container_name: name, protection_checked: isChecked = true, ...left }) => {
    if (left.deletes_in_seconds !== undefined) {
      const username = name.slice(0, -"-container".length);
      return `Deleted ${name}: stopped, and ${untilGone(username, left.deletes_in_seconds)}. ` +
        "What the daemon keeps under the name (domains, secrets) stays.";
    }
    const isClean = left.also_removed === undefined;
    const first = deleted
      ? `Deleted ${name}.`
      : `There is no ${name}${isClean ? "; nothing was deleted" : ""}.`;
    const unchecked = "Whether it was protected could not be checked: it was on another host.";
    return [isChecked ? first : `${first} ${unchecked}`, ...renderLeftovers(left)].join("\n");
  },
});

/** Kinds that can be seen without a container. */
const removable = leftoverKinds.filter((kind) => kind !== "access_rules");

/** Returns the question where only what an earlier container left is lost. */
function leftoversQuestion(
  username: string,
  leftovers: readonly Leftover[],
): ConsentQuestion | undefined {
  if (leftovers.length === 0) return undefined;
  const name = containerName(username);
  return {
    message: `There is no ${name}. Remove what the daemon keeps under its name: ${
      leftoverNames(leftovers)
    }?`,
    confirm: `Remove what is kept for ${name}`,
  };
}

/** Uses the username of the request, not the name that the daemon reports. */
function deletionQuestion(
  username: string,
  container: Container,
  list: LeftoverList,
  isKept: boolean,
): ConsentQuestion {
  const { state } = container;
  const account = systemAccounts.has(username)
    ? ` "${username}" is a SYSTEM ACCOUNT of the host: the daemon removes it and its home too.`
    : ` The host account ${username}, if there is one, is removed with its home.`;
  return {
    message: `Delete ${containerName(username)} (${state}) and everything on ${
      diskOf(container)
    }, permanently?${account}${leftoverQuestion(list, isKept)}`,
    confirm: `Delete ${containerName(username)}`,
  };
}
