/**
 * Runs the program: chooses the command, reads its command line, carries it out.
 *
 * @module
 */
import { ContainariumError, version } from "../client/mod.ts";
import { visible, withoutSecrets } from "../client/internal.ts";
import { bootLogger } from "./boot_log.ts";
import type { CommandContext } from "./command.ts";
import { readCommandLine } from "./command_line.ts";
import { chooseCommand, commandIn, commands, DEFAULT_COMMAND } from "./command_table.ts";
import { usage } from "./config.ts";
import { helpOf } from "./help.ts";
import { print } from "./print.ts";
import { withRemedy } from "./remedies.ts";
import { ConfigError, UsageError } from "./usage_error.ts";

/** Runs the command that the arguments name; resolves to the exit code. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const isServer = commandIn(args).name === DEFAULT_COMMAND;
  const complain = isServer ? logged(context) : said(context);
  try {
    const chosen = await chooseCommand(args);
    const { command, rest } = chosen;
    const hintFor = rest.length === args.length ? commandFirst : command.hintFor;
    const line = readCommandLine(rest, command.flags, command.takesWords ?? false, hintFor);
    switch (line.kind) {
      case "help":
        await print(helpOf(chosen), context);
        return 0;
      case "version":
        await print(`${version}\n`, context);
        return 0;
      case "run":
        return await command.run(line.given, context, commands);
    }
  } catch (error) {
    if (error instanceof UsageError) {
      complain(error.message);
      return 2;
    }
    if (error instanceof ConfigError) {
      complain(isServer ? `${usage}\n${error.message}` : withNextStep(error));
      return 1;
    }
    if (error instanceof ContainariumError) {
      complain(withRemedy(error));
      return 1;
    }
    throw error;
  }
}

function withNextStep({ message, isUnset }: ConfigError): string {
  return isUnset ? `${message}\nmcp-server doctor says what to set.` : message;
}

/** What stands there may be a command behind flags. */
function commandFirst(arg: string): string | undefined {
  return Object.hasOwn(commands, arg)
    ? `the command comes first: mcp-server ${arg} [FLAG…]`
    : undefined;
}

/** What a client keeps in its log. */
function logged(context: CommandContext): (message: string) => void {
  const log = bootLogger(context);
  return (message) => log("error", message);
}

/** What a user reads on a terminal. */
function said({ writeLog }: CommandContext): (message: string) => void {
  return (message) => {
    const lines = withoutSecrets(message).split("\n").map(visible);
    writeLog(`mcp-server: ${lines.join("\n")}\n`);
  };
}
