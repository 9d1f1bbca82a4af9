import { type Link, type LinkOptions, MAX_MESSAGE_BYTES, Refused, tooMuch } from "./link.ts";

/**
 * Opens a WebSocket of the runtime's, which knows the environment's proxy. It collects a message before
 * anyone can judge it: one that is too large ends the terminal, but has been in memory by then.
 *
 * @throws {Refused} The daemon said no
 * @throws Whatever keeps it from being reached
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
  // Once it is open, "Unexpected EOF" is how every shell's end looks.
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

/** The runtime gives the status only, and over TLS not even that, where HTTP/2 is offered. */
function refusal(error: unknown): Refused | undefined {
  if (!(error instanceof Error)) return undefined;
  const status = /Invalid status code: (\d+)/.exec(error.message)?.[1];
  if (status !== undefined) return new Refused(Number(status));
  return /stream error|protocol error|HTTP\/2/i.test(error.message)
    ? new Refused(undefined)
    : undefined;
}
