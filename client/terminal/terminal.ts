import type { RunOptions, RunResult } from "./run_options.ts";
import type { OpenOptions, Shell } from "./shell.ts";

/** Runs commands and shells in one container, as its user. */
export interface ContainerTerminal {
  /**
   * Runs a command with the container's bash (or sh), without a terminal.
   *
   * @param command A shell script of any length
   * @throws {ContainariumError} `not_found`, `permission_denied` or `failed_precondition` (it does
   * not run) before anything is sent; `cancelled`; `ambiguous` if the connection was lost while it
   * ran
   *
   * @example Run a command
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ shell: {}, containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { exitCode, stdout } = await client.terminal("alice").run("echo hello");
   * assertEquals([exitCode, new TextDecoder().decode(stdout)], [0, "hello\n"]);
   * await client.closeTerminals();
   * ```
   */
  run(command: string, options?: RunOptions): Promise<RunResult>;
  /**
   * Opens an interactive login shell.
   *
   * @throws {ContainariumError} As `run`
   *
   * @example Open a shell and leave it
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ shell: {}, containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const shell = await client.terminal("alice").open({ cols: 80, rows: 24, onOutput: () => {} });
   * shell.send("exit\r");
   * assertEquals(typeof await shell.ended, "string");
   * await client.closeTerminals();
   * ```
   */
  open(options: OpenOptions): Promise<Shell>;
}
