/** What the test host's page is made of: the official host's half of MCP Apps. @module */
export { AppBridge, PostMessageTransport } from "@modelcontextprotocol/ext-apps/app-bridge";
