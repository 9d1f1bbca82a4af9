import { listContainers } from "../containers/list_containers.ts";
import { defineResource } from "../resource.ts";
import { textOf } from "./tool_text.ts";

/** Lists every container, as `list_containers` does. */
export const containersResource = defineResource({
  uri: "containarium://containers",
  name: "containers",
  title: "Containers",
  description: "All containers with state, address and limits",
  mimeType: "text/plain",
  priority: 0.8,
  tools: ["list_containers"],
  variables: {},
  read: async (_values, context) => ({
    text: await textOf(listContainers, { limit: 500 }, context),
  }),
  state: async (_values, shared) => JSON.stringify(await shared.containers()),
});
