import { assert } from "@std/assert";
import { DirectTransport } from "../../../client/transport/direct.ts";
import { FetchTransport } from "../../../client/transport/fetch.ts";
import { transportTo } from "../../../client/transport/connection.ts";
import { PinnableTransport } from "../../../client/transport/pinnable.ts";

Deno.test("transportTo() connects directly to this machine, and elsewhere as the environment says", () => {
  const direct = [
    "http://localhost:8080/prefix",
    "http://localhost",
    "http://alice.localhost:8080",
    "http://127.0.0.1:8080",
    "http://127.255.0.1",
    "http://127.1:8080",
    "http://[::1]:8080",
    "http://[::ffff:127.0.0.1]:8080",
    "https://localhost:8443",
  ];
  const usual = [
    "http://daemon.example:8080",
    "http://localhost.example",
    "https://daemon.example",
  ];
  const to = (url: string, caCerts: readonly string[]) =>
    transportTo({ serverUrl: new URL(url), caCerts, maxKept: 1 });
  for (const url of direct) {
    using transport = to(url, []);
    assert(transport instanceof DirectTransport, url);
  }
  for (const url of usual) {
    using transport = to(url, []);
    assert(transport instanceof FetchTransport, url);
  }
  using trusting = to("https://daemon.example", ["PEM"]);
  assert(trusting instanceof PinnableTransport);
});
