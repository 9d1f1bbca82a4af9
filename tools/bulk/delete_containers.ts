import { z } from "zod";
import { defineTool } from "../tool.ts";
import { bulkAnswer, nothingWorked, renderBulk } from "./bulk_answer.ts";
import { execute, options } from "./execute.ts";
import { deletionQuestion, deletionStep, doomedOf, refuseOtherCount } from "./deletion.ts";
import { isSelector, select, selection } from "./selection.ts";

/** Deletes several containers; `DELETE /v1/containers/{username}` for each. */
export const deleteContainers = defineTool({
  name: "delete_containers",
  title: "Delete containers",
  description: "Delete several containers with their disks, permanently, and the users' accounts " +
    "on the host. Skips protected ones.",
  effect: "destroy",
  idempotent: true,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    ...selection,
    expected_count: z.int().optional().describe("How many; required unless all are named"),
    ...options,
  }),
  output: bulkAnswer,

  consent: async (args, context) => {
    if (args.dry_run) return undefined;
    const selected = await select(args, context);
    refuseOtherCount(args, selected, args.expected_count);
    const doomed = doomedOf(selected);
    return {
      question: doomed.length === 0 ? undefined : deletionQuestion(doomed),
      agreed: new Map(doomed.map((container) => [container.username, container])),
    };
  },

  run: async (args, context, agreed) => {
    const { dry_run: dryRun, wait_seconds: waitSeconds, expected_count: expected } = args;
    const { client: { containers }, signal } = context;
    const selected = await select(args, context);
    if (!dryRun) refuseOtherCount(args, selected, expected);
    const steps = selected.map((one) =>
      deletionStep(
        one,
        agreed,
        (username, agreed) => containers.delete(username, { signal, agreed }),
      )
    );
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
