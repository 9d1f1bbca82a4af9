/** A program on a pseudo terminal of this machine, by way of util-linux `script`. @module */

import { findTool } from "./scratch_tools.ts";
import { chunkText } from "./go_text.ts";

/** Where the output of a terminal goes. */
export interface Screen {
  /** Resolves when there is room for more. */
  show(text: string): Promise<void>;
  /** The program has ended. */
  ended(): void;
}

/** Why no pseudo terminal can be had on this machine; undefined when one can. */
export async function whyNoPty(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return "they need script of util-linux, which is for Linux";
  try {
    const { stdout } = await new Deno.Command("script", { args: ["--version"] }).output();
    return new TextDecoder().decode(stdout).includes("util-linux")
      ? undefined
      : "they need script of util-linux, and this script is another one";
  } catch (error) {
    // Deno reports a program that --allow-run names and the PATH lacks as a missing permission.
    const isMissing = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotCapable;
    if (!isMissing) throw error;
    return "they need script of util-linux (Debian: bsdutils), which is not on the PATH";
  }
}

/**
 * One pseudo terminal. Nobody reads it any more once its screen is turned off. What `script` cannot do:
 * while it waits for the program to take what was typed it shows nothing, so that a program which answers
 * more than 64 KB before it reads on waits for ever.
 */
export class Pty {
  /** Resolves when the program has ended. */
  readonly ended: Promise<void>;
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<Uint8Array>;
  #watched = true;
  #written: Promise<void> = Promise.resolve();

  /** Runs a shell's command with just that environment; 80x24, as `script` and the kernel have it. */
  constructor(command: string, env: Readonly<Record<string, string>>, screen: Screen) {
    // By its path: its name would be looked for on the PATH that it is given.
    this.#child = new Deno.Command(findTool("script") ?? "script", {
      args: ["-qfe", "-E", "always", "-c", command, "/dev/null"],
      cwd: "/",
      clearEnv: true,
      env,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.getReader();
    const shown = this.#show(screen);
    this.ended = this.#child.status.then(async () => {
      // What is on its way is shown before the end, unless nobody looks.
      if (this.#watched) await shown;
      await Promise.allSettled([this.#output.cancel(), this.#input.abort()]);
    });
  }

  /** The process that holds the other end. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Types. Resolves when the terminal has taken it. */
  type(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    // The program may have ended.
    this.#written = this.#written.then(() => this.#input.write(bytes)).catch(() => {});
    return this.#written;
  }

  /** Stops reading: the program goes on until it has filled the terminal. */
  turnOff(): void {
    this.#watched = false;
  }

  /** Ends the terminal, not the program. */
  kill(): void {
    this.#watched = false;
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      // It has ended already.
      if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  async #show(screen: Screen): Promise<void> {
    while (this.#watched) {
      const { value, done } = await this.#output.read();
      if (done) {
        if (this.#watched) screen.ended();
        return;
      }
      // Waiting for each frame takes longer than sending them: the last has room when all have.
      let room = Promise.resolve();
      for (const text of chunkText(value)) room = screen.show(text);
      await room;
    }
  }
}
