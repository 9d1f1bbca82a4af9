/** The program on a pseudo terminal, with a user who looks at the screen and types. @module */
import { assert } from "@std/assert";
import { Screen } from "../../tools/screen/screen.ts";
import { Pty } from "../daemon/pty.ts";
import { shippedCommand } from "../connect.ts";
import type { Daemon } from "../daemon/mod.ts";

const DEADLINE_MS = 30_000;

/** How large a terminal is. */
export interface TerminalSize {
  /** Columns. */
  readonly cols: number;
  /** Rows. */
  readonly rows: number;
}

/** What the kernel gives a new one. */
const USUAL_SIZE: TerminalSize = { cols: 80, rows: 24 };

/** A user at a terminal, usually of 80 columns and 24 rows. */
export class UserTerminal implements AsyncDisposable {
  readonly #pty: Pty;
  readonly #screen: Screen;
  #raw = "";
  #shown = Promise.withResolvers<void>();

  private constructor(command: string, env: Readonly<Record<string, string>>, screen: Screen) {
    this.#screen = screen;
    this.#pty = new Pty(command, env, {
      show: (text) => {
        this.#raw += text;
        screen.write(text);
        this.#changed();
        return Promise.resolve();
      },
      ended: () => this.#changed(),
    });
  }

  /** Runs a command of a shell. */
  static async run(
    command: string,
    env: Readonly<Record<string, string>> = {},
    { cols, rows }: TerminalSize = USUAL_SIZE,
  ): Promise<UserTerminal> {
    const screen = await Screen.open({ cols, rows, reply: () => {} });
    const own = { PATH: Deno.env.get("PATH") ?? "", TERM: "xterm-256color" };
    return new UserTerminal(
      `stty cols ${cols} rows ${rows}; ${command}`,
      { ...own, ...env },
      screen,
    );
  }

  /** Starts the program as it is shipped, with these arguments; its exit code is shown at the end. */
  static async start(
    daemon: Daemon,
    args: readonly string[],
    size: TerminalSize = USUAL_SIZE,
  ): Promise<UserTerminal> {
    const quoted = [...shippedCommand(daemon.url), ...args].map((arg) =>
      `'${arg.replaceAll("'", "'\\''")}'`
    );
    const command = `trap : INT; ${quoted.join(" ")}; echo "exit code $?"; stty -a`;
    const env = {
      HOME: Deno.env.get("HOME") ?? "",
      CONTAINARIUM_SERVER_URL: daemon.url,
      CONTAINARIUM_JWT_TOKEN: await daemon.token(),
    };
    return await UserTerminal.run(command, env, size);
  }

  /** What is on the screen. */
  async text(): Promise<string> {
    await this.#screen.settled();
    return this.#screen.text;
  }

  /** Everything that was written, with its control functions. */
  get raw(): string {
    return this.#raw;
  }

  /** Waits until the screen shows something. */
  async waitFor(wanted: string | RegExp): Promise<string> {
    const deadline = performance.now() + DEADLINE_MS;
    for (;;) {
      const changed = this.#shown.promise;
      const text = await this.text();
      if (typeof wanted === "string" ? text.includes(wanted) : wanted.test(text)) return text;
      const left = deadline - performance.now();
      assert(left > 0, `The screen does not show ${wanted}:\n${text}`);
      const timer = setTimeout(() => this.#changed(), left);
      await changed;
      clearTimeout(timer);
    }
  }

  /** Types. */
  async type(text: string): Promise<void> {
    await this.#pty.type(text);
  }

  #changed(): void {
    this.#shown.resolve();
    this.#shown = Promise.withResolvers();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#pty.kill();
    await this.#pty.ended;
  }
}
