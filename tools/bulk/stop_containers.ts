import { z } from "zod";
import { stopQuestion } from "../containers/stop_deletion.ts";
import { defineTool } from "../tool.ts";
import { bulkAnswer, nothingWorked, renderBulk } from "./bulk_answer.ts";
import { execute, options } from "./execute.ts";
import { changeStep } from "./state_change.ts";
import { select, selection } from "./selection.ts";

/** Stops several containers; `POST /v1/containers/{username}/stop` for each. */
export const stopContainers = defineTool({
  name: "stop_containers",
  title: "Stop containers",
  description: "Stop (shut down) several or all containers at once.",
  effect: "write",
  idempotent: true,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    ...selection,
    force: z.boolean().default(false).describe(
      "Kill them instead of shutting them down gracefully",
    ),
    ...options,
  }),
  output: bulkAnswer,

  consent: async (args, context) => {
    if (args.dry_run) return undefined;
    const found = (await select(args, context)).flatMap((one) =>
      one.kind === "found" ? [one.container] : []
    );
    return {
      question: stopQuestion(found, "Stop"),
      agreed: new Map(found.map((container) => [container.username, container])),
    };
  },

  run: async (args, context, agreed) => {
    const { dry_run: dryRun, wait_seconds: waitSeconds, force } = args;
    const { client: { containers }, signal } = context;
    const selected = await select(args, context);
    const steps = selected.map((one) =>
      changeStep(one, {
        to: "stopped",
        apply: (username) =>
          containers.stop(username, {
            force,
            signal,
            agreed: agreed === undefined ? undefined : { container: agreed.get(username) },
          }),
      })
    );
    return await execute(steps, { tool: "stop_containers", dryRun, waitSeconds }, context);
  },

  render: renderBulk,
  failed: nothingWorked,
});
