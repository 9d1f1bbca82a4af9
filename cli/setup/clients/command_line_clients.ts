import { type Client, commonEntry, envFlags, underMcpServers } from "../mcp_client.ts";
import { inHome } from "../client_system.ts";
import { CALL_SECONDS } from "./assistants.ts";

const TOKEN = "CONTAINARIUM_JWT_TOKEN";
const exported = `Export ${TOKEN} where`;

/** https://github.com/openai/codex/blob/main/docs/config.md */
export const codex: Client = {
  id: "codex",
  title: "Codex",
  aliases: ["codex-cli", "openai-codex"],
  language: "toml",
  file: (folders) => inHome(folders, ".codex", "config.toml"),
  values: (server) => [{
    keys: ["mcp_servers", server.name],
    value: {
      ...commonEntry(server),
      ...(server.isTokenPassed ? { env_vars: [TOKEN] } : {}),
      startup_timeout_sec: 30,
      tool_timeout_sec: CALL_SECONDS,
    },
  }],
  token: { how: `${exported} Codex is started: env_vars passes it on.` },
  addCommand: (server) =>
    server.isTokenPassed ? undefined : [
      ["codex", "mcp", "add", server.name],
      ...envFlags(server, "--env"),
      ["--", server.command],
      ...server.args.map((arg) => [arg]),
    ],
  longCalls:
    "Codex ends a call after 60 to 300 seconds, depending on its version; tool_timeout_sec " +
    `sets it to ${CALL_SECONDS}. codex mcp add does not.`,
  then: "Start a new session; codex mcp list shows the server.",
  unverified: ["the add command"],
};

/** https://github.com/google-gemini/gemini-cli/blob/main/docs/tools/mcp-server.md */
export const gemini: Client = {
  id: "gemini",
  title: "Gemini CLI",
  aliases: ["gemini-cli"],
  language: "jsonc",
  file: (folders) => inHome(folders, ".gemini", "settings.json"),
  values: underMcpServers(commonEntry),
  token: { reference: `\${${TOKEN}}`, how: `${exported} Gemini CLI is started.` },
  // Its parser would take the server's flags for its own.
  addCommand: (server) =>
    server.args.length > 0 || server.isTokenPassed ? undefined : [
      ["gemini", "mcp", "add", "-s", "user"],
      ...envFlags(server, "-e"),
      [server.name, server.command],
    ],
  longCalls: "Gemini CLI ends a call after 10 minutes (timeout, in milliseconds).",
  then: "Start a new session; /mcp shows the server.",
  unverified: [],
};

/** Successor of Gemini CLI. */
export const antigravity: Client = {
  id: "antigravity",
  title: "Antigravity",
  language: "jsonc",
  file: (folders) => inHome(folders, ".gemini", "config", "mcp_config.json"),
  values: underMcpServers(commonEntry),
  longCalls: "How long Antigravity waits for a call is not documented.",
  then: "Refresh the list of MCP servers.",
  unverified: ["all of it: no official page was found"],
};

/** https://opencode.ai/docs/mcp-servers */
export const opencode: Client = {
  id: "opencode",
  title: "opencode",
  aliases: ["open-code"],
  language: "jsonc",
  file: ({ home, system }) => inHome({ home, system }, ".config", "opencode", "opencode.json"),
  values: ({ name, command, args, env }) => [{
    keys: ["mcp", name],
    value: {
      type: "local",
      command: [command, ...args],
      environment: env,
      enabled: true,
      timeout: CALL_SECONDS * 1000,
    },
  }],
  token: {
    reference: `{env:${TOKEN}}`,
    how: `${exported} opencode is started.`,
    unverified: `that {env:${TOKEN}} is replaced under environment`,
  },
  longCalls: `opencode ends a start or a call after timeout: ${CALL_SECONDS * 1000} ms above.`,
  then: "Start a new session.",
  unverified: [],
};

/** https://docs.github.com/en/copilot/how-tos/copilot-cli */
export const copilotCli: Client = {
  id: "copilot-cli",
  title: "Copilot CLI",
  aliases: ["copilot", "github-copilot-cli"],
  language: "json",
  file: (folders) => inHome(folders, ".copilot", "mcp-config.json"),
  values: underMcpServers((server) => ({
    type: "stdio",
    ...commonEntry(server),
    tools: ["*"],
    timeout: CALL_SECONDS * 1000,
  })),
  token: { reference: `\${${TOKEN}}`, how: `${exported} Copilot CLI is started.` },
  inheritsNothing: true,
  addCommand: (server) =>
    server.isTokenPassed ? undefined : [
      ["copilot", "mcp", "add", server.name],
      ...envFlags(server, "--env"),
      ["--timeout", String(CALL_SECONDS * 1000)],
      ["--", server.command],
      ...server.args.map((arg) => [arg]),
    ],
  longCalls: "Copilot CLI ends a call after 30 seconds unless timeout says more; it is set to " +
    `${CALL_SECONDS * 1000} ms.`,
  then: "Start a new session; /mcp shows the server.",
  unverified: ["where -- stands in the add command"],
};
