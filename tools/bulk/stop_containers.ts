import { z } from "zod";
import { defineTool } from "../tool.ts";
import { bulkAnswer, nothingWorked, renderBulk } from "./answer.ts";
import { carryOut } from "./carry_out.ts";
import { changeStep } from "./change.ts";
import { options } from "./options.ts";
import { select, selection } from "./selection.ts";

/** Stops several containers; `POST /v1/containers/{username}/stop` for each. */
export const stopContainers = defineTool({
  name: "stop_containers",
  title: "Stop containers",
  description: "Stop several containers, gracefully unless `force`.",
  effect: "write",
  idempotent: true,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    ...selection,
    force: z.boolean().default(false).describe("Kill them"),
    ...options,
  }),
  output: bulkAnswer,

  run: async ({ dry_run: dryRun, wait_seconds: waitSeconds, force, ...which }, context) => {
    const { client: { containers }, signal } = context;
    const selected = await select(which, context);
    const steps = selected.map((one) =>
      changeStep(one, {
        to: "stopped",
        apply: (username) => containers.stop(username, { force, signal }),
      })
    );
    return await carryOut(steps, { tool: "stop_containers", dryRun, waitSeconds }, context);
  },

  render: renderBulk,
  failed: nothingWorked,
});
