import { parseServerUrl, TokenStore } from "../../client/internal.ts";
import type { TokenClaims } from "../../client/mod.ts";
import {
  activeTools,
  entries,
  listedWith,
  partsOf,
  type PolicyPart,
  type ToolEntry,
  toolNames,
} from "../../tools/mod.ts";
import { bootLogger } from "../boot_log.ts";
import { expected } from "../choices.ts";
import type { Command, CommandContext } from "../command.ts";
import { type Given, settingFlags } from "../command_line.ts";
import { readConfig, readPolicySettings, readSelection } from "../config.ts";
import { openSettings } from "../configure.ts";
import { openPolicy } from "../policy_file.ts";
import { print } from "../print.ts";
import { Environment } from "../sources.ts";
import { ConfigError, UsageError } from "../usage_error.ts";
import { renderTool, renderTools } from "./render_tools.ts";
import { rowOf } from "./tool_row.ts";

/** Lists the tools. */
export const toolsCommand: Command = {
  usage: "[FLAG…] [TOOL]",
  about:
    "Lists the tools as these flags and the token have them, and says of those that are off why.\n" +
    "With the name of a tool: what it does, and its arguments. It sends nothing to the daemon.",
  flags: { ...settingFlags, json: { help: "Print JSON" } },
  takesWords: true,
  notes: "Without an address or a token, it lists what the flags alone select.\n" +
    "tokens: what it costs to list the tool, in tokens of o200k_base; counted in the bundle only.",
  run: list,
};

const neededParts: Readonly<Record<PolicyPart, string>> = {
  "delete_grace": "it is listed only where deletes can be undone: --delete-grace 24h, or " +
    "delete_grace in the policy file",
};

function whyUnlisted({ listedWith: condition }: ToolEntry): string | undefined {
  return condition && neededParts[condition.part];
}

async function list(given: Given, context: CommandContext): Promise<number> {
  const [name, stray] = given.words;
  if (stray !== undefined) throw new UsageError("tools takes the name of one tool");
  if (name !== undefined && !toolNames.includes(name)) {
    throw new UsageError(`There is no tool ${name}; ${expected(name, toolNames)}`);
  }
  const environment = new Environment(context.readVariable);
  const bootLog = bootLogger(context);
  const { sources, home } = await openSettings(given.variables, environment, bootLog);
  const selection = readSelection(sources);
  let claims: TokenClaims | undefined;
  try {
    const { token, serverUrl } = await readConfig(sources, home);
    ({ claims } = await new TokenStore(token, parseServerUrl(serverUrl)).current());
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    context.writeLog("no token is known, so roles and scopes are left out of account\n");
  }
  const { policyFile, deleteGrace } = readPolicySettings(sources);
  const policy = await openPolicy(policyFile, deleteGrace, bootLog);
  const listed = listedWith(entries, partsOf(await policy()));
  const { off } = activeTools(selection, claims);
  const isJson = given.options.json !== undefined;
  const rows = entries.map((entry) => {
    const shown = listed.find(({ name }) => name === entry.name);
    return rowOf(
      shown ?? entry,
      off.get(entry.name) ?? (shown === undefined ? whyUnlisted(entry) : undefined),
    );
  });
  const one = rows.find((row) => row.name === name);
  const shown = one ?? rows;
  const text = isJson
    ? JSON.stringify(shown, undefined, 2)
    : one === undefined
    ? await renderTools(rows)
    : await renderTool(one);
  await print(`${text}\n`, context);
  return 0;
}
