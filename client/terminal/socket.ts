/**
 * The daemon's terminal, which carries text in JSON frames over a WebSocket.
 *
 * @module
 */
import { type ApiPath, urlOfPath } from "../transport/api_path.ts";
import { attemptError, connectionError } from "../transport/connection_error.ts";
import { networkWords } from "../transport/words.ts";
import { type Link, Refused } from "./link.ts";
import type { LinkOpener } from "./link_opener.ts";

/** Address and credentials of a terminal. */
export interface SocketOptions {
  /** The daemon's address; a path prefix is kept. */
  readonly serverUrl: URL;
  /** The terminal's path. */
  readonly path: ApiPath;
  /** `Authorization` and `Origin`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Opens the connection. */
  readonly links: LinkOpener;
  /** Aborts the handshake. */
  readonly signal: AbortSignal;
}

/** The daemon may ask its peers first, up to 10 s each. */
const HANDSHAKE_MS = 30_000;
/** A canonical tty cuts input at 4 KB, but nothing long is sent before the tty is raw. */
const FRAME_CHARS = 64 * 1024;
/** Milliseconds for the daemon to acknowledge the close. */
const CLOSE_MS = 2_000;

const MAX_REASON_CHARS = 1_000;
/** Limit of the output that is kept while there is no listener: usually a prompt. */
const MAX_EARLY_CHARS = 64 * 1024;

/** A connection to a terminal. */
export class TerminalSocket {
  /** Resolves when the connection is gone, with the daemon's reason, if it gave one. */
  readonly dropped: Promise<string | undefined>;
  #link: Link | undefined;
  #early: string[] = [];
  #earlyChars = 0;
  #onOutput: ((text: string) => void) | undefined;
  #isOpen = true;
  #reason: string | undefined;
  #closing: ReturnType<typeof setTimeout> | undefined;
  #drop: (reason?: string) => void = () => {};

  private constructor() {
    this.dropped = new Promise((resolve) => {
      this.#drop = (reason) => {
        clearTimeout(this.#closing);
        this.#isOpen = false;
        resolve(this.#reason ?? reason);
      };
    });
  }

  /**
   * Opens a terminal.
   *
   * @throws {Refused} The daemon refused the handshake
   * @throws {ContainariumError} `unavailable`, `failed_precondition`, `timeout`
   * @throws The signal's reason
   */
  static async connect(options: SocketOptions): Promise<TerminalSocket> {
    const { serverUrl, path, headers, links, signal } = options;
    const over = new AbortController();
    const timer = setTimeout(
      () => over.abort(new DOMException("The daemon took too long", "TimeoutError")),
      HANDSHAKE_MS,
    );
    const terminal = new TerminalSocket();
    const listener = {
      onText: (text: string) => terminal.#receive(text),
      onClose: (reason?: string) => terminal.#drop(reason),
    };
    try {
      signal.throwIfAborted();
      const url = addressOf(serverUrl, path);
      const any = AbortSignal.any([signal, over.signal]);
      terminal.#link = await links.open({ url, headers, signal: any, listener });
      return terminal;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Refused) throw error;
      const attempt = { serverUrl, request: { method: "GET", path: path.text } };
      if (over.signal.aborted) {
        const words = `no answer in ${HANDSHAKE_MS / 1_000} s`;
        throw attemptError(attempt, "timeout", words, { cause: over.signal.reason });
      }
      throw connectionError(error, attempt) ??
        attemptError(attempt, "unavailable", networkWords(error), { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sets the listener for output; it first gets what arrived while there was none. */
  set onOutput(onOutput: ((text: string) => void) | undefined) {
    this.#onOutput = onOutput;
    if (onOutput === undefined) return;
    const early = this.#early;
    this.#early = [];
    this.#earlyChars = 0;
    for (const text of early) onOutput(text);
  }

  /** Whether the connection is open. */
  get isOpen(): boolean {
    return this.#isOpen && this.#link?.isOpen === true;
  }

  /** Types text in frames of 64 KiB. Does nothing if the connection is gone. */
  send(text: string): void {
    for (let at = 0; at < text.length && this.isOpen;) {
      const end = frameEnd(text, at);
      this.#link?.send(JSON.stringify({ type: "input", data: text.slice(at, end) }));
      at = end;
    }
  }

  /** Closes the connection. Nothing in the container ends. */
  close(): void {
    this.#link?.close();
    if (!this.#isOpen || this.#closing !== undefined) return;
    // A frozen daemon never answers.
    this.#closing = setTimeout(() => {
      this.#link?.cut();
      this.#drop();
    }, CLOSE_MS);
    Deno.unrefTimer(this.#closing);
  }

  #receive(text: string): void {
    const frame = parse(text);
    if (frame?.type === "error") this.#reason = frame.data.slice(0, MAX_REASON_CHARS);
    if (frame?.type !== "output") return;
    if (this.#onOutput !== undefined) return this.#onOutput(frame.data);
    this.#earlyChars += frame.data.length;
    if (this.#earlyChars <= MAX_EARLY_CHARS) this.#early.push(frame.data);
  }
}

function addressOf(serverUrl: URL, path: ApiPath): URL {
  const url = new URL(urlOfPath(serverUrl, path.text));
  url.protocol = serverUrl.protocol === "https:" ? "wss:" : "ws:";
  return url;
}

/** Never splits a surrogate pair. */
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
