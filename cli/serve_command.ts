import { serve } from "../server/server.ts";
import type { Command, CommandContext } from "./command.ts";
import { type Given, settingFlags } from "./command_line.ts";
import { openDaemon } from "./open_daemon.ts";

/** Serves MCP on stdin and stdout until stdin ends. */
export const serveCommand: Command = {
  usage: "[FLAG…]",
  about: "Serves MCP on stdin and stdout until stdin ends.",
  flags: settingFlags,
  run: async (given, context) => {
    await start(given, context);
    return 0;
  },
  notes: `Precedence: flag, then environment variable, then --env-file, then
~/.containarium/credentials.json.

Environment:
  CONTAINARIUM_SERVER_URL                      Address of the REST API, http://localhost:8080
  CONTAINARIUM_JWT_TOKEN                       The token
  CONTAINARIUM_JWT_TOKEN_FILE                  File with the token, reread when it changes
  CONTAINARIUM_CONSENT                         Ask the user before something is lost: auto
                                               (if the client can ask; default), always
                                               (refuse if it cannot), never
  CONTAINARIUM_BULK_CONCURRENCY                How many containers the bulk tools work on at
                                               once: 1 to 10 (3)
  CONTAINARIUM_TERMINAL_ORIGIN                 Origin with which terminals are opened, one of
                                               the daemon's CONTAINARIUM_ALLOWED_ORIGINS
                                               (http://localhost:3000)
  CONTAINARIUM_MCP_TRUSTED_CA_FILE             PEM file with authorities to trust besides the
                                               usual
  CONTAINARIUM_MCP_ALLOW_INSECURE              http:// to another machine: true (no warning),
                                               false (refused)
  CONTAINARIUM_MCP_ALLOW_SHARED_TOKEN_FILE     true: others may read the token's file
  GITHUB_TOKEN, GITHUB_API_URL                 Token for the toolset runners, and where it
                                               goes (https://api.github.com)
  HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY Proxies to a daemon on another machine

Instead of true and false, 1, t, yes, y, on and 0, f, no, n, off work too, in any case.`,
};

async function start(given: Given, context: CommandContext): Promise<void> {
  using daemon = await openDaemon(given, context, {
    onOpen: (log, serverUrl, debug) => {
      log("info", "Starting Containarium MCP Server");
      log("info", `Server URL: ${serverUrl}`);
      log("info", `Debug mode: ${debug}`);
    },
  });
  const { input, write } = context;
  await serve({ ...daemon.options, input, write });
}
