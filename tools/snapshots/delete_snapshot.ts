import { z } from "zod";
import { containerName, formatTime } from "../../client/internal.ts";
import { formatBytes } from "../text/format.ts";
import { username } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { snapshotName } from "./snapshot_answer.ts";

/** Deletes a snapshot; `DELETE /v1/containers/{username}/snapshots/{name}`. */
export const deleteSnapshot = defineTool({
  name: "delete_snapshot",
  title: "Delete snapshot",
  description: "Delete a container's snapshot permanently, which frees disk space.",
  effect: "destroy",
  idempotent: true,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({ username, name: snapshotName }),
  output: z.strictObject({
    name: z.string().describe("Name of the snapshot"),
    deleted: z.boolean().describe("False if there was no such snapshot"),
    freed_bytes: z.number().describe("Disk space that it freed"),
  }),

  consent: async ({ username, name }, { client, signal }) => {
    const agreed = await client.snapshots.look(username, name, { signal });
    const { snapshot } = agreed;
    if (snapshot === undefined) return { agreed };
    // An age would change while the question is open.
    const taken = snapshot.takenAt === undefined ? "" : ` (taken ${formatTime(snapshot.takenAt)})`;
    return {
      question: {
        message:
          `Delete the snapshot "${name}"${taken} of ${containerName(username)}, permanently? ` +
          `It frees ${formatBytes(snapshot.usedBytes)} and cannot be undone.`,
        confirm: `Delete the snapshot ${name}`,
      },
      agreed,
    };
  },

  run: async ({ username, name }, { client, signal }, agreed) => {
    const options = { signal, agreed };
    const { deleted, freedBytes } = await client.snapshots.delete(username, name, options);
    return { name, deleted, freed_bytes: freedBytes };
  },

  render: ({ name, deleted, freed_bytes: bytes }) =>
    deleted
      ? `Deleted snapshot "${name}"; ${formatBytes(bytes)} freed.`
      : `There is no snapshot "${name}"; nothing was deleted.`,
});
