import { z } from "zod";
import type { RestorePlan, RestoreStep } from "../../client/mod.ts";
import { containerName, formatTime, visible } from "../../client/internal.ts";
import { unlessEmpty } from "../lean.ts";
import { container, containerAnswer, username } from "../schemas.ts";
import { type ConsentQuestion, defineTool } from "../tool.ts";
import { deletionAfterStop, startsDeletion } from "../containers/stop_deletion.ts";
import { quoted } from "../text/quoted.ts";
import { snapshotName } from "./snapshot_answer.ts";

/**
 * Restores a container's disk to a snapshot;
 * `POST /v1/containers/{username}/snapshots/{name}/rollback`.
 */
export const restoreSnapshot = defineTool({
  name: "restore_snapshot",
  title: "Restore snapshot",
  description: "Undo changes: roll a container's disk back to a snapshot. Everything written " +
    "since is lost, and what runs in it is killed.",
  effect: "destroy",
  idempotent: false,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    username,
    name: snapshotName,
    start: z.boolean().default(true).describe("Start it again if it was running"),
    discard_newer: z.boolean().default(false)
      .describe("Destroy newer snapshots; refused otherwise"),
  }),
  output: z.strictObject({
    steps: z.array(z.enum(["stop", "rollback", "start"])).describe("What was done, in order"),
    discarded: z.array(z.string()).optional()
      .describe("Names of newer snapshots that were destroyed; absent: none"),
    container,
  }),

  consent: async (args, { client, signal }) => {
    const plan = await client.snapshots.planRestore(args.username, args.name, {
      signal,
      discardNewer: args.discard_newer,
    });
    return { question: restoreQuestion(args, plan), agreed: plan };
  },

  run: async (args, { client, signal, progress }, agreed) => {
    const { username, name, start } = args;
    const { steps, discarded, container } = await client.snapshots.restore(username, name, {
      signal,
      start,
      discardNewer: args.discard_newer,
      onStep: (step, steps) =>
        progress(steps.indexOf(step), steps.length, `${containerName(username)}: ${doing[step]}`),
      agreed,
    });
    return {
      steps: [...steps],
      discarded: unlessEmpty(discarded.map(visible)),
      container: containerAnswer(container),
    };
  },

  render: ({ steps, discarded = [], container: { username, state } }) =>
    [
      `${containerName(username)}: ${
        steps.map((step) => done[step]).join(", ")
      }; it is ${state} now.`,
      ...(discarded.length > 0 ? [`Destroyed newer snapshots: ${discarded.join(", ")}`] : []),
    ].join("\n"),
});

const doing: Readonly<Record<RestoreStep, string>> = {
  stop: "stopping",
  rollback: "rolling back",
  start: "starting",
};

const done: Readonly<Record<RestoreStep, string>> = {
  stop: "stopped",
  rollback: "rolled back",
  start: "started",
};

function restoreQuestion(
  { username, name, start }: Readonly<{ username: string; name: string; start: boolean }>,
  { container, snapshot: { takenAt }, newer, isRunning }: RestorePlan,
): ConsentQuestion {
  // An age would change while the question is open.
  const taken = takenAt === undefined ? "" : `, taken ${formatTime(takenAt)}`;
  const then = start ? "starts again" : "stays stopped";
  const names = newer.map((snapshot) => quoted(snapshot.name)).join(", ");
  const lost = [
    "everything written since then",
    ...(newer.length === 0 ? [] : [`the newer snapshots ${names}`]),
    ...(isRunning ? [`running processes (the container then ${then})`] : []),
    ...(!start && startsDeletion(container)
      ? [
        `the container itself, which is deleted ${
          deletionAfterStop(container)
        }, unless it is started before`,
      ]
      : []),
  ];
  return {
    message: `Restore ${containerName(username)} to snapshot "${name}"${taken}? ` +
      `Permanently lost: ${lost.join("; ")}.` + (
        start && startsDeletion(container)
          ? ` Its stop starts its deletion (${deletionAfterStop(container)}), which the start ` +
            "prevents: if it cannot be started in time, it is lost."
          : ""
      ),
    confirm: `Restore ${containerName(username)} to ${name}`,
  };
}
