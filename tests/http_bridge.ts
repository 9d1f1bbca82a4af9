/**
 * Streamable HTTP of the revision 2026-07-28 in front of a server on byte streams, for the conformance
 * suite, which speaks nothing else. Only for tests: it checks no headers and no origin.
 *
 * @module
 */
import { converse, type Serve } from "./server/converse.ts";
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

/** A bridge; on closing the server ends. */
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

/** Starts a server and a bridge to it. */
export function bridgeTo(serve: Serve, { request, result }: Translation = {}): HttpBridge {
  const conversation = converse(serve);
  let count = 0;

  async function answer(http: Request): Promise<Response> {
    if (http.method !== "POST") return new Response(null, { status: 405 });
    const sent: Message = await http.json();
    const { id: given, params = {}, ...rest } = sent;
    if (given === undefined) {
      await conversation.send({ ...rest, params });
      return new Response(null, { status: 202 });
    }
    // Clients of their own count for themselves.
    const id = `http-${++count}`;
    const heard = hear(id, params);
    await conversation.send({ ...rest, id, params: withToken(request?.(params) ?? params, id) });
    http.signal.addEventListener("abort", () => {
      conversation.send({ method: "notifications/cancelled", params: { requestId: id } });
    });
    const first = await heard.next();
    if (first === undefined) return new Response(null, { status: 499 });
    const written = (message: Message) => JSON.stringify(asGiven(message, sent));
    if (first.method === undefined) {
      const status = first.error === undefined ? 200 : statuses[first.error.code] ?? 200;
      const headers = { "content-type": "application/json" };
      return new Response(written(first), { status, headers });
    }
    const stream = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const message = first === undefined ? undefined : await heard.next(true);
        if (message === undefined) return controller.close();
        controller.enqueue(new TextEncoder().encode(`data: ${written(message)}\n\n`));
        if (message.method === undefined) controller.close();
      },
      cancel: async () => {
        await conversation.send({ method: "notifications/cancelled", params: { requestId: id } });
      },
    });
    return new Response(stream, { headers: { "content-type": "text/event-stream" } });
  }

  /** The messages that belong to a request, in order. */
  function hear(id: string, params: Params) {
    let at = conversation.messages.length;
    let pending: Message | undefined;
    const logs = metaOf(params)["io.modelcontextprotocol/logLevel"] !== undefined;
    const isMine = (message: Message) =>
      message.id === id || message.params?.progressToken === id ||
      metaOf(message.params ?? {})[SUBSCRIPTION] === id ||
      (logs && message.method === "notifications/message");
    const following = async () => {
      const found = await conversation.next((message) =>
        conversation.messages.indexOf(message, at) >= at && isMine(message)
      );
      at = conversation.messages.indexOf(found, at) + 1;
      return found;
    };
    return {
      /** @param again Whether to begin with the last one once more */
      next: async (again = false): Promise<Message | undefined> => {
        if (again && pending !== undefined) {
          const last = pending;
          pending = undefined;
          return last;
        }
        const message = await following();
        if (!again) pending = message;
        return message;
      },
    };
  }

  /** A message with the id and the progress token that the client gave. */
  function asGiven(message: Message, sent: Message): Message {
    const { progressToken } = metaOf(sent.params ?? {});
    const { params = {}, ...rest } = message;
    if (message.method === undefined) {
      return {
        ...rest,
        id: sent.id ?? null,
        ...(message.result === undefined
          ? {}
          : { result: result?.(message.result) ?? message.result }),
      };
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
      await conversation[Symbol.asyncDispose]();
      await http.shutdown();
    },
  };
}

function withToken(params: Params, id: string): Params {
  const meta = metaOf(params);
  return meta.progressToken === undefined
    ? params
    : { ...params, _meta: { ...meta, progressToken: id } };
}

function metaOf({ _meta: meta }: Params): Params {
  return typeof meta === "object" && meta !== null ? { ...meta } : {};
}
