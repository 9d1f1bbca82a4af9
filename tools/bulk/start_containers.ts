import { z } from "zod";
import { defineTool } from "../tool.ts";
import { bulkAnswer, nothingWorked, renderBulk } from "./bulk_answer.ts";
import { execute, options } from "./execute.ts";
import { changeStep } from "./state_change.ts";
import { select, selection } from "./selection.ts";

/** Starts several containers; `POST /v1/containers/{username}/start` for each. */
export const startContainers = defineTool({
  name: "start_containers",
  title: "Start containers",
  description: "Start several or all containers at once.",
  effect: "write",
  idempotent: true,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({ ...selection, ...options }),
  output: bulkAnswer,

  run: async ({ dry_run: dryRun, wait_seconds: waitSeconds, ...which }, context) => {
    const { client: { containers }, signal } = context;
    const selected = await select(which, context);
    const steps = selected.map((one) =>
      changeStep(one, {
        to: "running",
        apply: (username) => containers.start(username, { signal }),
      })
    );
    return await execute(steps, { tool: "start_containers", dryRun, waitSeconds }, context);
  },

  render: renderBulk,
  failed: nothingWorked,
});
