import { z } from "zod";
import { formatBytes } from "../text/format.ts";
import { snapshotWithin } from "../admission/snapshot_quota.ts";
import { username } from "../schemas.ts";
import { ownPrefix } from "../snapshot_before/snapshot_before.ts";
import { defineTool } from "../tool.ts";
import { snapshot, snapshotAnswer, snapshotName } from "./snapshot_answer.ts";

/** Takes a snapshot; `POST /v1/containers/{username}/snapshots`. */
export const createSnapshot = defineTool({
  name: "create_snapshot",
  title: "Create snapshot",
  description: "Save the current state of a container's disk as a snapshot, e.g. before a risky " +
    "change. Running or not; memory is not saved. It is on the same disk, so it is not a backup.",
  effect: "write",
  idempotent: false,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    username,
    name: snapshotName.refine(
      (name) => !name.startsWith(ownPrefix),
      `${ownPrefix} begins the names of snapshots that this server takes, and removes, by itself`,
    ).optional()
      .describe("Letters, digits, . _ -; default: the time, e.g. 20261121T104500Z"),
  }),
  output: z.strictObject({ snapshot }),

  run: async ({ username, name }, context) => {
    const { client, signal } = context;
    const options = name === undefined ? { signal } : { signal, name };
    const taken = await snapshotWithin(
      username,
      context,
      () => client.snapshots.create(username, options),
    );
    return { snapshot: snapshotAnswer(taken) };
  },

  render: ({ snapshot: { name, referenced_bytes: bytes } }) =>
    `Took snapshot "${name}" (${formatBytes(bytes)}).`,
});
