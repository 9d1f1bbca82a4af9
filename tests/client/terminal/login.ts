/** A person's shell on a pty of its own, with a job in the background and one in front. @module */
import { Pty } from "../../daemon/pty.ts";
import { kill, processesMarked, untilNone } from "./marked.ts";

/** A shell that was started; killed at the end. */
export class Login implements AsyncDisposable {
  /** Its process. */
  readonly pid: number;
  readonly #pty: Pty;
  readonly #mark: string;

  private constructor(pid: number, pty: Pty, mark: string) {
    this.pid = pid;
    this.#pty = pty;
    this.#mark = mark;
  }

  /** Starts one, types a line, and then `sleep`. */
  static async start(line = ":"): Promise<Login> {
    const mark = crypto.randomUUID();
    const pid = Promise.withResolvers<number>();
    let seen = "";
    const env = { PATH: "/usr/bin:/bin", SHELL: "/bin/sh", MARK: mark, HOME: "/" };
    const pty = new Pty("exec bash --norc --noprofile -i", env, {
      show: (text) => {
        seen += text;
        const [, digits] = /pid:(\d+):/.exec(seen) ?? [];
        if (digits !== undefined) pid.resolve(Number(digits));
        return Promise.resolve();
      },
      ended: () => pid.reject(new Error(`The shell ended: ${seen}`)),
    });
    pty.type(`${line}\nsleep 1000 &\necho pid:$$:\nsleep 1000\n`);
    return new Login(await pid.promise, pty, mark);
  }

  /** What runs on it. */
  processes(): Promise<readonly string[]> {
    return processesMarked(this.#mark);
  }

  /** Resolves when nothing runs on it any more; fails when it stays. */
  nothingLeft(): Promise<void> {
    return untilNone(() => this.processes(), 8);
  }

  /** Ends it and all on it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#pty.kill();
    await this.#pty.ended;
    for (const line of await this.processes()) kill(parseInt(line));
    await this.nothingLeft();
  }
}
