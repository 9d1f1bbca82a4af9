import { CallDeadline, expiryOf } from "../async/call_deadline.ts";
import { ContainariumError, restate } from "../errors.ts";
import type { Logger } from "../text/log.ts";
import type { RunOptions, RunResult } from "./run_options.ts";
import type { TerminalConnector } from "./connector.ts";
import { Watchdog } from "./watchdog.ts";
import { InteractiveShell } from "./interactive_shell.ts";
import { type PoolTimes, SessionPool } from "./session_pool.ts";
import { readCommand, runInSession, type SessionCommand } from "./session_command.ts";
import { AgentFailed, AgentSession, Dropped } from "./agent_session.ts";
import type { OpenOptions, Shell } from "./shell.ts";
import type { ContainerTerminal } from "./terminal.ts";
import { explainTerminalError } from "./terminal_errors.ts";

/** Time limits; shorter in tests. */
export interface TerminalTimeouts extends PoolTimes {
  /** Milliseconds to wait for a shell in a new terminal. */
  readonly readyMs: number;
  /** Milliseconds that an agent has to kill a command after its timeout and answer. */
  readonly overstayMs: number;
}

/** Parts of `ContainerShells`. */
export interface ShellsOptions extends TerminalTimeouts {
  /** Takes log lines. */
  readonly log: Logger;
}

/** Runs commands and shells in one container, over as many connections as needed. */
export class ContainerShells implements ContainerTerminal {
  readonly #connector: TerminalConnector;
  readonly #readyMs: number;
  readonly #overstayMs: number;
  readonly #log: Logger;
  readonly #ended: AbortSignal;
  readonly #pool: SessionPool;
  readonly #watchdog: Watchdog;
  readonly #shells = new Set<InteractiveShell>();

  /** @param ended Aborts to end everything */
  constructor(connector: TerminalConnector, options: ShellsOptions, ended: AbortSignal) {
    this.#connector = connector;
    this.#readyMs = options.readyMs;
    this.#overstayMs = options.overstayMs;
    this.#log = options.log;
    this.#ended = ended;
    this.#pool = new SessionPool((signal) => this.#session(signal), options);
    this.#watchdog = new Watchdog(() => this.#session(ended), options.probeMs);
  }

  /**
   * Runs a command.
   *
   * @throws {ContainariumError}
   */
  async run(command: string, options: RunOptions = {}): Promise<RunResult> {
    const checked = readCommand(command, options);
    return await this.#explained(options.signal, async (signal) => {
      const result = await this.#runTwiceIfNotStarted(checked, signal);
      this.#logDone(
        `a command of ${checked.script.length} bytes with ${checked.stdin.length} bytes of input: ` +
          `exit code ${result.exitCode}, ${result.durationMs} ms`,
      );
      return result;
    });
  }

  /**
   * Opens an interactive shell.
   *
   * @throws {ContainariumError}
   */
  async open(options: OpenOptions): Promise<Shell> {
    refuseSize("cols", options.cols);
    refuseSize("rows", options.rows);
    using call = new CallDeadline(options);
    return await this.#explained(call.signal, async (signal) => {
      const watchdog = await this.#watchdog.join(signal);
      try {
        const socket = await this.#connector.enter(signal);
        const look = () => this.#connector.look();
        const readyMs = this.#readyMs;
        const shell = await InteractiveShell.start(socket, {
          ...options,
          signal,
          readyMs,
          watchdog,
          look,
        });
        this.#shells.add(shell);
        this.#logDone(`a shell of ${options.cols} columns and ${options.rows} rows is open`);
        shell.ended.then(async () => {
          this.#shells.delete(shell);
          await this.#watchdog.leave();
        });
        return shell;
      } catch (error) {
        await this.#watchdog.leave();
        throw error;
      }
    });
  }

  /** Runs what comes now in new sessions: the container was stopped or replaced. */
  retire(): void {
    this.#pool.retire();
  }

  /** Ends everything; resolves when it has ended. */
  async close(): Promise<void> {
    const shells = [...this.#shells].map((shell) => shell.close());
    await Promise.all([...shells, this.#pool.close(), this.#watchdog.close()]);
    await this.#connector.sockets.left();
  }

  /** Asks everything to end, without waiting. */
  letGo(): void {
    this.#pool.letGo();
    this.#watchdog.letGo();
    this.hangUp();
  }

  /** Closes the connections, whatever still runs. */
  hangUp(): void {
    this.#connector.sockets.hangUp();
  }

  /** Logs sizes and times only: what is typed stays private. */
  #logDone(what: string): void {
    this.#log("debug", `terminal of ${this.#connector.name}: ${what}`);
  }

  async #session(signal: AbortSignal): Promise<AgentSession> {
    return await AgentSession.start(await this.#connector.enter(signal), this.#readyMs, signal);
  }

  /** One retry is safe if nothing was sent, or the upload failed. */
  async #runTwiceIfNotStarted(command: SessionCommand, signal: AbortSignal): Promise<RunResult> {
    const task = (session: AgentSession) =>
      runInSession(session, command, signal, this.#overstayMs);
    const run = () => this.#pool.use(task, signal);
    try {
      return await run();
    } catch (error) {
      if (isNotStarted(error)) return await run();
      throw error;
    }
  }

  async #explained<T>(
    caller: AbortSignal | undefined,
    task: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const signal = caller === undefined ? this.#ended : AbortSignal.any([caller, this.#ended]);
    if (this.#ended.aborted) {
      throw new ContainariumError("cancelled", "This client's terminals are closed");
    }
    try {
      signal.throwIfAborted();
      return await task(signal);
    } catch (error) {
      if (signal.aborted) throw expired(signal) ?? cancelled(error, signal);
      throw await explainTerminalError(error, this.#connector);
    }
  }
}

function isNotStarted(error: unknown): boolean {
  return error instanceof AgentFailed && error.reason === "upload" ||
    error instanceof Dropped && !error.wasSent;
}

function refuseSize(name: string, size: number): void {
  if (Number.isInteger(size) && size >= 1 && size <= 1_000) return;
  throw new ContainariumError("invalid_argument", `${name} cannot be ${size}`);
}

function expired(signal: AbortSignal): ContainariumError | undefined {
  const expiry = expiryOf(signal);
  return expiry &&
    restate(expiry, `Everything started in the container was killed: ${expiry.message}`);
}

function cancelled(cause: unknown, { reason }: AbortSignal): ContainariumError {
  const isExplained = cause instanceof ContainariumError && cause.code === "cancelled";
  if (isExplained && cause !== reason) return cause;
  return new ContainariumError(
    "cancelled",
    "Cancelled: everything started in the container was killed",
    { cause },
  );
}
