import { base64, type Client, commonEntry, underMcpServers } from "../mcp_client.ts";
import { inAppData, inHome } from "../client_system.ts";

const TOKEN = "CONTAINARIUM_JWT_TOKEN";

/** Seconds that a call may take, where the client has a setting and its own value is less. */
export const CALL_SECONDS = 300;

/** https://docs.cline.bot/mcp/mcp-overview */
export const clineClient: Client = {
  id: "cline",
  title: "Cline",
  language: "jsonc",
  file: (folders) => inHome(folders, ".cline", "data", "settings", "cline_mcp_settings.json"),
  place: 'in the editor: MCP Servers > Configure > "Configure MCP Servers" opens it',
  values: underMcpServers((server) => ({ ...commonEntry(server), timeout: CALL_SECONDS })),
  token: { reference: `\${env:${TOKEN}}`, how: `Export ${TOKEN} where Cline is started.` },
  longCalls:
    "Cline ends a call after 60 seconds, and a start after 3, unless timeout says more; it " +
    `is set to ${CALL_SECONDS} seconds above.`,
  then: "Cline starts the server when the file is saved.",
  unverified: ["the file's place: the documentation and the code disagree"],
};

/** https://docs.continue.dev/customize/deep-dives/mcp */
export const continueClient: Client = {
  id: "continue",
  title: "Continue",
  aliases: ["continue.dev"],
  language: "yaml",
  file: (folders) => inHome(folders, ".continue", "config.yaml"),
  values: (server) => [{
    keys: ["mcpServers"],
    by: "name",
    value: { name: server.name, type: "stdio", ...commonEntry(server) },
  }],
  token: {
    reference: `\${{ secrets.${TOKEN} }}`,
    how: `Put a line ${TOKEN}=… into ~/.continue/.env, readable by nobody else.`,
    unverified: "~/.continue/.env",
  },
  longCalls: "Continue ends a call after about 60 seconds.",
  then: "Continue reloads the file when it is saved; tools work in agent mode only.",
  unverified: ["the file's place", "the limit of 60 seconds"],
};

/** https://block.github.io/goose/docs/getting-started/using-extensions */
export const goose: Client = {
  id: "goose",
  title: "Goose",
  language: "yaml",
  file: ({ system, home }) =>
    system === "windows"
      ? inAppData({ system, home }, "Block", "goose", "config", "config.yaml")
      : inHome({ system, home }, ".config", "goose", "config.yaml"),
  values: ({ name, command, args, env }) => [{
    keys: ["extensions", name],
    value: {
      name,
      type: "stdio",
      cmd: command,
      args,
      envs: env,
      timeout: CALL_SECONDS,
      enabled: true,
    },
  }],
  link: ({ name, command, args, env }) =>
    // It opens links for these programs only, and none that sets variables.
    command === "npx" && Object.keys(env).length === 0
      ? `goose://extension?cmd=npx${
        args.map((arg) => `&arg=${encodeURIComponent(arg)}`).join("")
      }&timeout=${CALL_SECONDS}&id=${encodeURIComponent(name)}&name=${encodeURIComponent(name)}` +
        "&description=Containarium"
      : undefined,
  longCalls: `Goose ends a call after timeout, which is set to ${CALL_SECONDS} seconds above.`,
  then: "Start a new session.",
  unverified: ["the file's place on Windows"],
};

/** https://lmstudio.ai/docs/app/mcp */
export const lmStudio: Client = {
  id: "lm-studio",
  title: "LM Studio",
  language: "jsonc",
  file: (folders) => inHome(folders, ".lmstudio", "mcp.json"),
  place: 'in the application, "Install > Edit mcp.json" opens it',
  values: underMcpServers(commonEntry),
  link: (server) =>
    `lmstudio://add_mcp?name=${encodeURIComponent(server.name)}&config=` +
    encodeURIComponent(base64(JSON.stringify(commonEntry(server)))),
  longCalls: "How long LM Studio waits for a call is not documented.",
  then: "LM Studio loads the server when the file is saved.",
  unverified: ["the file's place"],
};
