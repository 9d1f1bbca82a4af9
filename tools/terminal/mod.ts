/**
 * Inside a container: commands, and interactive terminals with a screen.
 *
 * @module
 */
import type { Tool } from "../tool.ts";
import { closeTerminal } from "./close_terminal.ts";
import { openTerminal } from "./open_terminal.ts";
import { runCommand } from "./run_command.ts";
import { sendToTerminal } from "./send_to_terminal.ts";

/** The toolset `terminal`, in the order in which it is listed. */
export const terminalTools: readonly Tool[] = [
  runCommand,
  openTerminal,
  sendToTerminal,
  closeTerminal,
];
