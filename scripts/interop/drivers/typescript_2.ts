/** The official client in TypeScript, 2.x. @module */
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { answerQuestion, noteLog, noteUpdate, scenario, tryEverything } from "./driver.ts";

const isModern = scenario.revision === "2026-07-28";
const client = new Client({ name: "interop", version: "1" }, {
  capabilities: { elicitation: {} },
  versionNegotiation: { mode: isModern ? "auto" : "legacy" },
});
client.setRequestHandler("elicitation/create", ({ params }) => answerQuestion(params.message));
client.setNotificationHandler("notifications/message", noteLog);
client.setNotificationHandler(
  "notifications/resources/updated",
  ({ params }) => noteUpdate(params.uri),
);
const { command, args, env } = scenario.server;
await client.connect(
  new StdioClientTransport({ command, args: [...args], env: { ...env }, stderr: "ignore" }),
);
if (!isModern) await client.setLoggingLevel("debug");
/** A request of the new revision asks for its log by itself. */
const meta = isModern ? { _meta: { "io.modelcontextprotocol/logLevel": "debug" } } : {};
await tryEverything({
  revision: client.getNegotiatedProtocolVersion(),
  callTool: (params, options) => client.callTool({ ...params, ...meta }, options),
  listResources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
  listTemplates: async () =>
    (await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate),
  readResource: (uri) => client.readResource({ uri }),
  getPrompt: (name, args) => client.getPrompt({ name, arguments: { ...args } }),
  complete: async (uri, name, value) => {
    const ref = { type: "ref/resource", uri } as const;
    return (await client.complete({ ref, argument: { name, value } })).completion.values;
  },
  subscribe: async (uri) => {
    if (isModern) {
      const listening = await client.listen({ resourceSubscriptions: [uri] });
      return () => listening.close();
    }
    await client.subscribeResource({ uri });
    return () => client.unsubscribeResource({ uri });
  },
  close: () => client.close(),
});
