/**
 * One connection with an agent at its other end.
 *
 * @module
 */
import { bootLines, bootProof, farewellTo, newNonce, upload } from "./agent.ts";
import { AgentParser, type Answer, type Message } from "./agent_parser.ts";
import { makeReady } from "./ready.ts";
import type { TerminalSocket } from "./socket.ts";
import { within } from "../async/deadline.ts";

/** A command as it is sent to the agent. */
export interface Request {
  /** The script. */
  readonly script: Uint8Array;
  /** What it reads. */
  readonly stdin: Uint8Array;
  /** How many blocks of 512 bytes of each output's beginning to send. */
  readonly headBlocks: number;
  /** How many bytes of each output's end to send. */
  readonly tailBytes: number;
  /** Given standard output as it comes; without it, it is part of the answer. */
  readonly onPiece: ((base64: string) => void) | undefined;
}

interface Waiting {
  readonly request: Request;
  readonly reply: PromiseWithResolvers<Answer>;
  isKilled: boolean;
}

/** The connection was lost. */
export class Dropped extends Error {
  /** Tells it from other errors. */
  override readonly name = "Dropped";

  /**
   * @param wasSent Whether a command was on its way
   * @param said Why it was lost, where that is known
   */
  constructor(readonly wasSent: boolean, readonly said?: string) {
    super(said ?? "The connection was lost");
  }
}

/** The agent could not do what was asked; no command ran. */
export class AgentFailed extends Error {
  /** Tells it from other errors. */
  override readonly name = "AgentFailed";

  /** @param reason The agent's word for it: `upload`, `fifo`, `nodir`, `nobase64`, `damaged`, `flood` */
  constructor(readonly reason: string) {
    super(`The agent failed: ${reason}`);
  }
}

/** Well below the 25 s of silence after which the agent ends by itself. */
const HEARTBEAT_MS = 8_000;
const CLOSE_MS = 1_500;

/** An agent and the way to it; it does one thing at a time. */
export class AgentSession {
  /** Resolves when the connection is gone. */
  readonly dropped: Promise<unknown>;
  readonly #socket: TerminalSocket;
  readonly #nonce: string;
  readonly #parser: AgentParser;
  readonly #heartbeat: ReturnType<typeof setInterval>;
  readonly #asked = new Map<number, (() => void)[]>();
  /** Goes out with what is sent next: two small frames cost 40 ms, by Nagle and delayed acknowledgement. */
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
   * Starts an agent in a terminal that was just opened.
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

  /** Whether another command may be given to it. */
  get isUsable(): boolean {
    return this.#socket.isOpen && !this.#isClosing && this.#failure === undefined &&
      this.#waiting === undefined;
  }

  /** Since when nothing was heard of the agent, as `performance.now()` counts. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /**
   * Has a command run.
   *
   * @throws {Dropped | AgentFailed}
   */
  async run(request: Request): Promise<Answer> {
    this.#throwIfLost();
    const reply = Promise.withResolvers<Answer>();
    this.#waiting = { request, reply, isKilled: false };
    const { headBlocks, tailBytes } = request;
    this.#parser.expect(4 * (headBlocks * 512 + tailBytes) + 64 * 1024);
    const script = request.script.toBase64();
    const stdin = request.stdin.toBase64();
    const numbers = [
      ++this.#lastId,
      script.length,
      request.script.length,
      stdin.length,
      request.stdin.length,
      headBlocks,
      tailBytes,
      request.onPiece === undefined ? 0 : 1,
    ];
    this.#say(`R ${numbers.join(" ")}`, `${script}${stdin}`);
    return await reply.promise;
  }

  /** Has the running command ended with everything that it started; its answer comes all the same. */
  kill(why: "timeout" | "cancel"): void {
    if (this.#waiting === undefined || this.#waiting.isKilled) return;
    this.#waiting.isKilled = true;
    this.#say(`K ${why}`);
  }

  /** Nothing more is asked of this agent. */
  spoil(reason: Error): void {
    this.#fail(reason);
  }

  /**
   * Puts a shell into the agent's care: it is ended when the agent ends. Resolves when it is there.
   *
   * @throws {Dropped | AgentFailed}
   */
  async care(pid: number): Promise<void> {
    this.#say(`W ${pid}`);
    // That has no answer of its own; to end nobody has one, and comes after it.
    await this.end(0);
    this.#throwIfLost();
  }

  /** Has a shell ended that is in care; resolves when it is, or when the connection is gone. */
  async end(pid: number): Promise<void> {
    if (!this.#socket.isOpen) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#asked.set(pid, [...this.#asked.get(pid) ?? [], resolve]);
    this.#say(`Q ${pid}`);
    await promise;
  }

  /** Ends what runs and the agent; waits for that a moment, then closes. Safe to call twice. */
  async close(): Promise<void> {
    this.letGo();
    await within(this.dropped, CLOSE_MS);
    this.#socket.close();
    await this.dropped;
  }

  /** Tells the agent to end everything, and does not wait. */
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
