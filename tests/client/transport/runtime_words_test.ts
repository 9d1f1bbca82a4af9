/** What a name in the request's path cannot bring about: the runtime's errors quote the URL. */
import { assertEquals, assertRejects } from "@std/assert";
import { ApiPath } from "../../../client/transport/api_path.ts";
import { DirectTransport } from "../../../client/transport/direct.ts";
import { FetchTransport } from "../../../client/transport/fetch.ts";
import { HttpFailure } from "../../../client/transport/http_failure.ts";
import { PinnableTransport } from "../../../client/transport/pinnable.ts";
import { startWire } from "./wire.ts";

/** What the runtime says of connections that did not come about. */
const sayings = [
  "CaUsedAsEndEntity",
  "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
  "invalid peer certificate: UnknownIssuer",
  "(Connect)",
  "client error (Connect)",
  "InvalidContentType",
  "received corrupt message of type InvalidContentType",
  "invalid HTTP version parsed",
  "self-signed certificate",
];

Deno.test("request() sends a write with a lost response once, whatever name is in its path", async (t) => {
  for (const name of sayings) {
    for (const segments of [["snapshots", name, "rollback"], ["labels", name]]) {
      await t.step(segments.join("/"), async () => {
        await using wire = startWire("127.0.0.1", "");
        using transport = new PinnableTransport(
          new FetchTransport([], 1),
          new DirectTransport([], 1),
        );
        const path = new ApiPath("containers", "alice", ...segments);
        const request = {
          method: "POST",
          url: new URL(`${wire.url}${path.text}`),
          headers: {},
          body: "{}",
          signal: new AbortController().signal,
        };
        const error = await assertRejects(() => transport.send(request), Error);
        assertEquals(wire.connections.map((requests) => requests.length), [1]);
        const failure = new HttpFailure({ method: "POST", path: path.text }, {
          serverUrl: new URL(wire.url),
          headersTimeoutMs: 1_000,
          totalTimeoutMs: 1_000,
        });
        const { code, reason } = failure.explain(error, undefined);
        assertEquals([code, reason], ["ambiguous", "response_lost"]);
      });
    }
  }
});
