import type { ContainariumError } from "../../client/mod.ts";
import { isLoopback, networkWords, runtimeWords } from "../../client/internal.ts";
import type { Environment } from "../sources.ts";
import { type Check, failed, ok, skipped, warning } from "./check.ts";

const NAME = "name, TCP";
const CONNECT_MS = 5_000;

const proxyNames = ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY"]
  .concat(["http_proxy", "NO_PROXY", "no_proxy"]);

/** Returns which proxy variables are set, and whether one applies to the daemon. */
export function proxyCheck(
  serverUrl: URL,
  environment: Environment,
  proxy: string | undefined,
): Check {
  const set = proxyNames.filter((name) => (environment.read(name) ?? "") !== "");
  if (set.length === 0) return ok("proxies", "none is set");
  const names = set.join(", ");
  if (isLoopback(serverUrl.hostname)) {
    return ok("proxies", `${names} set; not used for a daemon on this machine`);
  }
  if (proxy === "none") return ok("proxies", `${names} set; not used for this address`);
  if (proxy === undefined) {
    return warning(
      "proxies",
      `${names} set; which one is used is not known`,
      "grant all of them with --allow-env, in upper and lower case, and write them as " +
        "http://host:port",
    );
  }
  const { protocol, host } = new URL(proxy);
  return ok("proxies", `${names} set; requests go through ${protocol}//${host}`);
}

/** Returns whether something listens at the daemon's address. The sandbox has no resolver of its own. */
export async function connectCheck(serverUrl: URL, proxy: string | undefined): Promise<Check> {
  const isNear = isLoopback(serverUrl.hostname);
  if (proxy !== undefined && proxy !== "none" && !isNear) {
    return skipped(NAME, "the proxy looks up the name and connects");
  }
  const check = await connectDirectly(serverUrl);
  // Requests may go through a proxy all the same.
  const isSure = proxy === "none" || isNear;
  return check.status === "failed" && !isSure ? { ...check, status: "warning" } : check;
}

async function connectDirectly(serverUrl: URL): Promise<Check> {
  const hostname = serverUrl.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = portOf(serverUrl);
  const started = performance.now();
  try {
    const signal = AbortSignal.timeout(CONNECT_MS);
    (await Deno.connect({ hostname, port, signal })).close();
    return ok(NAME, `connected in ${Math.round(performance.now() - started)} ms`);
  } catch (error) {
    const words = networkWords(error);
    const all = runtimeWords(error);
    if (/lookup address|no such host|nodename|resolve/i.test(all)) {
      return failed(
        NAME,
        `there is no host ${hostname} (${words})`,
        "correct the name in CONTAINARIUM_SERVER_URL, or use an address",
      );
    }
    if (error instanceof Deno.errors.ConnectionRefused) {
      return failed(
        NAME,
        `connection refused: nothing listens on port ${port} of ${hostname}`,
        "start the daemon, or correct the port in CONTAINARIUM_SERVER_URL",
      );
    }
    const isSilent = error instanceof Error &&
      (error.name === "TimeoutError" || error.name === "TimedOut");
    return failed(
      NAME,
      isSilent ? `no answer from ${hostname}:${port}` : `${hostname}:${port}: ${words}`,
      "check the address, and whether a firewall or a VPN is in between",
    );
  }
}

/** Returns the port of an address, which a URL leaves out if it is the usual one. */
export function portOf({ port, protocol }: URL): number {
  return port === "" ? protocol === "https:" ? 443 : 80 : Number(port);
}

/** Returns an error's message, with the status that it came with. */
export function wordsOf({ message, status }: ContainariumError): string {
  return status === undefined ? message : `${message} (status ${status})`;
}
