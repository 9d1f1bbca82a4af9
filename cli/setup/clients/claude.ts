import { type Client, commonEntry, envFlags, underMcpServers } from "../mcp_client.ts";
import { inAppData, inHome } from "../client_system.ts";

/** https://modelcontextprotocol.io/docs/develop/build-server */
export const claudeDesktop: Client = {
  id: "claude-desktop",
  title: "Claude Desktop",
  aliases: ["claude-app"],
  language: "json",
  file: (folders) => inAppData(folders, "Claude", "claude_desktop_config.json"),
  values: underMcpServers(commonEntry),
  longCalls: "Claude Desktop ends a call after 4 minutes; nothing changes that.",
  then: "Quit Claude Desktop and start it again.",
  unverified: ["the file's place on Linux", "the limit of 4 minutes"],
};

/** https://code.claude.com/docs/en/mcp */
export const claudeCode: Client = {
  id: "claude-code",
  title: "Claude Code",
  aliases: ["claude"],
  language: "json",
  file: (folders) => inHome(folders, ".claude.json"),
  values: underMcpServers((server) => ({ type: "stdio", ...commonEntry(server) })),
  addCommand: (server) => [
    ["claude", "mcp", "add", "--scope", "user"],
    ...envFlags(server, "--env"),
    [server.name, "--", server.command],
    ...server.args.map((arg) => [arg]),
  ],
  longCalls: "Claude Code ends a call after about 28 hours (MCP_TOOL_TIMEOUT).",
  then: "Start a new session; /mcp shows the server.",
  unverified: [],
};
