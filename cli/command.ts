import type { ServeOptions } from "../server/serve_options.ts";
import type { ProcessTerminal } from "../server/stdio/standard_streams.ts";
import type { Flags, Given, HintFor } from "./command_line.ts";
import type { GivenUp } from "./permissions.ts";
import type { ReadVariable } from "./sources.ts";

/** The environment and streams of a command: those of the process, or of a test. */
export interface CommandContext extends Pick<ServeOptions, "input" | "write"> {
  /** Reads an environment variable. */
  readonly readVariable: ReadVariable;
  /** The terminal. Absent: there is none. */
  readonly terminal?: ProcessTerminal | undefined;
  /** Writes a log line, including its newline. */
  readonly writeLog: (line: string) => void;
  /** Revokes permissions that are no longer needed; returns lines for the debug log. */
  readonly giveUpPermissions: (unneeded: GivenUp) => Promise<readonly string[]>;
}

/** What a user can have done: `mcp-server NAME [FLAG…]`. */
export interface Command {
  /** Its command line after the name: `[FLAG…]`. */
  readonly usage: string;
  /** What it does, in a line or more. */
  readonly about: string;
  /** Its flags, besides `--help` and `--version`. */
  readonly flags: Flags;
  /** What its help ends with. */
  readonly notes?: string | undefined;
  /** Whether something else than flags may stand on its command line. */
  readonly takesWords?: boolean | undefined;
  /** Says what to write in place of an unknown argument, where no flag was meant. */
  readonly hintFor?: HintFor | undefined;
  /**
   * Carries it out and returns the exit code.
   *
   * @throws {UsageError} If the command line or a value is invalid
   * @throws {ConfigError} If a required setting is missing
   */
  readonly run: (given: Given, context: CommandContext, commands: Commands) => Promise<number>;
}

/** A command that is loaded when it is chosen. */
export interface CommandEntry {
  /** What it does, in a few words. */
  readonly summary: string;
  /** Loads it. */
  readonly load: () => Promise<Command>;
}

/** The commands by their names. */
export type Commands = Readonly<Record<string, CommandEntry>>;
