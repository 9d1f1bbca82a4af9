import { ContainariumError } from "../../client/mod.ts";
import { type Health, HealthProbe } from "../../client/internal.ts";
import { type Check, failed, ok, warning } from "./check.ts";
import { wordsOf } from "./network_checks.ts";

const TIMES = 5;
const ANSWER_MS = 5_000;
const SLOW_MS = 1_000;
const SKEW_MS = 30_000;

/** What the requests without a token gave. */
export type Probed = readonly Health[] | ContainariumError;

/** Asks the daemon five times whether it is well; returns the error of the first that failed. */
export async function probe(serverUrl: URL, caCerts: readonly string[]): Promise<Probed> {
  using health = new HealthProbe({ serverUrl, caCerts, timeoutMs: ANSWER_MS });
  const answers: Health[] = [];
  try {
    for (let at = 0; at < TIMES; at++) answers.push(await health.ask());
    return answers;
  } catch (error) {
    if (error instanceof ContainariumError) return error;
    throw error;
  }
}

/** Returns whether a daemon answers, and how fast. */
export function httpCheck(probed: Probed): Check {
  if (probed instanceof ContainariumError) {
    return failed("HTTP", wordsOf(probed), howToReach(probed));
  }
  const wrong = probed.find(({ isHealthy }) => !isHealthy);
  if (wrong !== undefined) {
    return failed(
      "HTTP",
      `something other than a daemon answers, or one that is not well (status ${wrong.status})`,
      "correct CONTAINARIUM_SERVER_URL (host, port, path), or look into the daemon's log",
    );
  }
  const [, , median = 0] = probed.map(({ milliseconds }) => milliseconds)
    .toSorted((one, other) => one - other);
  const found = `a daemon answers in ${median < 10 ? median.toFixed(1) : Math.round(median)} ms ` +
    `(median of ${probed.length})`;
  return median > SLOW_MS
    ? warning("HTTP", found, "the host or the network is slow: get_system_info shows the load")
    : ok("HTTP", found);
}

function howToReach({ reason }: ContainariumError): string {
  switch (reason) {
    case "redirected":
      return "set CONTAINARIUM_SERVER_URL to the daemon's own address: the token follows no redirect";
    case "proxy_failed":
      return "have the proxy allow CONNECT to the daemon's host and port, or name the host in NO_PROXY";
    default:
      return "see whether the daemon runs, and what its log says";
  }
}

/** Returns whether both clocks agree, by which tokens are judged. */
export function clockCheck(answers: readonly Health[]): Check | undefined {
  const skew = skewOf(answers);
  if (skew === undefined) return undefined;
  const seconds = Math.round(Math.abs(skew) / 1_000);
  return Math.abs(skew) > SKEW_MS
    ? warning(
      "clock",
      `the daemon's clock is ${seconds} s ${skew > 0 ? "ahead of" : "behind"} this machine's`,
      "set both by NTP: a token is judged by the daemon's clock",
    )
    : ok("clock", "this machine's and the daemon's agree");
}

/** Returns by how many milliseconds the daemon's clock is ahead. */
export function skewOf(answers: readonly Health[]): number | undefined {
  return answers.at(-1)?.clockAheadMs;
}
