import type { CallOptions } from "../async/call_options.ts";
import { isGivenUp } from "../async/call_deadline.ts";
import { poll } from "../async/poll.ts";
import { hostAndPort } from "../transport/host_and_port.ts";
import { networkWords, runtimeWords } from "../transport/words.ts";

/**
 * Who answered: Caddy marks what comes from behind it with `Via`, since 2.10, and what it says itself with `Server`.
 * Older ones mark both with `Server`, so that `proxy` may be the app behind one of those. What has neither mark has
 * not come through Caddy: the name leads to another server.
 */
export type UrlAnswerer = "app" | "proxy" | "unknown";

/** What came of requesting a URL. */
export type UrlAnswer =
  | { readonly kind: "answered"; readonly status: number; readonly by: UrlAnswerer }
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
  if (!await mayRequest(url)) return { kind: "not_permitted", host: hostAndPort(url) };
  return await poll(() => requestOnce(url, signal), isFinal, {
    firstMs: 500,
    factor: 1.5,
    maxMs: 3_000,
    timeoutMs: waitMs,
    signal,
  });
}

/** Returns whether this process has the permission to reach a URL's host. */
export async function mayRequest(url: URL): Promise<boolean> {
  const { state } = await Deno.permissions.query({ name: "net", host: hostAndPort(url) });
  return state === "granted";
}

function isFinal(answer: UrlAnswer): boolean {
  switch (answer.kind) {
    case "answered":
      return answer.by === "app" || !fromProxy.has(answer.status);
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
    return { kind: "answered", status: response.status, by: answererOf(response) };
  } catch (error) {
    if (isGivenUp(error, signal)) throw signal?.reason ?? error;
    const why = timeout.aborted
      ? `no answer within ${REQUEST_TIMEOUT_MS / 1_000} s`
      : networkWords(error);
    return { kind: "failed", why, isPassing: !lasting.test(runtimeWords(error)) };
  }
}

function answererOf({ headers }: Response): UrlAnswerer {
  const via = (headers.get("via") ?? "").split(",");
  // Whoever is in front of the proxy adds a mark behind its.
  if (via.some((hop) => /^\s*\S+ Caddy\b/i.test(hop))) return "app";
  return /\bCaddy\b/i.test(headers.get("server") ?? "") ? "proxy" : "unknown";
}
