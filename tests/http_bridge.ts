/**
 * Streamable HTTP in front of a server on byte streams, for the conformance suite, which speaks nothing
 * else. Only for tests: it checks no headers and no origin.
 *
 * @module
 */
import { type Conversation, converse, type Serve } from "./server/converse.ts";
import type { Message } from "./session.ts";

/** Changes messages on their way. */
export interface Translation {
  /** A request to the server. */
  readonly request?: (params: Params) => Params;
  /** A result of the server. */
  readonly result?: (result: Params) => Params;
}

/** Parameters and results. */
export type Params = Readonly<Record<string, unknown>>;

/** A bridge; on closing the servers end. */
export interface HttpBridge extends AsyncDisposable {
  /** Where requests are POSTed. */
  readonly url: string;
}

/** What HTTP answers an error of the protocol with. */
const statuses: Readonly<Record<number, number>> = {
  [-32700]: 400,
  [-32600]: 400,
  [-32601]: 404,
  [-32602]: 400,
  [-32021]: 400,
  [-32022]: 400,
};
const SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";
const SESSION = "mcp-session-id";

/**
 * Starts a bridge. Each session of an older revision has a server of its own; what has no session goes to
 * one for all.
 */
export function bridgeTo(serve: Serve, { request, result }: Translation = {}): HttpBridge {
  const sessions = new Map<string, Conversation>();
  let count = 0;

  async function answer(http: Request): Promise<Response> {
    const session = http.headers.get(SESSION) ?? "";
    if (session !== "" && !sessions.has(session)) return new Response(null, { status: 404 });
    switch (http.method) {
      case "POST": {
        const message: Message = await http.json();
        const isFirst = message.method === "initialize" &&
          Object.keys(metaOf(message.params)).length === 0;
        return await post(http, message, isFirst ? crypto.randomUUID() : session);
      }
      case "GET":
        return session === "" ? new Response(null, { status: 405 }) : streamOfAll(session);
      case "DELETE":
        await sessions.get(session)?.[Symbol.asyncDispose]();
        sessions.delete(session);
        return new Response(null, { status: 204 });
      default:
        return new Response(null, { status: 405 });
    }
  }

  function conversationOf(session: string): Conversation {
    const conversation = sessions.get(session) ?? converse(serve);
    sessions.set(session, conversation);
    return conversation;
  }

  async function post(http: Request, sent: Message, session: string): Promise<Response> {
    const conversation = conversationOf(session);
    const { id: given, params = {}, ...rest } = sent;
    if (given === undefined || rest.method === undefined) {
      await conversation.send({ ...sent });
      return new Response(null, { status: 202 });
    }
    // Clients of their own count for themselves.
    const id = `http-${++count}`;
    const heard = messagesOf(conversation, id, isLogging(session, params));
    await conversation.send({ ...rest, id, params: withToken(request?.(params) ?? params, id) });
    const cancel = () =>
      conversation.send({ method: "notifications/cancelled", params: { requestId: id } });
    http.signal.addEventListener("abort", cancel);
    const written = (message: Message) => JSON.stringify(asGiven(message, sent));
    const { value: first } = await heard.next();
    if (first === undefined) return new Response(null, { status: 499 });
    const headers = session === "" ? {} : { [SESSION]: session };
    if (first.method === undefined) {
      const status = first.error === undefined ? 200 : statuses[first.error.code] ?? 200;
      return Response.json(JSON.parse(written(first)), {
        status: session === "" ? status : 200,
        headers,
      });
    }
    return stream(first, heard, written, headers, cancel);
  }

  /** What belongs to no request. */
  function streamOfAll(session: string): Response {
    const heard = messagesOf(conversationOf(session), undefined, false);
    return stream(undefined, heard, (message) => JSON.stringify(message), {});
  }

  /** A message with the id and the progress token that the client gave. */
  function asGiven(message: Message, sent: Message): Message {
    const { progressToken } = metaOf(sent.params);
    const { params = {}, ...rest } = message;
    if (message.method === undefined) {
      const translated = message.result && (result?.(message.result) ?? message.result);
      return { ...rest, id: sent.id ?? null, ...(translated && { result: translated }) };
    }
    const meta = metaOf(params);
    return {
      ...rest,
      params: {
        ...params,
        ...(params.progressToken === undefined ? {} : { progressToken }),
        ...(meta[SUBSCRIPTION] === undefined
          ? {}
          : { _meta: { ...meta, [SUBSCRIPTION]: sent.id } }),
      },
    };
  }

  const http = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  return {
    url: `http://127.0.0.1:${http.addr.port}/mcp`,
    [Symbol.asyncDispose]: async () => {
      for (const conversation of sessions.values()) await conversation[Symbol.asyncDispose]();
      await http.shutdown();
    },
  };
}

/**
 * The messages that belong to a request, its answer last; without an id those that belong to none.
 *
 * @param isLogging Whether log messages belong to it
 */
async function* messagesOf(
  { messages, next, ended }: Conversation,
  id: string | undefined,
  isLogging: boolean,
): AsyncGenerator<Message> {
  const owner = ({ id, method, params = {} }: Message): unknown => {
    if (method === undefined) return id;
    return params.progressToken ?? metaOf(params)[SUBSCRIPTION];
  };
  const isMine = (message: Message) =>
    owner(message) === id &&
      (id !== undefined || /^notifications\/resources/.test(message.method ?? "")) ||
    (isLogging && message.method === "notifications/message") ||
    // A question of an older revision names no call.
    (id !== undefined && message.method !== undefined && message.id !== undefined);
  let at = messages.length;
  for (;;) {
    const isNew = (message: Message) => messages.indexOf(message, at) >= at;
    const found = await Promise.race([
      next((message) => isNew(message) && isMine(message)),
      ended.then(() => undefined),
    ]);
    if (found === undefined) return;
    at = messages.indexOf(found, at) + 1;
    yield found;
    if (found.method === undefined) return;
  }
}

function stream(
  first: Message | undefined,
  heard: AsyncGenerator<Message>,
  written: (message: Message) => string,
  headers: Readonly<Record<string, string>>,
  cancel: () => void = () => {},
): Response {
  const encode = (message: Message) => new TextEncoder().encode(`data: ${written(message)}\n\n`);
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      if (first !== undefined) controller.enqueue(encode(first));
    },
    pull: async (controller) => {
      const { value, done } = await heard.next();
      if (done === true) return controller.close();
      controller.enqueue(encode(value));
    },
    cancel,
  });
  return new Response(body, { headers: { ...headers, "content-type": "text/event-stream" } });
}

/** In older revisions whoever has an open stream gets the log. */
function isLogging(session: string, params: Params): boolean {
  return session !== "" || metaOf(params)["io.modelcontextprotocol/logLevel"] !== undefined;
}

function withToken(params: Params, id: string): Params {
  const meta = metaOf(params);
  return meta.progressToken === undefined
    ? params
    : { ...params, _meta: { ...meta, progressToken: id } };
}

function metaOf({ _meta: meta }: Params = {}): Params {
  return typeof meta === "object" && meta !== null ? { ...meta } : {};
}
