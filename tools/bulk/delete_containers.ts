import { z } from "zod";
import { keepLeftovers, leaveLeftovers, removeLeftovers } from "../leftovers/leftover_answer.ts";
import { planDeletion } from "../grace/planned_deletion.ts";
import { deletePolicy, deleteRecoverably, permanently } from "../grace/recoverable_delete.ts";
import { defineTool, type ToolContext } from "../tool.ts";
import { bulkAnswer, nothingWorked, renderBulk } from "./bulk_answer.ts";
import { execute, options } from "./execute.ts";
import {
  deletedForGood,
  deletionQuestion,
  deletionStep,
  type DeletionWork,
  type Doomed,
  doomedOf,
  type KeptLists,
  refuseOtherCount,
} from "./deletion.ts";
import { isSelector, select, selection } from "./selection.ts";

/** Deletes several containers; `DELETE /v1/containers/{username}` for each. */
export const deleteContainers = defineTool({
  name: "delete_containers",
  title: "Delete containers",
  description: "Delete several containers with their disks, permanently, the users' accounts " +
    "on the host and what else the daemon keeps under their names; not their backups. Skips " +
    "protected ones.",
  effect: "destroy",
  idempotent: true,
  listedWith: { part: "delete_grace", arguments: ["permanently"] },
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    ...selection,
    expected_count: z.int().optional().describe("How many; required unless all are named"),
    "keep_leftovers": keepLeftovers.describe("As in delete_container"),
    permanently: permanently.describe("As in delete_container"),
    ...options,
  }),
  output: bulkAnswer,

  consent: async (args, context) => {
    if (args.dry_run) return undefined;
    const selected = await select(args, context);
    refuseOtherCount(args, selected, args.expected_count);
    const policy = await deletePolicy(args.permanently, context);
    const doomed = doomedOf(selected, (container) => planDeletion(container, policy));
    const isKept = args.keep_leftovers;
    const kept = await keptFor(doomed, context);
    return {
      question: doomed.length === 0 ? undefined : deletionQuestion(doomed, kept, isKept),
      agreed: new Map(doomed.map(({ container, graceSeconds }) => {
        const { leftovers = [] } = kept.get(container.username) ?? {};
        return [container.username, { container, leftovers, graceSeconds }];
      })),
    };
  },

  run: async (args, context, agreed) => {
    const { dry_run: dryRun, wait_seconds: waitSeconds, expected_count: expected } = args;
    const { keep_leftovers: isKept } = args;
    const { client: { containers }, signal } = context;
    const selected = await select(args, context);
    if (!dryRun) refuseOtherCount(args, selected, expected);
    const policy = await deletePolicy(args.permanently, context);
    const plan: DeletionWork["plan"] = (container) => planDeletion(container, policy);
    const kept = dryRun ? await keptFor(doomedOf(selected, plan), context) : nothingKept;
    const why = "delete_containers";
    const work: DeletionWork = {
      plan,
      deleteLater: (username, agreed, graceSeconds) =>
        deleteRecoverably(username, { agreed, graceSeconds, why }, context),
      delete: (username, agreed) => containers.delete(username, { signal, agreed }),
      isKept,
      clean: (container, agreed) =>
        (isKept ? leaveLeftovers : removeLeftovers)(container, agreed, context),
    };
    const steps = selected.map((one) => deletionStep(one, agreed, kept, work));
    const answer = await execute(
      steps,
      { tool: "delete_containers", dryRun, waitSeconds },
      context,
    );
    if (!dryRun || !isSelector(args) || selected.length === 0) return answer;
    return { ...answer, next: `to delete them, pass expected_count=${selected.length}` };
  },

  render: renderBulk,
  failed: nothingWorked,
});

const nothingKept: KeptLists = new Map();

/** Reads what the daemon keeps for containers that would be deleted for good. */
async function keptFor(
  doomed: readonly Doomed[],
  { client, signal }: ToolContext,
): Promise<KeptLists> {
  const lost = deletedForGood(doomed);
  return lost.length === 0 ? nothingKept : await client.leftovers.listAll(lost, { signal });
}
