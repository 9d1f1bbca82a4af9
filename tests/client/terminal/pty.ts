/** The agent on a real pty of this machine, driven by its line protocol alone. @module */
import {
  bootLines,
  bootProof,
  newNonce,
  sentScript,
  upload,
} from "../../../client/terminal/agent.ts";
import { AgentParser, type Answer, type Output } from "../../../client/terminal/agent_parser.ts";
import { decodeBase64, decodeBlock } from "../../../client/terminal/decode.ts";
import { foldersMarked, ownerOf, processesMarked, untilNone } from "./marked.ts";
import { Pty } from "../../daemon/pty.ts";
import { findTool } from "../../daemon/scratch_tools.ts";

/** The shells that run it. */
export const agentShells: readonly string[] = ["bash", "dash", "busybox ash"];

/** The program of such a shell. */
export function programOf(shell: string): string {
  return shell.split(" ")[0] ?? shell;
}

/** How an agent is started. */
export interface AgentOptions {
  /** Tenths of a second of silence after which it ends; 250 in earnest. */
  readonly silence?: number;
  /** Where it finds its tools. */
  readonly path?: string;
  /** What is done in the shell before it: `umask 022`. */
  readonly before?: string;
  /** Wrapped around all of it: `unshare -rm sh -c`. */
  readonly within?: string;
}

/** What is asked of it. */
export interface Ask {
  /** What the command reads. */
  readonly stdin?: Uint8Array;
  /** Blocks of 512 bytes kept of the head. */
  readonly headBlocks?: number;
  /** Bytes kept of the tail. */
  readonly tailBytes?: number;
  /** Told each piece of standard output. */
  readonly onPiece?: (piece: Uint8Array) => void;
}

/** An output, decoded. */
export interface Kept {
  /** Its beginning. */
  readonly head: Uint8Array;
  /** Its end, and the length of the whole, where it was longer than the head. */
  readonly tail?: {
    readonly bytes: Uint8Array;
    readonly total: number;
    readonly isAtLeast: boolean;
  };
}

/** What came of a command, decoded. */
export interface Outcome {
  /** The exit code as a shell gives it. */
  readonly exitCode: number;
  /** Who ended it. */
  readonly endedBy: Answer["endedBy"];
  /** Standard output. */
  readonly stdout: Kept;
  /** Standard error. */
  readonly stderr: Kept;
}

/** An agent that was started; ended and waited for at the end. */
export class PtyAgent implements AsyncDisposable {
  /** What its lines begin with, and what all its processes have in their environment. */
  readonly nonce: string;
  /** Its home, an empty folder. */
  readonly home: string;
  /** Resolves when everything on the pty has ended. */
  readonly ended: Promise<void>;
  /** Characters that it has printed. */
  printed = 0;
  /** What it said of each part of an output, such as `B o p 6 3015617425`. */
  readonly parts: string[] = [];
  readonly #pty: Pty;
  readonly #parser: AgentParser;
  readonly #ready = Promise.withResolvers<void>();
  readonly #isBooted = Promise.withResolvers<void>();
  readonly #gone = new Map<number, () => void>();
  #failure: Error | undefined;
  #seen = "";
  #lastId = 0;
  #reply: PromiseWithResolvers<Answer> | undefined;
  #onPiece: ((piece: Uint8Array) => void) | undefined;

  private constructor(nonce: string, home: string, command: string, path: string) {
    this.nonce = nonce;
    this.home = home;
    this.#parser = new AgentParser(nonce);
    this.#pty = new Pty(command, { HOME: home, PATH: path, SHELL: "/bin/sh", MARK: nonce }, {
      show: (text) => Promise.resolve(this.#hear(text)),
      ended: () => this.#fail(new Error(`It ended: ${this.#seen.slice(-500)}`)),
    });
    this.ended = this.#pty.ended;
  }

  /** Starts an agent in a shell, "busybox ash" for one; fails when it does not get ready. */
  static async start(shell: string, options: AgentOptions = {}): Promise<PtyAgent> {
    const nonce = newNonce();
    const home = await Deno.makeTempDir({ prefix: "agent-" });
    const program = shell.replace(/^\S+/, (name) => findTool(name) ?? name);
    const boot = bootLines(nonce)[0].trim()
      // A container's may be any of them: Rocky's is bash.
      .replaceAll("/bin/sh", program)
      .replace("time 250", `time ${options.silence ?? 250}`);
    const line = `cd; ${options.before ?? ":"}; ${boot}`;
    const command = options.within === undefined
      ? line
      : `${options.within} '${line.replaceAll("'", `'\\''`)}'`;
    const agent = new PtyAgent(nonce, home, command, options.path ?? "/usr/bin:/bin");
    try {
      await agent.#isBooted.promise;
      agent.say("H", upload(nonce));
      await agent.#ready.promise;
      return agent;
    } catch (error) {
      await agent[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Sends a line, behind `before`. */
  say(line: string, before = "", after = ""): void {
    this.#pty.type(`${before}${this.nonce} ${line}\n${after}`);
  }

  /** Has a command run. */
  async run(command: string, ask: Ask = {}): Promise<Outcome> {
    const { headBlocks = 1024, tailBytes = 100_000 } = ask;
    const script = new TextEncoder().encode(command);
    const stdin = ask.stdin ?? new Uint8Array();
    const sent = sentScript(script);
    const stdin64 = stdin.toBase64();
    const id = ++this.#lastId;
    if (this.#failure !== undefined) throw this.#failure;
    this.#reply = Promise.withResolvers();
    this.#onPiece = ask.onPiece;
    const lengths = [...sent.lengths, stdin64.length, stdin.length];
    const numbers = [id, ...lengths, headBlocks, tailBytes, ask.onPiece === undefined ? 0 : 1];
    this.say(`R ${numbers.join(" ")}`, "", sent.text + stdin64);
    const answer = await this.#reply.promise;
    this.say("A");
    const most = headBlocks * 512 + tailBytes;
    return {
      exitCode: answer.exitCode,
      endedBy: answer.endedBy,
      stdout: await kept(answer.stdout, most),
      stderr: await kept(answer.stderr, most),
    };
  }

  /** Has a shell in its care ended. */
  async end(pid: number): Promise<void> {
    const gone = Promise.withResolvers<void>();
    this.#gone.set(pid, gone.resolve);
    this.say(`Q ${pid}`);
    await gone.promise;
  }

  /** Closes the pty: the agent reads its end at once. */
  hangUp(): void {
    this.#pty.kill();
  }

  /** Leaves what it prints unread. */
  stopReading(): void {
    this.#pty.turnOff();
  }

  /** Closes it as a client does, and waits until nothing is left. */
  async close(): Promise<void> {
    this.say("X");
    await this.ended;
    await this.nothingLeft();
  }

  /** Resolves when none of its processes and files is left; fails when they stay. */
  async nothingLeft(seconds = 8): Promise<void> {
    await untilNone(async () => [...await this.processes(), ...await this.folders()], seconds);
  }

  /** Its processes, and those of its commands. */
  processes(): Promise<readonly string[]> {
    return processesMarked(this.nonce);
  }

  /** Its folders. */
  folders(): Promise<readonly string[]> {
    return foldersMarked(this.nonce, this.home);
  }

  /** The agent's process. */
  async pid(): Promise<number> {
    return await ownerOf((await this.folders())[0] ?? "");
  }

  /** Ends it if a test did not, and removes its home. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.hangUp();
    await this.ended;
    await this.nothingLeft(15);
    await Deno.remove(this.home, { recursive: true });
  }

  #hear(text: string): void {
    this.printed += text.length;
    for (const [, part = ""] of text.matchAll(/^[0-9a-f]{24} ([BT] [^\n]*)$/gm)) {
      this.parts.push(part);
    }
    this.#seen = (this.#seen + text).slice(-4_000);
    if (bootProof(this.nonce).test(this.#seen)) this.#isBooted.resolve();
    for (const message of this.#parser.push(text)) {
      switch (message.kind) {
        case "ready":
          this.#ready.resolve();
          break;
        case "piece":
          this.#onPiece?.(decodeBase64(message.base64));
          break;
        case "answer":
          this.#reply?.resolve(message.answer);
          break;
        case "failed":
          this.#fail(new Error(`It failed: ${message.reason}`));
          break;
        case "gone":
          this.#gone.get(message.pid)?.();
          break;
      }
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const waiting of [this.#isBooted, this.#ready, this.#reply]) {
      // Who does not wait for it does not hear of it.
      waiting?.promise.catch(() => {});
      waiting?.reject(error);
    }
  }
}

/** What a command gave, as one looks at it: exit code, both outputs, and who ended it. */
export function outcomeOf({ exitCode, stdout, stderr, endedBy }: Outcome): readonly unknown[] {
  const all = [exitCode, text(stdout.head), text(stderr.head)];
  return endedBy === undefined ? all : [...all, endedBy];
}

/** What bytes say. */
export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

async function kept({ head, tail }: Output, most: number): Promise<Kept> {
  const bytes = await decodeBlock(head, most);
  if (tail === undefined) return { head: bytes };
  return {
    head: bytes,
    tail: {
      bytes: await decodeBlock(tail.block, most),
      total: tail.total,
      isAtLeast: tail.isAtLeast,
    },
  };
}
