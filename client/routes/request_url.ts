import type { CallOptions } from "../async/call_options.ts";
import { isGivenUp } from "../async/call_deadline.ts";
import { poll } from "../async/poll.ts";
import { networkWords, runtimeWords } from "../transport/words.ts";

/** What came of requesting a URL. */
export type UrlAnswer =
  | { readonly kind: "answered"; readonly status: number }
  | { readonly kind: "failed"; readonly why: string; readonly isPassing: boolean }
  | { readonly kind: "not_permitted"; readonly host: string };

/** How to request a URL. */
export interface RequestUrlOptions extends Pick<CallOptions, "signal"> {
  /** Milliseconds to keep requesting while it does not answer, or a proxy answers for it. */
  readonly waitMs: number;
}

const REQUEST_TIMEOUT_MS = 5_000;

/** Failures that time does not heal, unlike a certificate that the proxy is about to get. */
const lasting = /dns error|connection refused|is unreachable/i;

/** What a proxy answers if it does not reach what is behind it. */
const fromProxy: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Requests a URL until something answers. Sends no token, follows no redirect and reads no body. Without
 * the permission to reach its host, nothing is sent and nobody is asked for it.
 *
 * @throws The signal's reason, if it is aborted
 */
export async function requestUrl(url: URL, options: RequestUrlOptions): Promise<UrlAnswer> {
  const { signal, waitMs } = options;
  const host = `${url.hostname}:${url.port || (url.protocol === "https:" ? 443 : 80)}`;
  const { state } = await Deno.permissions.query({ name: "net", host });
  if (state !== "granted") return { kind: "not_permitted", host };
  return await poll(() => requestOnce(url, signal), isFinal, {
    firstMs: 500,
    factor: 1.5,
    maxMs: 3_000,
    timeoutMs: waitMs,
    signal,
  });
}

function isFinal(answer: UrlAnswer): boolean {
  switch (answer.kind) {
    case "answered":
      return !fromProxy.has(answer.status);
    case "failed":
      return !answer.isPassing;
    case "not_permitted":
      return true;
  }
}

async function requestOnce(url: URL, signal: AbortSignal | undefined): Promise<UrlAnswer> {
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  try {
    const response = await fetch(url, {
      redirect: "manual",
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    await response.body?.cancel();
    return { kind: "answered", status: response.status };
  } catch (error) {
    if (isGivenUp(error, signal)) throw signal?.reason ?? error;
    const why = timeout.aborted
      ? `no answer within ${REQUEST_TIMEOUT_MS / 1_000} s`
      : networkWords(error);
    return { kind: "failed", why, isPassing: !lasting.test(runtimeWords(error)) };
  }
}
