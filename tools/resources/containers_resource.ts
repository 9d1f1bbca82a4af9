import { listContainers } from "../containers/list_containers.ts";
import { defineResource } from "../resource.ts";
import { isState, stateVariable } from "./known_names.ts";
import { textOf } from "./tool_text.ts";

const MAX_ROWS = 500;

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
    text: await textOf(listContainers, { limit: MAX_ROWS }, context),
  }),
  state: async (_values, shared) => JSON.stringify(await shared.containers()),
});

/** Lists the containers in one state. */
export const containersInState = defineResource({
  uri: "containarium://containers?state={state}",
  name: "containers_in_state",
  title: "Containers in a state",
  description: "All containers in one state, e.g. running, stopped or failed",
  mimeType: "text/plain",
  priority: 0.5,
  tools: ["list_containers"],
  variables: { state: stateVariable },
  read: async ({ state }, context) =>
    isState(state)
      ? { text: await textOf(listContainers, { state, limit: MAX_ROWS }, context) }
      : undefined,
  state: async ({ state }, shared) => {
    const containers = await shared.containers();
    return JSON.stringify(containers.filter((container) => container.state === state));
  },
});
