/**
 * Runs the program: chooses the command, reads its command line, carries it out.
 *
 * @module
 */
import { ContainariumError, version } from "../client/mod.ts";
import { bootLogger } from "./boot_log.ts";
import type { CommandContext } from "./command.ts";
import { readCommandLine } from "./command_line.ts";
import { chooseCommand, commands } from "./command_table.ts";
import { usage } from "./config.ts";
import { helpOf } from "./help.ts";
import { print } from "./print.ts";
import { withRemedy } from "./remedies.ts";
import { ConfigError, UsageError } from "./usage_error.ts";

/** Runs the command that the arguments name; resolves to the exit code. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const bootLog = bootLogger(context);
  try {
    const chosen = await chooseCommand(args);
    const { command, rest } = chosen;
    const line = readCommandLine(rest, command.flags, command.takesWords ?? false);
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
      bootLog("error", error.message);
      return 2;
    }
    if (error instanceof ConfigError) {
      bootLog("error", `${usage}\n${error.message}`);
      return 1;
    }
    if (error instanceof ContainariumError) {
      bootLog("error", withRemedy(error));
      return 1;
    }
    throw error;
  }
}
