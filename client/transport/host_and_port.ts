const ports: Readonly<Record<string, string>> = {
  "http:": "80",
  "https:": "443",
  "socks5:": "1080",
  "socks5h:": "1080",
};

/** Returns a URL's host with its port, as `--allow-net` names it. */
export function hostAndPort({ protocol, hostname, port }: URL): string {
  return `${hostname}:${port || (ports[protocol] ?? "80")}`;
}
