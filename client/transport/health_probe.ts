import { type Transport, transportTo } from "./connection.ts";
import { HttpFailure, readRefusal } from "./http_failure.ts";
import { urlOfPath } from "./api_path.ts";
import { RequestTimeouts } from "./timeouts.ts";

/** What answered at the daemon's address. */
export interface Health {
  /** The HTTP status. */
  readonly status: number;
  /** Whether it answered as a daemon does that is well. */
  readonly isHealthy: boolean;
  /** Milliseconds until the whole answer had arrived. */
  readonly milliseconds: number;
  /** By how many milliseconds the daemon's clock is ahead, give or take a second; absent: it sent no time. */
  readonly clockAheadMs?: number | undefined;
}

/** Where to look. */
export interface HealthProbeOptions {
  /** The daemon's address. */
  readonly serverUrl: URL;
  /** PEM certificates to trust besides the system's. */
  readonly caCerts: readonly string[];
  /** Milliseconds for an answer. */
  readonly timeoutMs: number;
}

const path = "/health";
/** What the header leaves out of the second, on average. */
const HALF_SECOND_MS = 500;

/** Asks the daemon whether it is well, the way that every request takes, and without a token. */
export class HealthProbe implements Disposable {
  readonly #options: HealthProbeOptions;
  readonly #transport: Transport;

  /** @param options Where to look */
  constructor(options: HealthProbeOptions) {
    this.#options = options;
    this.#transport = transportTo({ ...options, maxKept: 1 });
  }

  /**
   * Asks once; `GET /health`.
   *
   * @throws {ContainariumError} If nothing answered, or with a redirect; the reason says why
   */
  async ask(): Promise<Health> {
    const { serverUrl, timeoutMs } = this.#options;
    const limits = { serverUrl, headersTimeoutMs: timeoutMs, totalTimeoutMs: timeoutMs };
    const failure = new HttpFailure({ method: "GET", path }, limits);
    using clock = new RequestTimeouts(timeoutMs, timeoutMs, new AbortController().signal);
    const started = performance.now();
    try {
      const { status, header, body } = await this.#transport.send({
        method: "GET",
        url: new URL(urlOfPath(serverUrl, path)),
        headers: { accept: "application/json" },
        signal: clock.signal,
      });
      const arrivedAt = Date.now();
      clock.headersArrived();
      const text = await readRefusal({ status, header, body });
      if (status >= 300 && status < 400) throw failure.redirected({ status, header, body });
      const aheadMs = Date.parse(header("date") ?? "") + HALF_SECOND_MS - arrivedAt;
      return {
        status,
        isHealthy: status === 200 && isHealthy(text),
        milliseconds: performance.now() - started,
        clockAheadMs: Number.isNaN(aheadMs) ? undefined : aheadMs,
      };
    } catch (error) {
      throw failure.explain(error, undefined);
    }
  }

  /** Closes its connection. */
  [Symbol.dispose](): void {
    this.#transport[Symbol.dispose]();
  }
}

function isHealthy(text: string): boolean {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === "object" && answer !== null && "status" in answer &&
      answer.status === "healthy";
  } catch {
    return false;
  }
}
