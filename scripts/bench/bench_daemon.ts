/** Starts the daemon of a measurement. @module */
import { assert } from "@std/assert";
import { importFlags, type Target } from "../../tests/connect.ts";
import { linesOf } from "../lines.ts";
import { type DaemonSetup, plainSetup } from "./daemon_setup.ts";

/** A daemon in a process of its own. */
export class BenchDaemon implements AsyncDisposable, Target {
  /** Where it answers. */
  readonly url: string;
  /** A token for it, an admin's. */
  readonly token: string;
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncGenerator<string>;

  private constructor(
    { url, token }: Target,
    process: Deno.ChildProcess,
    lines: AsyncGenerator<string>,
  ) {
    this.url = url;
    this.token = token;
    this.#process = process;
    this.#input = process.stdin.getWriter();
    this.#lines = lines;
  }

  /** Starts one. */
  static async start(setup: Partial<DaemonSetup> = {}): Promise<BenchDaemon> {
    const program = new URL("./daemon_process.ts", import.meta.url).pathname;
    const json = JSON.stringify({ ...plainSetup, ...setup });
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "-P=test", "--cached-only", ...importFlags, program, json],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const lines = linesOf(process.stdout);
    const { url, token } = JSON.parse(await nextLine(lines));
    return new BenchDaemon({ url, token }, process, lines);
  }

  /** Returns the number of requests so far. */
  async requests(): Promise<number> {
    await this.#input.write(new TextEncoder().encode("\n"));
    return Number(JSON.parse(await nextLine(this.#lines)).requests);
  }

  /** Fetches a path and reads the answer, which is thrown away. */
  async fetch(path: string): Promise<void> {
    const headers = { authorization: `Bearer ${this.token}` };
    const response = await fetch(this.url + path, { headers });
    await response.text();
    assert(response.ok, `${path}: ${response.status}`);
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close();
    await this.#process.status;
    await this.#lines.return(undefined);
  }
}

async function nextLine(lines: AsyncGenerator<string>): Promise<string> {
  const { value, done } = await lines.next();
  assert(done !== true, "The simulated daemon has ended");
  return value;
}
