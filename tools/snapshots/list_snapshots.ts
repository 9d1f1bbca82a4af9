import { z } from "zod";
import { formatBytes, formatTable } from "../text/format.ts";
import { username } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { age, snapshot, type SnapshotAnswer, snapshotAnswer } from "./snapshot_answer.ts";

/** Lists a container's snapshots; `GET /v1/containers/{username}/snapshots`. */
export const listSnapshots = defineTool({
  name: "list_snapshots",
  title: "List snapshots",
  description: "List a container's snapshots (restore points), oldest first. Only hosts with ZFS " +
    "have them.",
  effect: "read",
  idempotent: true,
  scopes: ["containers:read"],
  input: z.strictObject({ username }),
  output: z.strictObject({
    snapshots: z.array(snapshot).describe("Oldest first"),
  }),

  run: async ({ username }, { client, signal }) => ({
    snapshots: (await client.snapshots.list(username, { signal })).map(snapshotAnswer),
  }),

  render: ({ snapshots }) =>
    snapshots.length === 0
      ? "No snapshots."
      : formatTable(["name", "age", "used", "holds"], snapshots.map(row)),
});

function row(from: SnapshotAnswer): readonly string[] {
  const takenAt = from.taken_at === undefined ? undefined : new Date(from.taken_at);
  return [
    from.name,
    age(takenAt),
    formatBytes(from.used_bytes),
    formatBytes(from.referenced_bytes),
  ];
}
