import { assert } from "@std/assert";

/** A JSON-RPC message as it was received. */
export interface Message {
  readonly jsonrpc?: string;
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** The result of a request. */
export type RpcAnswer = Readonly<Record<string, unknown>>;

/** What a tool answered. */
export interface CallResult {
  /** The text of the first content block. */
  readonly text: string;
  /** The structured content, to be read by the tool's own output schema; absent on errors. */
  readonly structuredContent: unknown;
  /** Whether it failed. */
  readonly isError: boolean;
  /** Kind of failure, as `_meta` has it. */
  readonly code: unknown;
  /** Condition behind the failure, as `_meta` has it. */
  readonly reason: unknown;
}

/** An error that the server answered. */
export class RpcFailure extends Error {
  /** The JSON-RPC code. */
  readonly code: number;
  /** More. */
  readonly data: unknown;

  /** Made from the message's `error`. */
  constructor({ code, message, data }: NonNullable<Message["error"]>) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** How a request is sent. */
export interface RequestOptions {
  /** @default {the next number} */
  readonly id?: string | number;
  /** Asks for progress. */
  readonly progressToken?: string | number;
}

/** Takes a request or notification of the server's. */
export type Handler = (params: Readonly<Record<string, unknown>>) => unknown;

/** How a server ended. */
export interface Ending {
  /** The exit code. */
  readonly code: number;
  /** The signal that ended it; null where none did. */
  readonly signal: string | null;
}

/** A server as its client sees it: a process, or what stands for one in this process. */
export interface Peer {
  /** Takes requests. */
  readonly stdin: WritableStream<Uint8Array>;
  /** Gives answers. */
  readonly stdout: ReadableStream<Uint8Array>;
  /** Gives log lines. */
  readonly stderr: ReadableStream<Uint8Array>;
  /** Resolves when it has ended. */
  readonly status: Promise<Ending>;
}

/** What is waited for. */
interface Wait {
  /** Whether it has come; each look is at what is new. */
  readonly holds: () => boolean;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** A conversation with one server. */
export class Session implements AsyncDisposable {
  /** Every message received, oldest first. */
  readonly messages: Message[] = [];
  /** The same as they were written. */
  readonly lines: string[] = [];
  /** How the server ended. */
  readonly exited: Promise<Ending>;
  /** The result of `initialize`, once it was sent. */
  initialized: RpcAnswer = {};
  #stderr = "";
  #nextId = 1;
  #isInputOpen = true;
  readonly #strayLines: string[] = [];
  readonly #peer: Peer;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiting = new Set<Wait>();
  /** The first answer to each id. */
  readonly #answers = new Map<Message["id"], Message>();
  /** What a wait fails with, once the server has ended. */
  #end: (() => unknown) | undefined;
  readonly #handlers = new Map<string, Handler>();
  readonly #listeners = new Map<string, Handler>();
  readonly #done: Promise<unknown>;
  readonly #afterwards: () => Promise<void>;

  /** @param afterwards Runs when the server has ended */
  constructor(peer: Peer, afterwards: () => Promise<void> = () => Promise.resolve()) {
    this.#peer = peer;
    this.#input = peer.stdin.getWriter();
    this.#afterwards = afterwards;
    this.exited = peer.status;
    this.#done = Promise.all([this.#readOutput(), this.#readErrors()]);
    this.#done.then(
      () =>
        this.#stop(() => new Error(`The server ended before that. Its stderr:\n${this.#stderr}`)),
      (error) => this.#stop(() => error),
    );
  }

  /** What the server wrote to stderr so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** The notifications received so far. */
  get notifications(): readonly Message[] {
    return this.messages.filter(({ id, method }) => id === undefined && method !== undefined);
  }

  /** Sends `initialize` and `notifications/initialized`. */
  async initialize(
    capabilities: Readonly<Record<string, unknown>> = {},
    protocolVersion = "2025-11-25",
  ): Promise<RpcAnswer> {
    this.initialized = await this.request("initialize", {
      protocolVersion,
      capabilities,
      clientInfo: { name: "tests", version: "1" },
    });
    await this.notify("notifications/initialized");
    return this.initialized;
  }

  /** Sends a request and waits for its result. */
  async request(
    method: string,
    params?: Readonly<Record<string, unknown>>,
    options: RequestOptions = {},
  ): Promise<RpcAnswer> {
    const id = options.id ?? this.#nextId++;
    const meta = options.progressToken === undefined
      ? {}
      : { _meta: { progressToken: options.progressToken } };
    const sent = params === undefined ? meta : { ...params, ...meta };
    await this.send(JSON.stringify({ jsonrpc: "2.0", id, method, params: sent }) + "\n");
    await this.#until(() => this.#answers.has(id));
    const { error, result = {} } = this.#answers.get(id) ?? {};
    if (error !== undefined) throw new RpcFailure(error);
    return result;
  }

  /** Calls a tool. */
  async call(
    name: string,
    args: Readonly<Record<string, unknown>> = {},
    options: RequestOptions = {},
  ): Promise<CallResult> {
    const result = await this.request("tools/call", { name, arguments: args }, options);
    const [block] = Array.isArray(result.content) ? result.content : [];
    const meta: Readonly<Record<string, unknown>> = { ...(result._meta ?? {}) };
    return {
      text: block?.text ?? "",
      structuredContent: result.structuredContent,
      isError: result.isError === true,
      code: meta["containarium/code"],
      reason: meta["containarium/reason"],
    };
  }

  /** Sends a notification. */
  notify(method: string, params?: Readonly<Record<string, unknown>>): Promise<void> {
    return this.send(
      JSON.stringify({ jsonrpc: "2.0", method, ...(params === undefined ? {} : { params }) }) +
        "\n",
    );
  }

  /** Sends text as it is. */
  send(text: string): Promise<void> {
    return this.#input.write(new TextEncoder().encode(text));
  }

  /** Answers a kind of request that the server sends. */
  onRequest(method: string, handler: Handler): void {
    this.#handlers.set(method, handler);
  }

  /** Told each notification of a kind from now on. */
  onNotification(method: string, listener: Handler): void {
    this.#listeners.set(method, listener);
  }

  /** The first message, received already or yet to come, that fits. */
  async next(fits: (message: Message) => boolean): Promise<Message> {
    let found: Message | undefined;
    let looked = 0;
    await this.#until(() => {
      while (found === undefined && looked < this.messages.length) {
        const message = this.messages[looked++];
        if (message !== undefined && fits(message)) found = message;
      }
      return found !== undefined;
    });
    assert(found !== undefined);
    return found;
  }

  /** Resolves when stderr holds the text. */
  whenStderr(text: string): Promise<void> {
    let looked = 0;
    return this.#until(() => {
      if (text !== "" && looked === this.#stderr.length) return false;
      const from = Math.max(0, looked - text.length);
      looked = this.#stderr.length;
      return this.#stderr.includes(text, from);
    });
  }

  /** Ends the server's stdin. */
  async closeStdin(): Promise<void> {
    if (!this.#isInputOpen) return;
    this.#isInputOpen = false;
    // A server that has left already cannot be told.
    await this.#input.close().catch(() => {});
  }

  /** Ends the session; fails when stdout carried anything but JSON-RPC. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.closeStdin();
    await this.exited;
    await this.#done;
    await this.#afterwards();
    assert(
      this.#strayLines.length === 0,
      `stdout carried lines that are no JSON-RPC:\n${this.#strayLines.join("\n")}`,
    );
  }

  async #readOutput(): Promise<void> {
    for await (const line of linesOf(this.#peer.stdout)) this.#receive(line);
    this.#wake();
  }

  #receive(line: string): void {
    this.lines.push(line);
    let message: Message | undefined;
    try {
      message = JSON.parse(line);
    } catch {
      // Told when the session ends.
    }
    if (message?.jsonrpc !== "2.0") this.#strayLines.push(line);
    else this.#keep(message);
    this.#wake();
    if (message?.method === undefined) return;
    if (message.id !== undefined) this.#answer(message);
    else this.#listeners.get(message.method)?.(message.params ?? {});
  }

  #keep(message: Message): void {
    const { id, method } = message;
    this.messages.push(message);
    if (method === undefined && !this.#answers.has(id)) this.#answers.set(id, message);
  }

  #answer({ id, method = "", params = {} }: Message): void {
    const handler = this.#handlers.get(method);
    Promise.try(() => handler?.(params)).then((result) => {
      const outcome = handler === undefined
        ? { error: { code: -32601, message: "Method not found" } }
        : { result };
      return this.send(JSON.stringify({ jsonrpc: "2.0", id, ...outcome }) + "\n");
    });
  }

  async #readErrors(): Promise<void> {
    for await (const text of this.#peer.stderr.pipeThrough(new TextDecoderStream())) {
      this.#stderr += text;
      this.#wake();
    }
  }

  #wake(): void {
    for (const wait of this.#waiting) {
      if (!wait.holds()) continue;
      this.#waiting.delete(wait);
      wait.resolve();
    }
  }

  /** Ends what still waits. */
  #stop(end: () => unknown): void {
    this.#end = end;
    this.#wake();
    for (const { reject } of this.#waiting) reject(end());
    this.#waiting.clear();
  }

  /** Resolves when it holds; fails when the server ends before. */
  async #until(holds: () => boolean): Promise<void> {
    if (holds()) return;
    if (this.#end !== undefined) throw this.#end();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.add({ holds, resolve, reject });
    await promise;
  }
}

/** A conversation with a server in a process of its own. */
export class ProcessSession extends Session {
  /** The process's id. */
  readonly pid: number;
  readonly #process: Deno.ChildProcess;

  /** @param afterwards Runs when the process has ended */
  constructor(process: Deno.ChildProcess, afterwards: () => Promise<void>) {
    super(process, afterwards);
    this.#process = process;
    this.pid = process.pid;
  }

  /** Kills the process. */
  kill(): void {
    this.#process.kill("SIGKILL");
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
