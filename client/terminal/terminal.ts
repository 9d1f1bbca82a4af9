import type { RunOptions, RunResult } from "./run_options.ts";
import type { OpenOptions, Shell } from "./shell.ts";

/** The way into one running container, as its user. */
export interface ContainerTerminal {
  /**
   * Runs a command by the container's bash (sh where there is none), without a terminal.
   *
   * @param command A shell script of any length
   * @throws {ContainariumError} `not_found`, `permission_denied` or `failed_precondition` (it does not
   * run) before anything is sent; `cancelled`; `ambiguous` when the connection was lost meanwhile
   */
  run(command: string, options?: RunOptions): Promise<RunResult>;
  /**
   * Opens an interactive login shell.
   *
   * @throws {ContainariumError} As `run`
   */
  open(options: OpenOptions): Promise<Shell>;
}
