import { ContainariumError, type ErrorCode, type ErrorInit } from "../errors.ts";
import { type Incoming, NotSent } from "./connection.ts";
import { type Attempt, attemptError, connectionError } from "./connection_error.ts";
import { Utf8Decoder } from "../text/utf8_decoder.ts";
import { tlsFault } from "./tls_fault.ts";
import { networkWords, runtimeWords } from "./words.ts";

/** Address and time limits of requests. */
interface Limits {
  readonly serverUrl: URL;
  readonly headersTimeoutMs: number;
  readonly totalTimeoutMs: number;
}

/** Explains why an exchange gave no usable response. */
export class HttpFailure {
  readonly #details: ErrorInit;
  readonly #limits: Limits;

  /** @param details The request. For methods other than GET, a lost response is `ambiguous` */
  constructor(details: ErrorInit, limits: Limits) {
    this.#details = details;
    this.#limits = limits;
  }

  /** Turns what the transport or the body threw into a `ContainariumError`. */
  explain(error: unknown, response: Incoming | undefined): ContainariumError {
    if (error instanceof ContainariumError) return error;
    if (error instanceof DOMException && error.name === "TimeoutError") {
      return this.#timeout(response, error);
    }
    const isWrite = this.#details.method !== "GET";
    if (response === undefined && !(isWrite && mayHaveBeenRead(error, this.#limits.serverUrl))) {
      const unreached = connectionError(error, this.#attempt);
      if (unreached !== undefined) return unreached;
    }
    const words = networkWords(error);
    return isWrite && wasSent(error)
      ? this.#ambiguous(words, error)
      : this.#error("unavailable", words, { cause: error });
  }

  /** Returns the error if the call's time limit expired while the request was in flight. */
  overdue({ message }: ContainariumError, cause: unknown): ContainariumError {
    return this.#details.method === "GET"
      ? this.#error("timeout", message, { cause })
      : this.#ambiguous(message, cause);
  }

  /** The daemon never redirects, and the token must not follow a redirect. */
  redirected(response: Incoming): ContainariumError {
    const to = response.header("location") ?? "another address";
    return this.#error(
      "failed_precondition",
      `refused to follow a redirect (status ${response.status}) to ${to}`,
      { reason: "redirected" },
    );
  }

  /** Returns the error for a success whose body is not a JSON object. */
  notJson(response: Incoming, cause: unknown): ContainariumError {
    const reason = `the answer (status ${response.status}, ` +
      `${response.header("content-type") ?? "no content type"}) is not a JSON object`;
    return this.#details.method === "GET"
      ? this.#error("internal", reason, { cause })
      : this.#ambiguous(reason, cause);
  }

  #timeout(response: Incoming | undefined, cause: unknown): ContainariumError {
    const { headersTimeoutMs, totalTimeoutMs } = this.#limits;
    const limit = response === undefined
      ? Math.min(headersTimeoutMs, totalTimeoutMs)
      : totalTimeoutMs;
    const reason = `no ${response === undefined ? "" : "complete "}answer in ${limit / 1_000} s`;
    return this.#details.method === "GET"
      ? this.#error("timeout", reason, { cause })
      : this.#ambiguous(reason, cause);
  }

  #ambiguous(reason: string, cause: unknown): ContainariumError {
    return this.#error(
      "ambiguous",
      `${reason}. The request was sent, so it may have been carried out; it is not sent again`,
      { reason: "response_lost", cause },
    );
  }

  #error(code: ErrorCode, words: string, init: ErrorInit): ContainariumError {
    return attemptError(this.#attempt, code, words, init);
  }

  get #attempt(): Attempt {
    return { serverUrl: this.#limits.serverUrl, request: this.#details };
  }
}

/** Whether what looks like a fault of TLS may have come after the request. */
function mayHaveBeenRead(error: unknown, { hostname }: URL): boolean {
  return tlsFault(error, hostname)?.mayHaveBeenRead === true;
}

/** Returns whether a daemon may have read the request. */
function wasSent(error: unknown): boolean {
  return !(error instanceof NotSent) && !/client error \(Connect\)/.test(runtimeWords(error));
}

/**
 * Returns the error for a response that is too large to read. The result of a write is then
 * unknown.
 *
 * @param what Continues "the answer …"
 */
export function tooLarge(
  what: string,
  details: ErrorInit,
  { status }: Pick<Incoming, "status">,
): ContainariumError {
  return new ContainariumError(
    details.method === "GET" ? "resource_exhausted" : "ambiguous",
    `request failed: ${details.method} ${details.path}: the answer ${what}`,
    { ...details, status },
  );
}

/** Reads a body of at most `maxBytes` as text. */
export async function readBody(
  response: Incoming,
  maxBytes: number,
  details: ErrorInit,
): Promise<string> {
  const { text, isWhole } = await readAtMost(response, maxBytes);
  if (isWhole) return text;
  throw tooLarge(`is over ${maxBytes} bytes`, details, response);
}

/** Several times what is shown, so that a token is redacted before it could be cut in two. */
const MAX_REFUSAL_BYTES = 64 * 1024;

/** Reads the beginning of an error's body as text and drops the rest. */
export async function readRefusal(response: Incoming): Promise<string> {
  return (await readAtMost(response, MAX_REFUSAL_BYTES)).text;
}

/** The pieces of the text are joined once: a text that grew is slow to search. */
async function readAtMost(
  { body }: Incoming,
  maxBytes: number,
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const decoder = new Utf8Decoder();
  const pieces: string[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    pieces.push(decoder.push(chunk.subarray(0, maxBytes - bytes)));
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return { text: pieces.join(""), isWhole: false };
  }
  pieces.push(decoder.end());
  return { text: pieces.join(""), isWhole: true };
}
