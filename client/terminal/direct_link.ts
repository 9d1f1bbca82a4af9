/**
 * A WebSocket straight to the daemon. Deno's own collects a message that comes in endless fragments
 * until memory is gone, and cannot be cut off; this one does neither.
 *
 * @module
 */
import type { Buffer } from "node:buffer";
import type { ClientRequest, ClientRequestArgs, IncomingMessage } from "node:http";
// @ts-types="@types/ws"
import type { RawData, WebSocket } from "ws";
import { connectSecurely } from "../transport/secure.ts";
import { NotSent, unsent } from "../transport/transport.ts";
import { withoutProxy } from "../transport/without_proxy.ts";
import { type Link, type LinkOptions, Refused } from "./link.ts";
import { loadWs } from "./load_ws.ts";

/** A frame of the daemon's holds what one read of a pty gives: some 32 KB, escaped as JSON. */
const MAX_MESSAGE_BYTES = 1_048_576;
const MAX_FRAGMENTS = 4_096;
/** Whoever refuses says why in less. */
const MAX_REFUSAL_CHARS = 4_096;
const REFUSAL_MS = 2_000;

/**
 * Opens one.
 *
 * @param caCerts Certificates to trust besides the usual authorities', as PEM
 * @param connectMs Milliseconds until the connection, TLS included, has to be there
 * @throws {Refused} The daemon said no
 * @throws {NotSent} The daemon was not reached
 * @throws The signal's reason, `Deno.errors.NotCapable`, or what is thrown for a connection that was lost
 */
export async function openDirectly(
  options: LinkOptions,
  caCerts: readonly string[],
  connectMs: number,
): Promise<Link> {
  const { url, headers, signal, listener } = options;
  const ws = await loadWs();
  signal.throwIfAborted();
  const way = await wayTo(options, caCerts, connectMs);
  const { promise, resolve, reject } = Promise.withResolvers<Link>();
  const socket = new ws.WebSocket(url, {
    headers: { ...headers },
    followRedirects: false,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    maxFragments: MAX_FRAGMENTS,
    ...way,
    finishRequest: (request) => {
      request.once("socket", (stream) => {
        if (stream.connecting) stream.once("connect", connected);
        else connected();
      });
      request.end();
    },
  });
  const timer = setTimeout(() => {
    reject(new NotSent(new Error("no connection in time")));
    socket.terminate();
  }, connectMs);
  let isConnected = false;
  const connected = () => {
    isConnected = true;
    clearTimeout(timer);
  };
  let reason: string | undefined;
  const giveUp = () => socket.terminate();
  signal.addEventListener("abort", giveUp, { once: true });
  // A signal that aborted before it was listened to says so only here.
  if (signal.aborted) giveUp();
  socket.on("error", (error) => {
    reject(isConnected ? error : unsent(error));
    // Of a message that is too large the rest would be read on and on.
    if (isTooMuch(error)) reason = "The daemon sent more in one message than a terminal can";
    socket.terminate();
  });
  socket.on("unexpected-response", async (_request: ClientRequest, answer: IncomingMessage) => {
    reject(new Refused(answer.statusCode, await beginningOf(answer)));
    socket.terminate();
  });
  socket.on("open", () => resolve(linkOf(socket)));
  socket.on("message", (data, isBinary) => {
    if (!isBinary) listener.onText(textOf(data));
  });
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  try {
    const link = await promise;
    signal.throwIfAborted();
    closed.then(() => listener.onClose(reason));
    return link;
  } catch (error) {
    socket.terminate();
    await closed;
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
  }
}

/** Neither uses the environment's proxy, which Node's own agent does if NODE_USE_ENV_PROXY is set. */
async function wayTo(
  { url, signal }: LinkOptions,
  caCerts: readonly string[],
  connectMs: number,
): Promise<Pick<ClientRequestArgs, "agent" | "createConnection">> {
  if (url.protocol === "ws:") {
    const { Agent } = await import("node:http");
    return { agent: new Agent(withoutProxy) };
  }
  const over = AbortSignal.any([signal, AbortSignal.timeout(connectMs)]);
  const connection = await connectSecurely({ url, caCerts, signal: over }).catch((error) => {
    throw signal.aborted ? signal.reason : unsent(error);
  });
  return { createConnection: () => connection };
}

function linkOf(socket: WebSocket): Link {
  return {
    get isOpen() {
      return socket.readyState === socket.OPEN;
    },
    send: (text) => socket.send(text),
    close: () => socket.close(),
    cut: () => socket.terminate(),
  };
}

function isTooMuch(error: Error): boolean {
  return "code" in error &&
    (error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH" ||
      error.code === "WS_ERR_TOO_MANY_BUFFERED_PARTS");
}

function textOf(data: RawData): string {
  return Array.isArray(data) ? data.map(String).join("") : data.toString();
}

/** What a refusal says first, as far as it comes soon. */
async function beginningOf(answer: IncomingMessage): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, REFUSAL_MS);
  let text = "";
  answer.on("data", (piece: Buffer) => {
    text = (text + piece.toString()).slice(0, MAX_REFUSAL_CHARS);
    if (text.length === MAX_REFUSAL_CHARS) resolve();
  });
  for (const event of ["end", "error", "close"]) answer.on(event, () => resolve());
  await promise;
  clearTimeout(timer);
  return text;
}
