import type { Command, Commands } from "./command.ts";
import { UsageError } from "./usage_error.ts";
import { expected } from "./choices.ts";

/** A command that was chosen. */
export interface Chosen {
  /** Its name. */
  readonly name: string;
  /** The command. */
  readonly command: Command;
  /** What stands after its name. */
  readonly rest: readonly string[];
}

/** What is done without a command. */
export const DEFAULT_COMMAND = "serve";

/** The commands. Each is loaded when it is chosen. */
export const commands: Commands = {
  serve: {
    summary: "Serve MCP on stdin and stdout (the default)",
    load: async () => (await import("./serve_command.ts")).serveCommand,
  },
  doctor: {
    summary: "Find out what is wrong: settings, permissions, connection, token, daemon",
    load: async () => (await import("./doctor/doctor_command.ts")).doctorCommand,
  },
  setup: {
    summary: "Print what a client needs to start the server, or write it into its file",
    load: async () => (await import("./setup/setup_command.ts")).setupCommand,
  },
  tools: {
    summary: "List the tools: effect, scopes, cost, and which are off and why",
    load: async () => (await import("./tools/tools_command.ts")).toolsCommand,
  },
  audit: {
    summary: "Show the record of changes (--audit), filtered",
    load: async () => (await import("./audit/audit_command.ts")).auditCommand,
  },
  top: {
    summary: "Watch what containers use: CPU, memory, disk, network",
    load: async () => (await import("./top/top_command.ts")).topCommand,
  },
  completions: {
    summary: "Print what bash, zsh or fish completes this program by",
    load: async () => (await import("./completions/completions_command.ts")).completionsCommand,
  },
  call: {
    summary: "Call a tool by hand, as a model does",
    load: async () => (await import("./call/call_command.ts")).callCommand,
  },
};

/** Splits a command line into the name of the command and what stands after it. */
export function commandIn(args: readonly string[]): Omit<Chosen, "command"> {
  const [first] = args;
  return first === undefined || first.startsWith("-")
    ? { name: DEFAULT_COMMAND, rest: args }
    : { name: first, rest: args.slice(1) };
}

/**
 * Returns the command that the first argument names; without a name, the default.
 *
 * @throws {UsageError} If there is no such command; suggests the nearest
 */
export async function chooseCommand(args: readonly string[]): Promise<Chosen> {
  const { name, rest } = commandIn(args);
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) {
    if (["help", "version"].includes(name)) {
      throw new UsageError(`Unknown command ${name}; did you mean --${name}?`);
    }
    throw new UsageError(`Unknown command ${name}; ${expected(name, Object.keys(commands))}`);
  }
  return { name, command: await entry.load(), rest };
}
