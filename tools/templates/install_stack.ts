import { containerName, visible } from "../../client/internal.ts";
import { z } from "zod";
import { waitSeconds } from "../fields.ts";
import { username } from "../schemas.ts";
import {
  renderSnapshot,
  type SnapshotBefore,
  snapshotBefore,
  snapshotFields,
  withSnapshot,
} from "../snapshot_before/snapshot_before.ts";
import { defineTool } from "../tool.ts";

/** Installs a stack; `POST /v1/containers/{username}/install-stack`. */
export const installStack = defineTool({
  name: "install_stack",
  title: "Install stack",
  description: "Install a stack (e.g. Node.js, Python, database clients) of list_templates in a " +
    "running container. Takes minutes; call again to keep waiting.",
  effect: "write",
  idempotent: false,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    username: z.string().pipe(username).describe("Owner"),
    stack: z.string().describe("e.g. nodejs"),
    wait_seconds: waitSeconds.describe("How long to wait; it continues after that"),
  }),
  output: z.strictObject({
    installed: z.boolean().describe("False: still being installed; call again to keep waiting"),
    message: z.string().optional().describe("The daemon's message"),
    next: z.string().describe("What is unknown, and what to call next"),
    ...snapshotFields,
  }),

  run: async ({ username, stack, wait_seconds: waitSeconds }, context) => {
    const { client, signal, progress } = context;
    const name = containerName(username);
    progress(1, 2, `Installing ${visible(stack)} in ${name}`);
    let snapshot: SnapshotBefore = {};
    const result = await client.stacks.install(username, stack, {
      waitMs: waitSeconds * 1_000,
      signal,
      before: async (signal) => {
        snapshot = await snapshotBefore("install_stack", username, { ...context, signal });
      },
    }).catch((error: unknown) => {
      throw withSnapshot(error, snapshot);
    });
    if (!result.done) {
      return {
        ...snapshot,
        installed: false,
        next: `It is being installed in ${name}, even if this client disconnects. Next: ` +
          "install_stack with the same arguments, which keeps waiting and reports the result",
      };
    }
    return {
      ...snapshot,
      installed: true,
      message: visible(result.message),
      next: "The daemon ignores errors of the stack's own commands before and after its " +
        "packages. Next: check with run_command that what is needed is there",
    };
  },

  render: ({ message = "Not ready yet.", next, ...snapshot }) =>
    [message, ...renderSnapshot(snapshot), next].join("\n"),
});
