/**
 * The transport: one JSON-RPC message per line, in and out. It replaces the SDK's, which ignores a
 * malformed line, drops the last one, forgets request 0 and does not cancel the calls in progress when
 * stdin ends.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/shared/transport"
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
// @ts-types="@modelcontextprotocol/sdk/types"
import type { JSONRPCMessage, RequestId } from "@modelcontextprotocol/sdk/types.js";
import { within } from "../../client/internal.ts";
import { readLines, tooLong } from "./lines.ts";
import { readMessage } from "./messages.ts";
import { answeredId, formatMessage, parseMessage, toClient } from "./request_ids.ts";
import { rpcCodes } from "../rpc_error.ts";

/** A pair of byte streams and what to do at their ends. */
export interface StdioOptions {
  /** Where requests come from. */
  readonly input: ReadableStream<Uint8Array>;
  /** Takes answers, whole lines; awaited one after the other. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Called when the input has ended, before the last answers: for requests that wait for just that. */
  readonly onLastLine?: (() => void) | undefined;
  /** Called when the input has ended, with the number of requests to give up. */
  readonly onInputEnd: (unanswered: number) => void;
  /** Takes each message as it comes and goes, for the debug log; `undefined` for a line that is not JSON. */
  readonly trace: (direction: "in" | "out", message: unknown) => void;
  /** Returns whether a request of a method stays open by its nature: nobody waits for its end. */
  readonly isStream: (method: string) => boolean;
  /** Takes secrets out of what goes out. */
  readonly redact: (line: string) => string;
  /** Ends it before the input does. */
  readonly signal?: AbortSignal | undefined;
}

const MAX_LINE_BYTES = 32 * 1024 * 1024;
const LAST_ANSWERS_MS = 800;
const QUICK_ANSWERS_MS = 150;

/** Carries messages over a pair of byte streams. */
export class StdioTransport implements Transport {
  onmessage?: Transport["onmessage"];
  onclose?: () => void;
  onerror?: (error: Error) => void;
  /** Resolves when the input has ended and the last answer is out. */
  readonly ended: Promise<void>;
  /** Resolves when the first message is out, or nobody reads it. */
  readonly spoken: Promise<void>;
  readonly #options: StdioOptions;
  readonly #first = Promise.withResolvers<void>();
  readonly #end = Promise.withResolvers<void>();
  readonly #unanswered = new Set<RequestId>();
  /** Aborted when nobody reads the answers any more. */
  readonly #gone = new AbortController();
  #answered = Promise.withResolvers<void>();
  #written: Promise<void> = Promise.resolve();
  #isOpen = true;
  #isMute = false;

  /** @param options The streams */
  constructor(options: StdioOptions) {
    this.#options = options;
    this.ended = this.#end.promise;
    this.spoken = this.#first.promise;
  }

  /** Begins to read. */
  start(): Promise<void> {
    this.#read().then(this.#end.resolve, this.#end.reject);
    return Promise.resolve();
  }

  /** Queues a message; the event loop goes on while the client does not read. */
  send(message: JSONRPCMessage): Promise<void> {
    if (isAnswer(message)) this.#settle(message.id);
    return this.#write(toClient(message));
  }

  /** Notifies the SDK that the connection is closed. */
  close(): Promise<void> {
    if (this.#isOpen) {
      this.#isOpen = false;
      this.onclose?.();
    }
    return Promise.resolve();
  }

  async #read(): Promise<void> {
    const { input, signal } = this.#options;
    const ended = AbortSignal.any([this.#gone.signal, ...(signal === undefined ? [] : [signal])]);
    try {
      for await (const line of readLines(input, MAX_LINE_BYTES, ended)) this.#receive(line);
    } finally {
      await this.#lastAnswers();
    }
  }

  #receive(line: string | typeof tooLong): void {
    if (line === tooLong) {
      return this.#refuse(rpcCodes.invalidRequest, `A line is longer than ${MAX_LINE_BYTES} bytes`);
    }
    if (line.trim() === "") return;
    let json: unknown;
    try {
      json = parseMessage(line);
    } catch {
      this.#options.trace("in", undefined);
      // The parser's own words quote the line, and with it what may be secret.
      return this.#refuse(rpcCodes.parseError, "Parse error: the line is not JSON");
    }
    this.#options.trace("in", json);
    const reading = readMessage(json);
    switch (reading.kind) {
      case "message":
        return this.#deliver(reading.message);
      case "refused":
        return this.#refuse(reading.code, reading.reason, reading.id);
      case "odd":
        return this.onerror?.(new Error(reading.reason));
    }
  }

  #deliver(message: JSONRPCMessage): void {
    if (isAnswer(message)) return this.onmessage?.({ ...message, id: answeredId(message.id) });
    if ("id" in message && message.id !== undefined) {
      if (!this.#isStream(message)) this.#unanswered.add(message.id);
    } else if ("method" in message && message.method === "notifications/cancelled") {
      const id = message.params?.requestId;
      // A cancelled request gets no answer.
      if (typeof id === "string" || typeof id === "number") this.#settle(id);
    }
    this.onmessage?.(message);
  }

  #isStream(message: JSONRPCMessage): boolean {
    return "method" in message && this.#options.isStream(message.method);
  }

  #settle(id: RequestId): void {
    this.#unanswered.delete(id);
    if (this.#unanswered.size === 0) this.#answered.resolve();
  }

  /**
   * Answers what was piped in if that takes no time. Gives up the rest and says nothing of it: clients
   * on Python mcp 1.x fail on an answer while they close. Waits, within the second that a server has to
   * leave, until what was given up has ended; not for a client that does not read.
   */
  async #lastAnswers(): Promise<void> {
    const leaveAt = performance.now() + LAST_ANSWERS_MS;
    this.#options.onLastLine?.();
    await this.#until(this.#allAnswered(), QUICK_ANSWERS_MS);
    this.#isMute = true;
    this.#options.onInputEnd(this.#unanswered.size);
    await this.#until(this.#allAnswered(), leaveAt - performance.now());
    await this.close();
    await this.#until(this.#written, leaveAt - performance.now());
  }

  #allAnswered(): Promise<void> {
    this.#answered = Promise.withResolvers<void>();
    if (this.#unanswered.size === 0) this.#answered.resolve();
    return this.#answered.promise;
  }

  /** Waits, but not for longer, nor for a client that has gone. */
  async #until(event: Promise<void>, milliseconds: number): Promise<void> {
    await within(event, milliseconds, this.#gone.signal);
  }

  #refuse(code: number, message: string, id: RequestId | null = null): void {
    this.#write({ jsonrpc: "2.0", id, error: { code, message } });
  }

  #write(message: Readonly<Record<string, unknown>>): Promise<void> {
    if (this.#isMute) return this.#written;
    const line = this.#options.redact(formatMessage(message));
    this.#options.trace("out", message);
    this.#written = this.#written.then(() => this.#put(line));
    return this.#written;
  }

  /** Nothing can be sent to a client that no longer reads: end the conversation. */
  async #put(line: string): Promise<void> {
    if (this.#gone.signal.aborted) return;
    try {
      await this.#options.write(new TextEncoder().encode(`${line}\n`));
    } catch (error) {
      const isQuiet = error instanceof Deno.errors.BrokenPipe || !this.#isOpen;
      if (!isQuiet) this.onerror?.(error instanceof Error ? error : new Error(String(error)));
      this.#gone.abort();
    } finally {
      this.#first.resolve();
    }
  }
}

function isAnswer(message: JSONRPCMessage): message is JSONRPCMessage & { readonly id: RequestId } {
  return !("method" in message) && "id" in message && message.id !== undefined;
}
