/** Exports the official host's half of MCP Apps for the test host's page. @module */
export { AppBridge, PostMessageTransport } from "@modelcontextprotocol/ext-apps/app-bridge";
