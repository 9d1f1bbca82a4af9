/** A client that measures: it notes when the last byte of an answer arrives, before it is parsed. @module */
import { inherited, type Target } from "../../tests/connect.ts";
import { joined, LineSplitter } from "./line_splitter.ts";
import type { Command } from "./subject.ts";

/** An answer. */
export interface Arrival {
  /** From writing the request to the last byte of the answer. */
  readonly ms: number;
  /** By `performance.now()`. */
  readonly at: number;
  /** Its length. */
  readonly bytes: number;
  /** The result. */
  readonly result: Readonly<Record<string, unknown>>;
}

/** What a program answered in place of a result, or that it did not. */
export class NoResult extends Error {}

interface Wait {
  readonly since: number;
  readonly resolve: (arrival: Arrival) => void;
  readonly reject: (error: NoResult) => void;
}

/** Longer than anything that is measured. */
const PATIENCE_MS = 120_000;

/** A conversation with one program. */
export class WireClient implements AsyncDisposable {
  /** When the program was started, by `performance.now()`. */
  readonly startedAt: number;
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiting = new Map<unknown, Wait>();
  readonly #ended: Promise<void>;
  #nextId = 1;
  #hasEnded = false;

  /** Starts a program, with the variables that name a daemon, and nothing of this one's environment. */
  constructor([program, ...args]: Command, { url, token }: Target) {
    this.startedAt = performance.now();
    this.#process = new Deno.Command(program, {
      args,
      clearEnv: true,
      env: {
        ...inherited(),
        HOME: "/nonexistent",
        NO_COLOR: "1",
        DENO_NO_UPDATE_CHECK: "1",
        CONTAINARIUM_SERVER_URL: url,
        CONTAINARIUM_JWT_TOKEN: token,
        // A delete would ask, and there is nobody to answer.
        CONTAINARIUM_CONSENT: "never",
      },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#ended = this.#read();
  }

  /** The process's id. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Opens the conversation as clients of 2025-11-25 do. */
  async initialize(): Promise<Arrival> {
    const clientInfo = { name: "bench", version: "1" };
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
    const arrival = await this.request("initialize", params);
    const notification = { jsonrpc: "2.0", method: "notifications/initialized" };
    // A program that ends meanwhile shows at the next request.
    await this.#input.write(encoded(notification)).catch(() => {});
    return arrival;
  }

  /** Opens the conversation as clients of 2026-07-28 do. */
  discover(): Promise<Arrival> {
    const prefix = "io.modelcontextprotocol/";
    return this.request("server/discover", {
      _meta: {
        [`${prefix}protocolVersion`]: "2026-07-28",
        [`${prefix}clientCapabilities`]: {},
        [`${prefix}clientInfo`]: { name: "bench", version: "1" },
      },
    });
  }

  /** Calls a tool. Throws if that fails. */
  async call(name: string, args: Readonly<Record<string, unknown>> = {}): Promise<Arrival> {
    const arrival = await this.request("tools/call", { name, arguments: args });
    if (arrival.result.isError === true) {
      throw new NoResult(`${name}: ${JSON.stringify(arrival.result.content)}`);
    }
    return arrival;
  }

  /** Sends a request. Throws if there is no result. */
  async request(method: string, params: Readonly<Record<string, unknown>>): Promise<Arrival> {
    if (this.#hasEnded) throw new NoResult("The program has ended");
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<Arrival>();
    const timer = setTimeout(() => reject(new NoResult(`${method}: no answer`)), PATIENCE_MS);
    const line = encoded({ jsonrpc: "2.0", id, method, params });
    this.#waiting.set(id, { since: performance.now(), resolve, reject });
    this.#input.write(line).catch(() => {
      reject(new NoResult(`${method}: the program does not read`));
    });
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  /** Ends the program's input, and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    // A program that has ended has closed it.
    await this.#input.close().catch(() => {});
    await this.#process.status;
    await this.#ended;
  }

  async #read(): Promise<void> {
    const lines = new LineSplitter();
    for await (const chunk of this.#process.stdout) {
      const at = performance.now();
      for (const line of lines.split(chunk)) this.#take(joined(line), at);
    }
    this.#hasEnded = true;
    for (const { reject } of this.#waiting.values()) reject(new NoResult("The program has ended"));
  }

  #take(line: Uint8Array, at: number): void {
    const { id, result, error } = JSON.parse(new TextDecoder().decode(line));
    const wait = this.#waiting.get(id);
    if (wait === undefined) return;
    if (result === undefined) wait.reject(new NoResult(JSON.stringify(error ?? "no result")));
    else wait.resolve({ ms: at - wait.since, at, bytes: line.length, result });
  }
}

function encoded(message: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(message)}\n`);
}
