import { getLogs } from "../logs/get_logs.ts";
import { defineResource } from "../resource.ts";
import { usernameVariable } from "./known_names.ts";
import { outputOf } from "./tool_text.ts";

/** Shows the end of a container's journal, as `get_logs` does. */
export const logsResource = defineResource({
  uri: "containarium://containers/{username}/logs",
  name: "logs",
  title: "Log of a container",
  description: "The newest 100 entries of the journal of a running container",
  mimeType: "text/plain",
  priority: 0.7,
  tools: ["get_logs"],
  reach: "container",
  variables: { username: usernameVariable },
  read: async ({ username }, context) => {
    const output = await outputOf(getLogs, { username }, context);
    const newest = output.entries?.at(-1)?.time;
    return {
      text: getLogs.render(output),
      lastModified: newest === undefined ? undefined : new Date(newest),
    };
  },
  state: async ({ username }, shared, context) => {
    const container = await shared.container(username);
    // Checks first, so that no terminal is opened for nothing.
    if (container?.state !== "running") return container?.state ?? "none";
    const { entries = [], partial = "" } = await outputOf(getLogs, { username }, context);
    return JSON.stringify([partial, entries]);
  },
});
