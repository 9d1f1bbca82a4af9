/**
 * A login shell for a user or a model.
 *
 * @module
 */
import { ContainariumError } from "../errors.ts";
import { newNonce } from "./agent.ts";
import type { AgentSession } from "./agent_session.ts";
import { confirmation, confirmationProof, openingLine, openingProof } from "./opening_line.ts";
import { dismiss, makeReady, watch } from "./ready.ts";
import type { OpenOptions, Shell } from "./shell.ts";
import type { TerminalSocket } from "./socket.ts";
import { within } from "../async/deadline.ts";

/** Options of an interactive shell. */
export interface InteractiveOptions extends OpenOptions {
  /** Aborts the wait. */
  readonly signal: AbortSignal;
  /** Milliseconds to wait for it. */
  readonly readyMs: number;
  /** An agent that ends it if the connection is lost. */
  readonly watchdog: AgentSession;
  /** Returns the container's state after the connection is gone. */
  readonly look: () => Promise<string | undefined>;
}

/** Clears the input line and ends a shell at its prompt. */
const FAREWELL = "\x03\x15\nexit\n\x04";
const CLOSE_MS = 2_000;
const CARE_MS = 5_000;

/** An open shell. */
export class InteractiveShell implements Shell {
  /** Resolves when the shell has ended, with the reason. */
  readonly ended: Promise<string>;
  readonly #socket: TerminalSocket;
  readonly #watchdog: AgentSession;
  readonly #pid: number;
  #closing: Promise<void> | undefined;

  private constructor(socket: TerminalSocket, pid: number, options: InteractiveOptions) {
    this.#socket = socket;
    this.#pid = pid;
    this.#watchdog = options.watchdog;
    this.ended = socket.dropped.then((reason) => this.#whyEnded(reason, options.look));
  }

  /**
   * Starts a login shell in a new terminal.
   *
   * @throws {NotReady | Dropped | AgentFailed | ContainariumError}
   * @throws The signal's reason
   */
  static async start(
    socket: TerminalSocket,
    options: InteractiveOptions,
  ): Promise<InteractiveShell> {
    const { readyMs, signal, onOutput } = options;
    const nonce = newNonce();
    const { proof: [, pid], rest } = await makeReady(socket, {
      lines: [openingLine(nonce, options)],
      proof: openingProof(nonce),
      readyMs,
      farewell: FAREWELL,
      signal,
    });
    if (rest !== "") onOutput(rest);
    const shell = new InteractiveShell(socket, Number(pid), options);
    try {
      // Until the agent has it, the shell keeps to itself: it would be left behind.
      await inTime(options.watchdog.care(shell.#pid), signal);
      await shell.#take(nonce, options);
      return shell;
    } catch (error) {
      await shell.close();
      throw error;
    }
  }

  /** Has the shell read what is typed from now on. */
  async #take(nonce: string, { signal, onOutput }: InteractiveOptions): Promise<void> {
    const { promise } = watch(this.#socket, confirmationProof(nonce));
    this.#socket.send(confirmation(nonce));
    const taken = promise.then(({ proof, rest }) => {
      // A program that the login files started may have written something before.
      const shown = proof.input.slice(0, proof.index) + rest;
      if (shown !== "") onOutput(shown);
      this.#socket.onOutput = onOutput;
    });
    await inTime(Promise.race([taken, this.#socket.dropped]), signal);
  }

  /** Types text. Does nothing if the shell has ended. */
  send(text: string): void {
    this.#socket.send(text);
  }

  /** Ends the shell and everything in it. */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    if (this.#socket.isOpen) {
      const ending = this.#watchdog.end(this.#pid);
      await within(Promise.all([ending, this.#socket.dropped]), CLOSE_MS);
      // The agent may be gone while the shell still runs.
      await dismiss(this.#socket, FAREWELL);
    }
    await this.#socket.dropped;
  }

  async #whyEnded(
    reason: string | undefined,
    look: () => Promise<string | undefined>,
  ): Promise<string> {
    if (this.#closing !== undefined) return "It was closed";
    // If only the connection is gone, the agent ends the shell.
    await within(this.#watchdog.end(this.#pid), CLOSE_MS);
    return reason ?? await look() ?? "The shell has ended, or the connection to it was lost";
  }
}

/** Waits for an answer from the container. */
async function inTime(answer: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const isAnswered = await within(answer, CARE_MS, signal);
  signal.throwIfAborted();
  if (!isAnswered) throw unattended();
  await answer;
}

function unattended(): ContainariumError {
  return new ContainariumError(
    "unavailable",
    "The shell was closed again: nobody in the container answers for its end",
  );
}
