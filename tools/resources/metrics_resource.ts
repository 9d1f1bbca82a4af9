import { getMetrics } from "../containers/get_metrics.ts";
import { defineResource } from "../resource.ts";
import { usernameVariable } from "./known_names.ts";
import { textOf } from "./tool_text.ts";

/** Shows what one container uses, as `get_metrics` does. */
export const metricsResource = defineResource({
  uri: "containarium://containers/{username}/metrics",
  name: "metrics",
  title: "Metrics of a container",
  description: "How much CPU, memory, disk and network one container has used since it started",
  mimeType: "text/plain",
  priority: 0.6,
  tools: ["get_metrics"],
  variables: { username: usernameVariable },
  read: async ({ username }, context) => ({
    text: await textOf(getMetrics, { username }, context),
  }),
  state: async ({ username }, shared) => {
    const metrics = await shared.metrics();
    return JSON.stringify(metrics.filter((one) => one.username === username));
  },
});
