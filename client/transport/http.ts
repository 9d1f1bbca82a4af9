/**
 * Sends requests: limits, timeouts, retries of reads, and never a write twice.
 *
 * @module
 */
import { expiryOf } from "../async/call_deadline.ts";
import { type ApiPath, urlOfPath } from "./api_path.ts";
import { answerError } from "./response_error.ts";
import { RequestTimeouts } from "./timeouts.ts";
import { delay } from "../async/delay.ts";
import { ContainariumError, type ErrorInit, restate } from "../errors.ts";
import { cancelled, notSent, overdue } from "./given_up.ts";
import { HttpFailure, readBody, readRefusal, tooLarge } from "./http_failure.ts";
import { InFlightLimit } from "../async/in_flight.ts";
import type { Logger } from "../text/log.ts";
import type { Token } from "../auth/token.ts";
import type { TokenStore } from "../auth/token_store.ts";
import { type Incoming, type Transport, transportTo } from "./connection.ts";
import { formatTime } from "../text/time.ts";
import { traced, traceHeaders } from "./trace_context.ts";
import { version } from "./version.ts";
import { isTooDense, type JsonObject, readObject, readTime } from "../wire.ts";

/** The methods that the daemon's API uses. */
export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** Options of `Http`. */
export interface HttpOptions {
  /** The daemon's address; a path prefix is kept. */
  readonly serverUrl: URL;
  /** Provides the token for each request. */
  readonly token: TokenStore;
  /** Takes the token and other secrets out of what the daemon says. */
  readonly redact: (text: string) => string;
  /** PEM certificates to trust besides the system's. */
  readonly caCerts: readonly string[];
  /** Called with one debug line per request. */
  readonly log: Logger;
  /** Milliseconds from sending to the response headers. */
  readonly headersTimeoutMs: number;
  /** Milliseconds for a request with its response. */
  readonly totalTimeoutMs: number;
  /** Maximum requests in flight, of which at most 8 are writes. */
  readonly maxInFlight: number;
  /** Number of retries of a read after a lost connection. */
  readonly maxRetries: number;
  /** Maximum size of a response, in bytes. */
  readonly maxAnswerBytes: number;
  /** Called after each write, whatever became of it, before its caller learns that. */
  readonly onWrite?: ((method: Method, path: ApiPath) => void) | undefined;
}

/** Options of a request. */
export interface RequestOptions {
  /** Aborts the request. */
  readonly signal?: AbortSignal | undefined;
  /** Query parameters. `undefined` ones are omitted. */
  readonly query?: Readonly<Record<string, string | undefined>> | undefined;
  /** Sent as JSON. */
  readonly body?: JsonObject | undefined;
  /** Milliseconds for a long exchange. It does not count as in flight: it would block others. */
  readonly timeoutMs?: number | undefined;
}

/** What opens a stream. */
export interface StreamOptions extends Pick<RequestOptions, "query"> {
  /** Ends the stream. */
  readonly signal: AbortSignal;
  /** Media type that is read. */
  readonly accept: string;
}

/** What was sent, and how its failures are explained. */
interface SentRequest {
  readonly details: ErrorInit;
  readonly failure: HttpFailure;
  readonly token: Token;
}

const FIRST_RETRY_MS = 150;
/** A host creates and starts containers slowly, and slower the more at once. */
const MAX_WRITES = 8;
const never = new AbortController().signal;

/** Sends requests to one daemon. */
export class Http implements Disposable {
  readonly #options: HttpOptions;
  readonly #limit: InFlightLimit;
  readonly #writes: InFlightLimit;
  readonly #transport: Transport;

  /** @param options Daemon, token and limits */
  constructor(options: HttpOptions) {
    this.#options = options;
    this.#limit = new InFlightLimit(options.maxInFlight);
    this.#writes = new InFlightLimit(MAX_WRITES);
    this.#transport = transportTo({ ...options, maxKept: options.maxInFlight });
  }

  /**
   * Sends a request and reads the response, a JSON object.
   *
   * @throws {ContainariumError} Any failure; `ambiguous` for a write whose response was lost
   */
  async request(method: Method, path: ApiPath, options: RequestOptions = {}): Promise<JsonObject> {
    const signal = options.signal ?? never;
    try {
      return await this.#attempts(method, path, options, signal);
    } catch (error) {
      const expiry = expiryOf(signal);
      if (expiry !== undefined && error === expiry) {
        throw overdue(requestFacts(method, path), expiry);
      }
      // It was aborted before the request was sent, or sent again.
      if (signal.aborted && error === signal.reason) {
        throw notSent(requestFacts(method, path), error);
      }
      throw error;
    } finally {
      if (method !== "GET") this.#options.onWrite?.(method, path);
    }
  }

  /** Reads are retried after a lost connection; writes never. */
  async #attempts(
    method: Method,
    path: ApiPath,
    options: RequestOptions,
    signal: AbortSignal,
  ): Promise<JsonObject> {
    const last = method === "GET" ? 1 + this.#options.maxRetries : 1;
    for (let attempt = 1;; attempt++) {
      try {
        const exchange = () => this.#exchange(method, path, options, signal);
        // A pause between attempts does not count as in flight.
        if (options.timeoutMs !== undefined) return await exchange();
        const limited = () => this.#limit.run(exchange, signal);
        return await (method === "GET" ? limited() : this.#writes.run(limited, signal));
      } catch (error) {
        if (attempt === last || !isPassing(error)) throw error;
        await delay(FIRST_RETRY_MS * 2 ** (attempt - 1) * (0.5 + Math.random()), signal);
      }
    }
  }

  async #exchange(
    method: Method,
    path: ApiPath,
    { query, body, timeoutMs }: RequestOptions,
    signal: AbortSignal,
  ): Promise<JsonObject> {
    const details = requestFacts(method, path);
    const limits = timeoutMs === undefined
      ? this.#options
      : { ...this.#options, headersTimeoutMs: timeoutMs, totalTimeoutMs: timeoutMs };
    const failure = new HttpFailure(details, limits);
    const token = await this.#options.token.current();
    signal.throwIfAborted();
    const started = performance.now();
    using clock = new RequestTimeouts(limits.headersTimeoutMs, limits.totalTimeoutMs, signal);
    let response: Incoming | undefined;
    try {
      response = await this.#transport.send({
        method,
        url: this.#url(path, query),
        headers: headersFor(token, body !== undefined),
        body: body && JSON.stringify(body),
        signal: clock.signal,
      });
      clock.headersArrived();
      const text = isSuccess(response)
        ? await readBody(response, this.#options.maxAnswerBytes, details)
        : await readRefusal(response);
      return this.#answer(response, text, { details, failure, token });
    } catch (error) {
      const expiry = expiryOf(signal);
      if (expiry !== undefined) throw failure.overdue(expiry, error);
      throw signal.aborted ? cancelled(details, error) : failure.explain(error, response);
    } finally {
      const milliseconds = Math.round(performance.now() - started);
      this.#options.log(
        "debug",
        traced(`${method} ${path.logText} ${response?.status ?? "no answer"} ${milliseconds} ms`),
      );
    }
  }

  /**
   * Opens a long-lived response and yields it as it arrives: first an empty piece, once the headers
   * have arrived. It does not count as in flight, and is not reopened when lost.
   *
   * @throws {ContainariumError} Whatever went wrong
   */
  async *stream(
    path: ApiPath,
    { signal, query, accept }: StreamOptions,
  ): AsyncGenerator<Uint8Array, void> {
    const details = requestFacts("GET", path);
    const failure = new HttpFailure(details, this.#options);
    const token = await this.#options.token.current();
    signal.throwIfAborted();
    using clock = new RequestTimeouts(this.#options.headersTimeoutMs, Infinity, signal);
    let response: Incoming | undefined;
    try {
      response = await this.#transport.send({
        method: "GET",
        url: this.#url(path, query),
        headers: { ...headersFor(token, false), accept },
        signal: clock.signal,
      });
      clock.headersArrived();
      this.#options.log("debug", `GET ${path.logText} ${response.status}`);
      if (!isSuccess(response)) {
        this.#answer(response, await readRefusal(response), { details, failure, token });
      }
      yield new Uint8Array();
      for await (const chunk of response.body) yield chunk;
    } catch (error) {
      throw signal.aborted ? cancelled(details, error) : failure.explain(error, response);
    }
  }

  #answer(response: Incoming, text: string, { details, failure, token }: SentRequest): JsonObject {
    if (response.status >= 300 && response.status < 400) throw failure.redirected(response);
    if (!isSuccess(response)) {
      const error = answerError(response.status, this.#options.redact(text), details);
      throw withExpiry(error, token, response);
    }
    if (isTooDense(text)) throw tooLarge("holds more than can be read", details, response);
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (error) {
      throw failure.notJson(response, error);
    }
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
      throw failure.notJson(response, json);
    }
    return readObject(json, "answer");
  }

  #url(path: ApiPath, query: RequestOptions["query"] = {}): URL {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) parameters.set(name, value);
    }
    const suffix = parameters.size === 0 ? "" : `?${parameters}`;
    return new URL(urlOfPath(this.#options.serverUrl, `${path.text}${suffix}`));
  }

  /** Closes idle connections. */
  [Symbol.dispose](): void {
    this.#transport[Symbol.dispose]();
  }
}

function requestFacts(method: Method, path: ApiPath): ErrorInit {
  return { method, path: path.text, details: { username: path.username } };
}

function headersFor(token: Token, hasBody: boolean): Readonly<Record<string, string>> {
  return {
    "authorization": token.authorization(),
    "accept": "application/json",
    "user-agent": `containarium-mcp-server/${version}`,
    ...traceHeaders(),
    ...(hasBody ? { "content-type": "application/json" } : {}),
  };
}

/** The daemon does not say why it rejects a token, but the token's own expiry may, by the daemon's clock. */
function withExpiry(
  error: ContainariumError,
  { claims }: Token,
  response: Incoming,
): ContainariumError {
  const expiresAt = claims?.expiresAt;
  if (error.code !== "unauthenticated" || expiresAt === undefined) return error;
  const now = readTime(response.header("date")) ?? new Date();
  if (expiresAt > now) return error;
  return restate(error, `${error.message}: the token expired at ${formatTime(expiresAt)}`, {
    details: { expiredAt: expiresAt },
  });
}

function isSuccess({ status }: Incoming): boolean {
  return status >= 200 && status < 300;
}

/** Returns whether a retry of the read may succeed. */
function isPassing(error: unknown): boolean {
  return error instanceof ContainariumError && error.code === "unavailable";
}
