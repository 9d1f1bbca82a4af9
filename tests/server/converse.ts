/** A client in this process, over a pair of streams. @module */
import type { Message } from "../session.ts";

/** Runs a server over a pair of streams. */
export type Serve = (
  input: ReadableStream<Uint8Array>,
  output: WritableStream<Uint8Array>,
) => Promise<void>;

/** A conversation; closing it ends the input, and with it the server. */
export interface Conversation extends AsyncDisposable {
  /** Every message received. */
  readonly messages: readonly Message[];
  /** Resolves when the server has ended. */
  readonly ended: Promise<void>;
  /** Sends `initialize` and `notifications/initialized`. */
  initialize(capabilities?: Readonly<Record<string, unknown>>): Promise<Message>;
  /** Sends a request and waits for its response. */
  request(
    method: string,
    params: Readonly<Record<string, unknown>>,
    id?: number,
  ): Promise<Message>;
  /** Sends a message. */
  send(message: Readonly<Record<string, unknown>>): Promise<void>;
  /** Sends a line unchanged. */
  sendLine(line: string): Promise<void>;
  /** Resolves to the first matching message, already received or future. */
  next(fits: (message: Message) => boolean): Promise<Message>;
  /** Ends the input. */
  close(): Promise<void>;
}

/** Starts a conversation. */
export function converse(serve: Serve): Conversation {
  const input = new TransformStream<Uint8Array, Uint8Array>();
  const output = new TransformStream<Uint8Array, Uint8Array>();
  const messages: Message[] = [];
  const waiting = new Set<() => void>();
  const writer = input.writable.getWriter();
  const ended = serve(input.readable, output.writable).finally(() => output.writable.close());
  const read = (async () => {
    let rest = "";
    for await (const text of output.readable.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      messages.push(...lines.map((line): Message => JSON.parse(line)));
      for (const look of waiting) look();
    }
  })();
  let nextId = 100;
  const sendLine = (line: string) => writer.write(new TextEncoder().encode(`${line}\n`));
  const send = (message: Readonly<Record<string, unknown>>) =>
    sendLine(JSON.stringify({ jsonrpc: "2.0", ...message }));
  const next = async (fits: (message: Message) => boolean) => {
    const { promise, resolve } = Promise.withResolvers<Message>();
    const look = () => {
      const found = messages.find(fits);
      if (found !== undefined) resolve(found);
    };
    waiting.add(look);
    look();
    return await promise.finally(() => waiting.delete(look));
  };
  const request = async (
    method: string,
    params: Readonly<Record<string, unknown>>,
    id = nextId++,
  ) => {
    await send({ id, method, params });
    return await next((message) => message.id === id && message.method === undefined);
  };
  // An input that the server has cancelled cannot be closed.
  const close = () => writer.close().catch(() => {});
  return {
    messages,
    ended,
    request,
    send,
    sendLine,
    next,
    close,
    initialize: async (capabilities = {}) => {
      const answer = await request("initialize", {
        protocolVersion: "2025-11-25",
        capabilities,
        clientInfo: { name: "tests", version: "1" },
      });
      await send({ method: "notifications/initialized" });
      return answer;
    },
    [Symbol.asyncDispose]: async () => {
      await close();
      await ended;
      await read;
    },
  };
}
