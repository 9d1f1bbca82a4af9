/**
 * A WebSocket with a message size limit. Deno's own collects the fragments of a message until memory is
 * exhausted, and cannot be cut off.
 *
 * @module
 */
import type { Buffer } from "node:buffer";
import type { ClientRequest, IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
// @ts-types="@types/ws"
import type { RawData, WebSocket } from "ws";
import { addressOf, dialTcp, streamOf } from "../transport/dial.ts";
import type { HttpProxy } from "../transport/http_proxy.ts";
import { connectSecurely } from "../transport/secure.ts";
import { NotSent, unsent } from "../transport/transport.ts";
import { dialByAnyProxy } from "../transport/tunnel.ts";
import { type Link, type LinkOptions, MAX_MESSAGE_BYTES, Refused, tooMuch } from "./link.ts";
import { loadWs } from "./load_ws.ts";

/** How to connect to the daemon. */
export interface Connecting {
  /** PEM certificates to trust besides the system's. */
  readonly caCerts: readonly string[];
  /** Proxy to connect through; absent for a direct connection. */
  readonly proxy: HttpProxy | undefined;
  /** Milliseconds to wait for the connection, including TLS. */
  readonly connectMs: number;
}

const MAX_FRAGMENTS = 4_096;
/** Maximum length of the reason for a refusal. */
const MAX_REFUSAL_CHARS = 4_096;
const REFUSAL_MS = 2_000;

/**
 * Opens a WebSocket.
 *
 * @throws {Refused} The daemon refused the handshake
 * @throws {NotSent} The daemon was not reached
 * @throws The signal's reason, `Deno.errors.NotCapable`, or the error of a lost connection
 */
export async function openBounded(options: LinkOptions, connecting: Connecting): Promise<Link> {
  const { url, headers, signal, listener } = options;
  const ws = await loadWs();
  signal.throwIfAborted();
  const stream = await connect(options, connecting);
  const { promise, resolve, reject } = Promise.withResolvers<Link>();
  const socket = new ws.WebSocket(url, {
    headers: { ...headers },
    followRedirects: false,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    maxFragments: MAX_FRAGMENTS,
    // Replaces the agent, which would use another proxy if NODE_USE_ENV_PROXY is set.
    createConnection: () => stream,
  });
  let reason: string | undefined;
  const giveUp = () => socket.terminate();
  signal.addEventListener("abort", giveUp, { once: true });
  // The signal may have aborted before the listener was added.
  if (signal.aborted) giveUp();
  socket.on("error", (error) => {
    reject(error);
    // Otherwise the rest of an oversized message would still be read.
    if (isTooMuch(error)) reason = tooMuch;
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
    signal.removeEventListener("abort", giveUp);
  }
}

/** Connects. If that fails, nothing was sent. */
async function connect(
  { url, signal }: LinkOptions,
  { caCerts, proxy, connectMs }: Connecting,
): Promise<Duplex> {
  const late = AbortSignal.timeout(connectMs);
  const over = AbortSignal.any([signal, late]);
  try {
    if (url.protocol === "wss:") {
      return await connectSecurely({ url, caCerts, proxy, signal: over });
    }
    const address = addressOf(url);
    return await streamOf(
      proxy === undefined
        ? await dialTcp(address, over)
        : await dialByAnyProxy(proxy, address, caCerts, over),
    );
  } catch (error) {
    signal.throwIfAborted();
    throw late.aborted ? new NotSent(new Error("no connection in time")) : unsent(error);
  }
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

/** Reads the start of a refusal, as far as it arrives in time. */
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
