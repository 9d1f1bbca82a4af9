/**
 * A connection to an agent in a container.
 *
 * @module
 */
import { bootLines, bootProof, farewellTo, newNonce, sentScript, upload } from "./agent.ts";
import { AgentParser, type Answer, type Message } from "./agent_parser.ts";
import { makeReady } from "./ready.ts";
import type { TerminalSocket } from "./socket.ts";
import { within } from "../async/deadline.ts";

/** A command for the agent. */
export interface Request {
  /** The script. */
  readonly script: Uint8Array;
  /** Its standard input. */
  readonly stdin: Uint8Array;
  /** Blocks of 512 bytes to send of each output's beginning. */
  readonly headBlocks: number;
  /** Bytes to send of each output's end. */
  readonly tailBytes: number;
  /** Called with standard output as it arrives. Without it, the answer contains the output. */
  readonly onPiece: ((base64: string) => void) | undefined;
}

interface Waiting {
  readonly request: Request;
  readonly reply: PromiseWithResolvers<Answer>;
  isKilled: boolean;
}

/** The connection was lost. */
export class Dropped extends Error {
  /** Distinguishes it from other errors. */
  override readonly name = "Dropped";

  /**
   * @param wasSent Whether a command was sent
   * @param said Why it was lost, if known
   */
  constructor(readonly wasSent: boolean, readonly said?: string) {
    super(said ?? "The connection was lost");
  }
}

/** The agent failed before it ran the command. */
export class AgentFailed extends Error {
  /** Distinguishes it from other errors. */
  override readonly name = "AgentFailed";

  /** @param reason The agent's code: `upload`, `fifo`, `nodir`, `nobase64`, `damaged`, `flood` */
  constructor(readonly reason: string) {
    super(`The agent failed: ${reason}`);
  }
}

/** Well below the 25 s of silence after which the agent exits. */
const HEARTBEAT_MS = 8_000;
const CLOSE_MS = 1_500;

/** A session with an agent, which does one thing at a time. */
export class AgentSession {
  /** Resolves when the connection is gone. */
  readonly dropped: Promise<unknown>;
  readonly #socket: TerminalSocket;
  readonly #nonce: string;
  readonly #parser: AgentParser;
  readonly #heartbeat: ReturnType<typeof setInterval>;
  readonly #asked = new Map<number, (() => void)[]>();
  /** Sent with the next frame: two small frames cost 40 ms (Nagle and delayed ACK). */
  #unsent: string;
  #waiting: Waiting | undefined;
  #lastId = 0;
  #heardAt = performance.now();
  #failure: Error | undefined;
  #isClosing = false;

  private constructor(socket: TerminalSocket, nonce: string) {
    this.#socket = socket;
    this.#nonce = nonce;
    this.#parser = new AgentParser(nonce);
    this.#unsent = upload(nonce);
    this.#heartbeat = setInterval(() => this.#say("H"), HEARTBEAT_MS);
    Deno.unrefTimer(this.#heartbeat);
    this.dropped = socket.dropped.then((reason) => {
      clearInterval(this.#heartbeat);
      this.#fail(new Dropped(this.#waiting !== undefined, reason));
      for (const answered of [...this.#asked.values()].flat()) answered();
    });
  }

  /**
   * Starts an agent in a new terminal.
   *
   * @throws {NotReady}
   * @throws The signal's reason
   */
  static async start(
    socket: TerminalSocket,
    readyMs: number,
    signal: AbortSignal,
  ): Promise<AgentSession> {
    const nonce = newNonce();
    const { rest } = await makeReady(socket, {
      lines: bootLines(nonce),
      proof: bootProof(nonce),
      readyMs,
      farewell: farewellTo(nonce),
      signal,
    });
    const session = new AgentSession(socket, nonce);
    session.#hear(rest);
    socket.onOutput = (text) => session.#hear(text);
    return session;
  }

  /** Whether it can take another command. */
  get isUsable(): boolean {
    return this.#socket.isOpen && !this.#isClosing && this.#failure === undefined &&
      this.#waiting === undefined;
  }

  /** When the agent last sent something, as `performance.now()`. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /**
   * Runs a command.
   *
   * @throws {Dropped | AgentFailed}
   */
  async run(request: Request): Promise<Answer> {
    this.#throwIfLost();
    const reply = Promise.withResolvers<Answer>();
    this.#waiting = { request, reply, isKilled: false };
    const { headBlocks, tailBytes } = request;
    this.#parser.expect(4 * (headBlocks * 512 + tailBytes) + 64 * 1024);
    const script = sentScript(request.script);
    const stdin = request.stdin.toBase64();
    const numbers = [
      ++this.#lastId,
      ...script.lengths,
      stdin.length,
      request.stdin.length,
      headBlocks,
      tailBytes,
      request.onPiece === undefined ? 0 : 1,
    ];
    this.#say(`R ${numbers.join(" ")}`, `${script.text}${stdin}`);
    return await reply.promise;
  }

  /** Kills the running command with everything that it started. Its answer still arrives. */
  kill(why: "timeout" | "cancel"): void {
    if (this.#waiting === undefined || this.#waiting.isKilled) return;
    this.#waiting.isKilled = true;
    this.#say(`K ${why}`);
  }

  /** Marks this session as unusable. */
  spoil(reason: Error): void {
    this.#fail(reason);
  }

  /**
   * Registers a shell with the agent, which ends it when the agent itself ends. Resolves when the
   * agent has confirmed.
   *
   * @throws {Dropped | AgentFailed}
   */
  async care(pid: number): Promise<void> {
    this.#say(`W ${pid}`);
    // `W` is not acknowledged. `Q 0` is, and is handled after it, so its reply confirms both.
    await this.end(0);
    this.#throwIfLost();
  }

  /** Ends a registered shell; resolves when it has ended or the connection is gone. */
  async end(pid: number): Promise<void> {
    if (!this.#socket.isOpen) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#asked.set(pid, [...this.#asked.get(pid) ?? [], resolve]);
    this.#say(`Q ${pid}`);
    await promise;
  }

  /** Returns whether the agent answers in time; it is idle. */
  async answers(milliseconds: number, signal: AbortSignal): Promise<boolean> {
    return await within(this.end(0), milliseconds, signal) && this.isUsable;
  }

  /** Ends the running command and the agent, waits a moment, then closes. Safe to call twice. */
  async close(): Promise<void> {
    this.letGo();
    await within(this.dropped, CLOSE_MS);
    this.#socket.close();
    await this.dropped;
  }

  /** Asks the agent to end everything, without waiting. */
  letGo(): void {
    clearInterval(this.#heartbeat);
    this.#isClosing = true;
    this.kill("cancel");
    this.#say("X");
  }

  #throwIfLost(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#socket.isOpen) throw new Dropped(false);
  }

  #say(line: string, data = ""): void {
    const text = `${this.#unsent}${this.#nonce} ${line}\n${data}`;
    this.#unsent = "";
    this.#socket.send(text);
  }

  #hear(text: string): void {
    const before = this.#parser.taken;
    for (const message of this.#parser.push(text)) this.#take(message);
    if (this.#parser.taken > before) this.#heardAt = performance.now();
  }

  #take(message: Message): void {
    switch (message.kind) {
      case "ready":
        return;
      case "piece":
        return this.#waiting?.request.onPiece?.(message.base64);
      case "answer":
        if (message.answer.id !== this.#lastId) return;
        this.#unsent += `${this.#nonce} A\n`;
        this.#waiting?.reply.resolve(message.answer);
        this.#waiting = undefined;
        if (this.#isClosing) this.#say("X");
        return;
      case "failed":
        return this.#fail(new AgentFailed(message.reason));
      case "gone":
        return this.#asked.get(message.pid)?.shift()?.();
    }
  }

  #fail(reason: Error): void {
    this.#failure ??= reason;
    this.#waiting?.reply.reject(this.#failure);
    this.#waiting = undefined;
  }
}
