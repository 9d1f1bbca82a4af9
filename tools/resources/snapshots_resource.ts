import type { Snapshot } from "../../client/mod.ts";
import { defineResource } from "../resource.ts";
import { listSnapshots } from "../snapshots/list_snapshots.ts";
import { snapshotVariable, usernameVariable } from "./known_names.ts";
import { outputOf } from "./tool_text.ts";

/** Lists a container's snapshots, as `list_snapshots` does. */
export const snapshotsResource = defineResource({
  uri: "containarium://containers/{username}/snapshots",
  name: "snapshots",
  title: "Snapshots of a container",
  description: "The snapshots of one container, oldest first",
  mimeType: "text/plain",
  priority: 0.5,
  tools: ["list_snapshots"],
  variables: { username: usernameVariable },
  read: async ({ username }, context) => {
    const output = await outputOf(listSnapshots, { username }, context);
    return { text: listSnapshots.render(output), lastModified: lastOf(output.snapshots) };
  },
  state: async ({ username }, _shared, { client, signal }) =>
    namesOf(await client.snapshots.list(username, { signal })),
});

/** Shows one snapshot. */
export const snapshotResource = defineResource({
  uri: "containarium://containers/{username}/snapshots/{snapshot}",
  name: "snapshot",
  title: "Snapshot of a container",
  description: "One snapshot of one container: when it was taken, and what it holds",
  mimeType: "text/plain",
  priority: 0.3,
  tools: ["list_snapshots"],
  variables: { username: usernameVariable, snapshot: snapshotVariable },
  read: async ({ username, snapshot }, context) => {
    const output = await outputOf(listSnapshots, { username }, context);
    const snapshots = output.snapshots.filter(({ name }) => name === snapshot);
    if (snapshots.length === 0) return undefined;
    return { text: listSnapshots.render({ snapshots }), lastModified: lastOf(snapshots) };
  },
  state: async ({ username, snapshot }, _shared, { client, signal }) => {
    const snapshots = await client.snapshots.list(username, { signal });
    return namesOf(snapshots.filter(({ name }) => name === snapshot));
  },
});

/** Compares only which snapshots exist: sizes grow while the container writes. */
function namesOf(snapshots: readonly Snapshot[]): string {
  return JSON.stringify(snapshots.map(({ name }) => name));
}

function lastOf(
  snapshots: readonly { readonly taken_at?: string | undefined }[],
): Date | undefined {
  const last = snapshots.map(({ taken_at: takenAt = "" }) => takenAt).toSorted().at(-1) ?? "";
  return last === "" ? undefined : new Date(last);
}
