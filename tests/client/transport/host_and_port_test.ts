import { assertEquals } from "@std/assert";
import { hostAndPort } from "../../../client/transport/host_and_port.ts";

Deno.test("hostAndPort() names the port that a URL leaves out", () => {
  const cases: Readonly<Record<string, string>> = {
    "http://box": "box:80",
    "https://box": "box:443",
    "https://box:8443": "box:8443",
    "http://[::1]:8080": "[::1]:8080",
    "socks5h://proxy": "proxy:1080",
  };
  for (const [url, host] of Object.entries(cases)) assertEquals(hostAndPort(new URL(url)), host);
});
