/**
 * Determines which proxy `fetch` uses for the daemon. `fetch` does not expose that, so this repeats its
 * rules (Deno 2.9.6: `ext/fetch/proxy.rs`). If a value is ambiguous, the proxy counts as unknown. One rule
 * is left out: under CGI, which sets `REQUEST_METHOD`, `fetch` ignores `HTTP_PROXY`.
 *
 * @module
 */
import type { Environment } from "./sources.ts";

/** Logged if the proxy to a daemon on another machine is unknown. */
export const unknownProxy =
  "Which proxy leads to the daemon is not known: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, in " +
  "upper and lower case, are not all granted by --allow-env, or one is of an unusual form. The size " +
  "of a terminal's messages may not be bounded";

/** Variables in order of precedence, by the scheme of the daemon's address. */
const namesByScheme: Readonly<Record<string, readonly string[]>> = {
  "http:": ["ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"],
  "https:": ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"],
};

/** Values that `fetch` certainly accepts: no username without a password, no `@` in either. */
const proxyUrl =
  /^(?:(https?|socks5h?):\/\/)?([^\s:@/?#]*:[^\s@/?#]*@)?(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?\/?$/;

/**
 * Returns the URL of the proxy, or `none`; `undefined` if it is unknown.
 *
 * @param serverUrl The daemon's address
 * @param environment Of this process: `fetch` does not read an environment file
 */
export async function environmentProxy(
  serverUrl: URL,
  environment: Environment,
): Promise<string | undefined> {
  const names = namesByScheme[serverUrl.protocol] ?? [];
  const values = names.map((name) => environment.read(name));
  const exempt = environment.read("NO_PROXY") ?? environment.read("no_proxy") ?? "";
  if ([...names, "NO_PROXY", "no_proxy"].some((name) => environment.isDenied(name))) {
    return undefined;
  }
  const given = values.find((value) => value !== undefined && value !== "");
  if (given === undefined || await isExempt(serverUrl.hostname, exempt)) return "none";
  const [, scheme = "http", credentials = "", host, port = ""] = proxyUrl.exec(given) ?? [];
  const url = host === undefined ? undefined : `${scheme}://${credentials}${host}${port}`;
  return url !== undefined && URL.canParse(url) ? url : undefined;
}

/** Returns whether `NO_PROXY` matches a host. `*` matches every name, but no address. */
async function isExempt(hostname: string, list: string): Promise<boolean> {
  if (list === "") return false;
  const entries = list.split(",").map((entry) => entry.trim());
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  if (host !== hostname || /^[\d.]+$/.test(host)) return await isAmong(host, entries);
  return entries.some((entry) =>
    entry === "*" || entry === host || entry === `.${host}` ||
    host.endsWith(entry.startsWith(".") ? entry : `.${entry}`)
  );
}

/** Returns whether an address is in a list of addresses and networks. */
async function isAmong(address: string, entries: readonly string[]): Promise<boolean> {
  const { BlockList, isIP } = await import("node:net");
  const familyOf = (text: string) => isIP(text) === 6 ? "ipv6" : "ipv4";
  return entries.some((entry) => {
    const [base = "", bits] = entry.split("/");
    // Unlike BlockList, fetch does not match IPv4-mapped addresses.
    if (isIP(base) === 0 || isIP(base) !== isIP(address)) return false;
    const list = new BlockList();
    if (bits === undefined) list.addAddress(base, familyOf(base));
    else if (!/^\d{1,3}$/.test(bits) || Number(bits) > (isIP(base) === 6 ? 128 : 32)) return false;
    else list.addSubnet(base, Number(bits), familyOf(base));
    return list.check(address, familyOf(address));
  });
}
