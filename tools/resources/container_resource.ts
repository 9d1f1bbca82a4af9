import { getContainer } from "../containers/get_container.ts";
import { defineResource } from "../resource.ts";
import { usernameVariable } from "./known_names.ts";
import { textOf } from "./tool_text.ts";

/** Shows one container, as `get_container` does. */
export const containerResource = defineResource({
  uri: "containarium://containers/{username}",
  name: "container",
  title: "Container",
  description: "One container: state, address, limits, labels and what it uses now",
  mimeType: "text/plain",
  priority: 0.9,
  tools: ["get_container"],
  variables: { username: usernameVariable },
  read: async ({ username }, context) => ({
    text: await textOf(getContainer, { username }, context),
  }),
  state: async ({ username }, shared) => JSON.stringify(await shared.container(username) ?? "none"),
});
