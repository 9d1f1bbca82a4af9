/** How the tests of the simulator sit at a terminal. @module */

import type { Daemon } from "./mod.ts";

/** What is sent with the handshake, beside a token. */
export interface SittingOptions {
  readonly query?: string;
  readonly protocols?: readonly string[];
  readonly origin?: string;
}

/** A terminal as a client has it. */
export class Sitting implements AsyncDisposable {
  /** Everything that was shown. */
  screen = "";
  /** The frames that were got, as they came. */
  readonly frames: string[] = [];
  /** How it ended. */
  readonly closed: Promise<{ readonly code: number; readonly wasClean: boolean }>;
  readonly #socket: WebSocket;
  readonly #looks = new Set<() => void>();
  readonly #opened = Promise.withResolvers<void>();

  private constructor(url: string, headers: Record<string, string>, protocols: string[]) {
    this.#socket = new WebSocket(url, { headers, protocols });
    const { promise, resolve } = Promise.withResolvers<{ code: number; wasClean: boolean }>();
    this.closed = promise;
    this.#socket.onopen = () => this.#opened.resolve();
    this.#socket.onclose = ({ code, wasClean }) => {
      resolve({ code, wasClean });
      this.#opened.reject(new Error("It was refused"));
      for (const look of this.#looks) look();
    };
    this.#opened.promise.catch(() => {});
    this.#socket.onmessage = ({ data }) => this.#take(String(data));
  }

  /** Sits down at a terminal of a daemon, by default as its admin. */
  static async open(
    daemon: Daemon,
    username: string,
    options: SittingOptions & { readonly token?: string } = {},
  ): Promise<Sitting> {
    const token = options.token ?? await daemon.token();
    return await Sitting.at(daemon.url, username, token, options);
  }

  /** Sits down at a terminal behind that URL; an empty token is not sent in a header. */
  static async at(
    daemonUrl: string,
    username: string,
    token: string,
    { query = "", protocols = [], origin = "http://localhost:3000" }: SittingOptions = {},
  ): Promise<Sitting> {
    const url = `${daemonUrl.replace("http", "ws")}/v1/containers/${username}/terminal${query}`;
    const headers = { origin, ...(token === "" ? {} : { authorization: `Bearer ${token}` }) };
    const sitting = new Sitting(url, headers, [...protocols]);
    await sitting.#opened.promise;
    return sitting;
  }

  /** The subprotocol that the server picked. */
  get protocol(): string {
    return this.#socket.protocol;
  }

  /** Types. */
  type(text: string): void {
    this.send(JSON.stringify({ type: "input", data: text }));
  }

  /** Sends a frame. */
  send(frame: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(frame);
  }

  /** Resolves when the screen shows it, with all that it shows. */
  async shows(what: string | RegExp): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => {
      if (typeof what === "string" ? this.screen.includes(what) : what.test(this.screen)) resolve();
      else if (this.#socket.readyState === WebSocket.CLOSED) {
        reject(new Error(`It ended without ${what}:\n${this.screen}`));
      }
    };
    this.#looks.add(look);
    look();
    await promise.finally(() => this.#looks.delete(look));
    return this.screen;
  }

  /** Leaves: what runs there goes on. */
  async leave(): Promise<void> {
    this.#socket.close();
    await this.closed;
  }

  /** Leaves. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
  }

  #take(frame: string): void {
    this.frames.push(frame);
    const { type, data }: { readonly type: string; readonly data: string } = JSON.parse(frame);
    if (type === "output") this.screen += data;
    for (const look of this.#looks) look();
  }
}

/** Whether a process is there, and not only its entry that nobody has collected yet. */
export async function isAlive(pid: number): Promise<boolean> {
  // By way of a program: Deno keeps /proc to who may do all.
  const args = [`/proc/${pid}/status`];
  const { stdout } = await new Deno.Command("cat", { args, stderr: "null" }).output();
  return /^State:\t[^ZX]/m.test(new TextDecoder().decode(stdout));
}
