import { getSystemInfo } from "../containers/get_system_info.ts";
import { defineResource } from "../resource.ts";
import { textOf } from "./tool_text.ts";

/** Shows the host, as `get_system_info` does. */
export const systemResource = defineResource({
  uri: "containarium://system",
  name: "system",
  title: "Host",
  description: "The host and its peers: versions, CPUs, load, memory, disk, container counts",
  mimeType: "text/plain",
  priority: 0.5,
  tools: ["get_system_info"],
  variables: {},
  read: async (_values, context) => ({ text: await textOf(getSystemInfo, {}, context) }),
  state: async (_values, _shared, { client, signal }) =>
    JSON.stringify(await client.system.info({ signal })),
});
