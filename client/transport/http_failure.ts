import { urlOfPath } from "./api_path.ts";
import { ContainariumError, type ErrorInit } from "../errors.ts";
import { type Incoming, NotSent } from "./connection.ts";
import { type TlsFault, tlsFault } from "./tls_fault.ts";
import { ProxyFailure } from "./tunnel.ts";
import { networkWords, runtimeWords } from "./words.ts";

/** Where requests go and how long they may take. */
interface Limits {
  readonly serverUrl: URL;
  readonly headersTimeoutMs: number;
  readonly totalTimeoutMs: number;
}

/** Says why one exchange gave no usable answer. */
export class HttpFailure {
  readonly #details: ErrorInit;
  readonly #limits: Limits;

  /** @param details The request; a method other than GET makes a lost answer `ambiguous` */
  constructor(details: ErrorInit, limits: Limits) {
    this.#details = details;
    this.#limits = limits;
  }

  /** Turns what the transport or reading the body threw into an error of ours. */
  explain(error: unknown, response: Incoming | undefined): ContainariumError {
    if (error instanceof ContainariumError) return error;
    if (error instanceof DOMException && error.name === "TimeoutError") {
      return this.#timeout(response, error);
    }
    const { host, hostname } = this.#limits.serverUrl;
    if (error instanceof Deno.errors.NotCapable) return this.#denied(host, error);
    if (error instanceof NotSent && error.cause instanceof ProxyFailure) {
      return this.#byProxy(error.cause);
    }
    const fault = response === undefined ? tlsFault(error, hostname) : undefined;
    const isLost = fault?.mayHaveBeenRead === true && this.#details.method !== "GET";
    if (fault !== undefined && !isLost) return this.#untrusted(fault, error);
    const reason = networkWords(error);
    return wasSent(error) && this.#details.method !== "GET"
      ? this.#ambiguous(reason, error)
      : this.#error("unavailable", `request failed: ${this.#where()}: ${reason}`, { cause: error });
  }

  /** The time of the whole call was up while the request was in flight. */
  overdue({ message }: ContainariumError, cause: unknown): ContainariumError {
    return this.#details.method === "GET"
      ? this.#error("timeout", `request failed: ${this.#where()}: ${message}`, { cause })
      : this.#ambiguous(message, cause);
  }

  /** The daemon never redirects; a token never follows one. */
  redirected(response: Incoming): ContainariumError {
    const to = response.header("location") ?? "another address";
    return this.#error(
      "failed_precondition",
      `request failed: ${this.#where()}: refused to follow a redirect (status ${response.status}) to ${to}`,
      { reason: "redirected" },
    );
  }

  /** A response whose status says success and whose body is not a JSON object. */
  notJson(response: Incoming, cause: unknown): ContainariumError {
    const reason = `the answer (status ${response.status}, ` +
      `${response.header("content-type") ?? "no content type"}) is not a JSON object`;
    return this.#details.method === "GET"
      ? this.#error("internal", `request failed: ${this.#where()}: ${reason}`, { cause })
      : this.#ambiguous(reason, cause);
  }

  #timeout(response: Incoming | undefined, cause: unknown): ContainariumError {
    const { headersTimeoutMs, totalTimeoutMs } = this.#limits;
    const limit = response === undefined
      ? Math.min(headersTimeoutMs, totalTimeoutMs)
      : totalTimeoutMs;
    const reason = `no ${response === undefined ? "" : "complete "}answer in ${limit / 1_000} s`;
    return this.#details.method === "GET"
      ? this.#error("timeout", `request failed: ${this.#where()}: ${reason}`, { cause })
      : this.#ambiguous(reason, cause);
  }

  #denied(host: string, cause: Error): ContainariumError {
    return this.#error(
      "failed_precondition",
      `request failed: ${this.#where()}: this process may not reach ${host}`,
      { reason: "net_denied", details: { host }, cause },
    );
  }

  #byProxy(failure: ProxyFailure): ContainariumError {
    const { host, message, isRefusal, cause } = failure;
    if (cause instanceof Deno.errors.NotCapable) return this.#denied(host, cause);
    const code = isRefusal ? "failed_precondition" : "unavailable";
    return this.#error(code, `request failed: ${this.#where()}: ${message}`, {
      reason: "proxy_failed",
      details: { ...this.#details.details, host },
      cause: failure,
    });
  }

  /** No daemon has understood the request, a write neither. */
  #untrusted({ reason, words, details }: TlsFault, cause: unknown): ContainariumError {
    const { host } = this.#limits.serverUrl;
    return this.#error("failed_precondition", `request failed: ${this.#where()}: ${words}`, {
      reason,
      details: { ...this.#details.details, ...details, host },
      cause,
    });
  }

  #ambiguous(reason: string, cause: unknown): ContainariumError {
    return this.#error(
      "ambiguous",
      `request failed: ${this.#where()}: ${reason}. The request was sent, so it may have been ` +
        `carried out; it is not sent again`,
      { reason: "response_lost", cause },
    );
  }

  #where(): string {
    const { method, path } = this.#details;
    return `${method} ${urlOfPath(this.#limits.serverUrl, `${path}`)}`;
  }

  #error(
    code: ContainariumError["code"],
    message: string,
    init: ErrorInit,
  ): ContainariumError {
    return new ContainariumError(code, message, { ...this.#details, ...init });
  }
}

/** Whether a daemon may have read the request. */
function wasSent(error: unknown): boolean {
  return !(error instanceof NotSent) && !/client error \(Connect\)/.test(runtimeWords(error));
}

/**
 * A response that is not read: the result of a write is then unknown.
 *
 * @param what Goes on after "the answer"
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

/** Reads an answer as text, at most `maxBytes` of it. */
export async function readBody(
  response: Incoming,
  maxBytes: number,
  details: ErrorInit,
): Promise<string> {
  const { text, isWhole } = await readAtMost(response, maxBytes);
  if (isWhole) return text;
  throw tooLarge(`is over ${maxBytes} bytes`, details, response);
}

/** Several times what is shown of it, so that a token is taken out before it could be cut in two. */
const MAX_REFUSAL_BYTES = 64 * 1024;

/** Reads the beginning of an error's body as text, and leaves the rest: its status says that it failed. */
export async function readRefusal(response: Incoming): Promise<string> {
  return (await readAtMost(response, MAX_REFUSAL_BYTES)).text;
}

async function readAtMost(
  { body }: Incoming,
  maxBytes: number,
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of body) {
    text += decoder.decode(chunk.subarray(0, maxBytes - bytes), { stream: true });
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return { text, isWhole: false };
  }
  return { text: text + decoder.decode(), isWhole: true };
}
