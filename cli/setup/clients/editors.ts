import { base64, type Client, commonEntry, type Server, underMcpServers } from "../mcp_client.ts";
import type { Placed } from "../editor.ts";
import { inAppData, inHome } from "../client_system.ts";

const TOKEN = "CONTAINARIUM_JWT_TOKEN";
const exported = `Export ${TOKEN} where`;

/** https://cursor.com/docs/mcp */
export const cursor: Client = {
  id: "cursor",
  title: "Cursor",
  language: "jsonc",
  file: (folders) => inHome(folders, ".cursor", "mcp.json"),
  values: underMcpServers(commonEntry),
  token: {
    reference: `\${env:${TOKEN}}`,
    how: `${exported} Cursor is started.`,
    unverified: `that \${env:${TOKEN}} is replaced`,
  },
  link: (server) =>
    `cursor://anysphere.cursor-deeplink/mcp/install?name=${
      encodeURIComponent(server.name)
    }&config=` +
    encodeURIComponent(base64(JSON.stringify(commonEntry(server)))),
  longCalls: "How long Cursor waits for a call is not documented.",
  then: "Turn the server on in Settings > MCP.",
  unverified: ["the file's place", "the form of the link"],
};

/** https://code.visualstudio.com/docs/copilot/customization/mcp-servers */
export const vscode: Client = {
  id: "vscode",
  title: "VS Code",
  aliases: ["code", "vs-code", "visual-studio-code", "github-copilot"],
  language: "jsonc",
  file: (folders) => inAppData(folders, "Code", "User", "mcp.json"),
  place: 'the command "MCP: Open User Configuration" opens it',
  values: (server) => [
    { keys: ["servers", server.name], value: vscodeEntry(server) },
    ...(server.isTokenPassed ? [vscodeInput] : []),
  ],
  token: {
    reference: "${input:containarium-token}",
    how: "VS Code asks for it once and stores it securely.",
    asks: true,
  },
  // Windows PowerShell takes the quotes out of JSON.
  addCommand: (server) =>
    server.isTokenPassed || server.system === "windows"
      ? undefined
      : [["code", "--add-mcp", JSON.stringify({ name: server.name, ...vscodeEntry(server) })]],
  link: (server) =>
    server.isTokenPassed
      ? undefined
      : `vscode:mcp/install?${
        encodeURIComponent(JSON.stringify({ name: server.name, ...vscodeEntry(server) }))
      }`,
  longCalls: "VS Code waits for a call until it is cancelled.",
  then: 'Start the server: the command "MCP: List Servers".',
  unverified: ["the file's place, which is that of the default profile"],
};

function vscodeEntry(server: Server): Readonly<Record<string, unknown>> {
  return { type: "stdio", ...commonEntry(server) };
}

const vscodeInput: Placed = {
  keys: ["inputs"],
  by: "id",
  value: {
    type: "promptString",
    id: "containarium-token",
    description: "Containarium token",
    password: true,
  },
};

/** https://docs.windsurf.com/windsurf/cascade/mcp */
export const windsurf: Client = {
  id: "windsurf",
  title: "Windsurf",
  language: "jsonc",
  file: (folders) => inHome(folders, ".codeium", "windsurf", "mcp_config.json"),
  values: underMcpServers(commonEntry),
  token: { reference: `\${env:${TOKEN}}`, how: `${exported} Windsurf is started.` },
  longCalls: "How long Windsurf waits for a call is not documented.",
  then: "Refresh the servers in the panel of Cascade.",
  unverified: [],
};

/** https://zed.dev/docs/ai/mcp */
export const zed: Client = {
  id: "zed",
  title: "Zed",
  language: "jsonc",
  file: ({ system, home }) =>
    system === "windows"
      ? inAppData({ system, home }, "Zed", "settings.json")
      : inHome({ system, home }, ".config", "zed", "settings.json"),
  values: (server) => [{ keys: ["context_servers", server.name], value: commonEntry(server) }],
  longCalls: "How long Zed waits for a call is not documented.",
  then: "The agent panel's settings show the server with a green dot.",
  unverified: ["the file's place"],
};

/** https://www.jetbrains.com/help/ai-assistant/mcp.html */
export const jetbrains: Client = {
  id: "jetbrains",
  title: "JetBrains AI Assistant",
  aliases: ["intellij", "idea", "pycharm", "webstorm", "goland", "ai-assistant"],
  language: "json",
  place: "Settings > Tools > AI Assistant > Model Context Protocol (MCP) > Add > As JSON",
  values: underMcpServers(commonEntry),
  longCalls: "How long the IDE waits for a call is not documented.",
  then: "Apply; the list shows the server's tools.",
  unverified: ["the last two words of the menu's path"],
};

/** https://kiro.dev/docs/mcp/configuration */
export const kiro: Client = {
  id: "kiro",
  title: "Kiro",
  aliases: ["kiro-cli"],
  language: "jsonc",
  file: (folders) => inHome(folders, ".kiro", "settings", "mcp.json"),
  values: underMcpServers(commonEntry),
  token: { reference: `\${${TOKEN}}`, how: `${exported} Kiro is started.` },
  addCommand: (server) =>
    server.args.length > 0 ? undefined : [
      ["kiro-cli", "mcp", "add", "--name", server.name, "--scope", "user"],
      ["--command", server.command],
      ...Object.entries(server.env).map(([name, value]) => ["--env", `${name}=${value}`]),
    ],
  longCalls: "How long Kiro waits for a call is not documented.",
  then: "Enable MCP in Kiro's settings; saving the file starts the server.",
  unverified: ["the add command"],
};
