import { assertEquals } from "@std/assert";
import { routeTo } from "../../../client/route.ts";

Deno.test("one's own machine is reached straight over http, all else as the environment says", () => {
  const straight = (hostname: string, port: number) => ({
    caCerts: ["ca"],
    proxy: { transport: "tcp" as const, hostname, port },
  });
  const asTold = { caCerts: ["ca"] };
  const routes = {
    "http://localhost:8080/prefix": straight("localhost", 8080),
    "http://localhost": straight("localhost", 80),
    "http://127.0.0.1:8080": straight("127.0.0.1", 8080),
    "http://[::1]:8080": straight("::1", 8080),
    "https://localhost:8443": asTold,
    "http://daemon.example:8080": asTold,
    "http://localhost.example": asTold,
  };
  for (const [url, route] of Object.entries(routes)) {
    assertEquals<unknown>(routeTo(new URL(url), ["ca"]), route, url);
  }
});
