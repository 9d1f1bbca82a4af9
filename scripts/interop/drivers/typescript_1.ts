/** The official client in TypeScript, 1.x, which speaks only the older revisions. @module */
// @ts-types="@modelcontextprotocol/sdk/client/index"
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
// @ts-types="@modelcontextprotocol/sdk/client/stdio"
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
// @ts-types="@modelcontextprotocol/sdk/types"
import {
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { answerQuestion, noteLog, noteUpdate, scenario, tryEverything } from "./driver.ts";
import { readersOf } from "./readers.ts";

const client = new Client({ name: "interop", version: "1" }, {
  capabilities: { elicitation: {} },
});
client.setRequestHandler(ElicitRequestSchema, ({ params }) => answerQuestion(params.message));
client.setNotificationHandler(LoggingMessageNotificationSchema, noteLog);
client.setNotificationHandler(
  ResourceUpdatedNotificationSchema,
  ({ params }) => noteUpdate(params.uri),
);
const { command, args, env } = scenario.server;
let revision: string | undefined;
const transport = Object.assign(
  new StdioClientTransport({ command, args: [...args], env: { ...env }, stderr: "ignore" }),
  { setProtocolVersion: (version: string) => void (revision = version) },
);
await client.connect(transport);
await client.setLoggingLevel("debug");
// With the list, it checks what tools answer against their schemas.
await client.listTools();
await tryEverything({
  ...readersOf(client),
  revision,
  callTool: (params, options) => client.callTool(params, undefined, options),
  subscribe: async (uri) => {
    await client.subscribeResource({ uri });
    return () => client.unsubscribeResource({ uri });
  },
});
