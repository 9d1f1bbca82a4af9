import { type Link, type LinkOptions, MAX_MESSAGE_BYTES, Refused, tooMuch } from "./link.ts";

/**
 * Opens the runtime's own WebSocket, which uses the environment's proxy. It delivers complete messages
 * only: an oversized one closes the link, but has been in memory by then.
 *
 * @throws {Refused} The daemon refused the handshake
 * @throws The error of a connection that could not be made
 */
export async function openByRuntime(
  { url, headers, signal, listener }: LinkOptions,
  client: Deno.HttpClient,
): Promise<Link> {
  signal.throwIfAborted();
  const socket = new WebSocket(url, { headers: { ...headers }, client });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const giveUp = () => socket.close();
  signal.addEventListener("abort", giveUp, { once: true });
  const closed = new Promise<void>((resolve) => socket.onclose = () => resolve());
  let reason: string | undefined;
  socket.onopen = () => resolve();
  socket.onmessage = ({ data }) => {
    if (typeof data !== "string" || reason !== undefined) return;
    if (data.length <= MAX_MESSAGE_BYTES) return listener.onText(data);
    reason = tooMuch;
    socket.close();
  };
  // Once open, "Unexpected EOF" is the normal end of a shell.
  socket.onerror = (event) => {
    event.preventDefault();
    reject(event instanceof ErrorEvent ? new Error(event.message) : event);
  };
  try {
    await promise;
    signal.throwIfAborted();
    closed.then(() => listener.onClose(reason));
    return linkOf(socket);
  } catch (error) {
    socket.close();
    await closed;
    throw refusal(error) ?? error;
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

function linkOf(socket: WebSocket): Link {
  return {
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    send: (text) => socket.send(text),
    close: () => socket.close(),
    cut: () => socket.close(),
  };
}

/** The runtime reports only the status, and not even that over TLS if HTTP/2 is offered. */
function refusal(error: unknown): Refused | undefined {
  if (!(error instanceof Error)) return undefined;
  const status = /Invalid status code: (\d+)/.exec(error.message)?.[1];
  if (status !== undefined) return new Refused(Number(status));
  return /stream error|protocol error|HTTP\/2/i.test(error.message)
    ? new Refused(undefined)
    : undefined;
}
