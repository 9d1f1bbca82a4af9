/**
 * The daemon's terminal as a pair of text streams: frames of JSON over a WebSocket.
 *
 * @module
 */
import type { ApiPath } from "../api_path.ts";
import { HttpFailure } from "../http_failure.ts";

/** Where a terminal is and how one presents oneself. */
export interface SocketOptions {
  /** The daemon's address; a path prefix is kept. */
  readonly serverUrl: URL;
  /** The terminal's path. */
  readonly path: ApiPath;
  /** `Authorization` and `Origin`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whom to trust and which way to take. */
  readonly client: Deno.HttpClient;
  /** Gives up the handshake. */
  readonly signal: AbortSignal;
}

/**
 * The daemon refused the handshake. Deno tells the status and not the words; over TLS not even that,
 * where HTTP/2 is offered: it then tries that, too, and tells of that failure.
 */
export class Refused extends Error {
  /** Tells it from other errors. */
  override readonly name = "Refused";

  /** @param status The HTTP status, when it is known */
  constructor(readonly status: number | undefined) {
    super(`The terminal's handshake was answered with status ${status ?? "unknown"}`);
  }
}

/** The daemon asks its peers first, up to 10 s each. */
const HANDSHAKE_MS = 30_000;
/** A canonical tty would cut input at 4 KB, but nothing long is sent before it is raw. */
const FRAME_CHARS = 64 * 1024;
/** How long a daemon may take to answer that a connection is closed. */
const CLOSE_MS = 2_000;

/** One terminal. */
export class TerminalSocket {
  /** Told what the terminal prints. */
  onOutput: (text: string) => void = () => {};
  /** Resolves when the connection is gone, with what the daemon said last, if it said why. */
  readonly dropped: Promise<string | undefined>;
  readonly #socket: WebSocket;
  #isOpen = true;
  #reason: string | undefined;
  #closing: ReturnType<typeof setTimeout> | undefined;
  #drop: () => void = () => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.dropped = new Promise((resolve) => {
      this.#drop = () => {
        clearTimeout(this.#closing);
        this.#isOpen = false;
        resolve(this.#reason);
      };
    });
    socket.onclose = this.#drop;
    // "Unexpected EOF" is how every shell's end looks.
    socket.onerror = (event) => event.preventDefault();
    socket.onmessage = (event) => this.#receive(event.data);
  }

  /**
   * Opens a terminal.
   *
   * @throws {Refused} The daemon said no
   * @throws {ContainariumError} `unavailable`, `failed_precondition`, `timeout`
   * @throws The signal's reason
   */
  static async connect(options: SocketOptions): Promise<TerminalSocket> {
    const { signal } = options;
    signal.throwIfAborted();
    const failure = new HttpFailure({ method: "GET", path: options.path.text }, {
      serverUrl: options.serverUrl,
      headersTimeoutMs: HANDSHAKE_MS,
      totalTimeoutMs: HANDSHAKE_MS,
    });
    const socket = construct(options, failure);
    const opened = Promise.withResolvers<TerminalSocket>();
    const giveUp = () => socket.close();
    const timer = setTimeout(() => {
      opened.reject(new DOMException("The daemon took too long", "TimeoutError"));
      socket.close();
    }, HANDSHAKE_MS);
    signal.addEventListener("abort", giveUp, { once: true });
    const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
    socket.onopen = () => opened.resolve(new TerminalSocket(socket));
    socket.onerror = (event) => {
      event.preventDefault();
      opened.reject(event instanceof ErrorEvent ? new Error(event.message) : event);
    };
    try {
      const terminal = await opened.promise;
      signal.throwIfAborted();
      return terminal;
    } catch (error) {
      socket.close();
      await closed;
      signal.throwIfAborted();
      throw refusal(error) ?? failure.explain(error, undefined);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** Whether what is sent may still arrive. */
  get isOpen(): boolean {
    return this.#isOpen && this.#socket.readyState === WebSocket.OPEN;
  }

  /** Types text, in frames of 64 KiB; nothing happens when the connection is gone. */
  send(text: string): void {
    for (let at = 0; at < text.length && this.isOpen;) {
      const end = frameEnd(text, at);
      this.#socket.send(JSON.stringify({ type: "input", data: text.slice(at, end) }));
      at = end;
    }
  }

  /** Closes the connection, which ends nothing in the container. */
  close(): void {
    this.#socket.close();
    if (!this.#isOpen || this.#closing !== undefined) return;
    // The runtime would wait for ever for a daemon that is frozen.
    this.#closing = setTimeout(this.#drop, CLOSE_MS);
    Deno.unrefTimer(this.#closing);
  }

  #receive(data: unknown): void {
    const frame = typeof data === "string" ? parse(data) : undefined;
    if (frame?.type === "output") this.onOutput(frame.data);
    else if (frame?.type === "error") this.#reason = frame.data;
  }
}

function construct(
  { serverUrl, path, headers, client }: SocketOptions,
  failure: HttpFailure,
): WebSocket {
  const url = new URL(serverUrl);
  url.protocol = serverUrl.protocol === "https:" ? "wss:" : "ws:";
  url.pathname = `${serverUrl.pathname.replace(/\/+$/, "")}${path.text}`;
  url.search = url.hash = "";
  try {
    return new WebSocket(url, { headers: { ...headers }, client });
  } catch (error) {
    throw failure.explain(error, undefined);
  }
}

function refusal(error: unknown): Refused | undefined {
  if (!(error instanceof Error)) return undefined;
  const status = /Invalid status code: (\d+)/.exec(error.message)?.[1];
  if (status !== undefined) return new Refused(Number(status));
  return /stream error|protocol error|HTTP\/2/i.test(error.message)
    ? new Refused(undefined)
    : undefined;
}

/** Never between the halves of a character. */
function frameEnd(text: string, start: number): number {
  const end = start + FRAME_CHARS;
  const isSplit = /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
  return isSplit ? end - 1 : end;
}

interface Frame {
  readonly type: unknown;
  readonly data: string;
}

function parse(text: string): Frame | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    if (typeof frame !== "object" || frame === null) return undefined;
    if (!("type" in frame && "data" in frame) || typeof frame.data !== "string") return undefined;
    return { type: frame.type, data: frame.data };
  } catch {
    return undefined;
  }
}
