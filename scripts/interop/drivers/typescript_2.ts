/** The official client in TypeScript, 2.x. @module */
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { answerQuestion, noteLog, noteUpdate, scenario, tryEverything } from "./driver.ts";
import { readersOf } from "./readers.ts";

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
  ...readersOf(client),
  revision: client.getNegotiatedProtocolVersion(),
  callTool: (params, options) => client.callTool({ ...params, ...meta }, options),
  subscribe: async (uri) => {
    if (isModern) {
      const listening = await client.listen({ resourceSubscriptions: [uri] });
      return () => listening.close();
    }
    await client.subscribeResource({ uri });
    return () => client.unsubscribeResource({ uri });
  },
});
