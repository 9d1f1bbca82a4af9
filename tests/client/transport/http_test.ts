import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ContainariumClient, ContainariumError, type ErrorCode } from "../../../client/mod.ts";
import { type Fault, startDaemon } from "../../daemon/mod.ts";
import { makeTempFolder } from "../../temp.ts";
import { delay } from "../../../client/async/delay.ts";
import { clientOf } from "../connect.ts";

const alice = { containers: [{ username: "alice" }] };

async function assertCode(call: Promise<unknown>, code: ErrorCode): Promise<ContainariumError> {
  const error = await assertRejects(() => call, ContainariumError);
  assertEquals(error.code, code, error.message);
  return error;
}

Deno.test("request() retries a read after a lost connection", async (t) => {
  for (const when of ["before-read", "after-read"] as const) {
    await t.step(`reset ${when}`, async () => {
      await using daemon = await startDaemon(alice);
      using client = await clientOf(daemon);
      daemon.dropNext("GET", when);
      assertEquals((await client.containers.get("alice")).state, "running");
    });
  }
  for (const status of [499, 502, 503, 504]) {
    await t.step(`status ${status} once`, async () => {
      await using daemon = await startDaemon(alice);
      using client = await clientOf(daemon);
      daemon.inject({ kind: "answer", status, body: "{}", method: "GET" });
      assertEquals((await client.containers.get("alice")).state, "running");
      assertEquals(daemon.count("GET", "/v1/containers/alice"), 2);
    });
  }
  await t.step("three times in all, then it says so", async () => {
    await using daemon = await startDaemon(alice);
    using client = await clientOf(daemon);
    daemon.inject({ kind: "answer", status: 503, body: "{}", method: "GET", times: 9 });
    await assertCode(client.containers.get("alice"), "unavailable");
    assertEquals(daemon.count("GET", "/v1/containers/alice"), 3);
  });
  for (const maxRetries of [0, 1, 3]) {
    await t.step(`${maxRetries} times more with that as maxRetries`, async () => {
      await using daemon = await startDaemon(alice);
      using client = await clientOf(daemon, { maxRetries });
      daemon.inject({ kind: "answer", status: 503, body: "{}", method: "GET", times: 9 });
      await assertCode(client.containers.get("alice"), "unavailable");
      assertEquals(daemon.count("GET", "/v1/containers/alice"), 1 + maxRetries);
    });
  }
});

Deno.test("request() sends a write once, and a lost response is ambiguous", async (t) => {
  await t.step("the connection is closed after the daemon read it, warm connections", async () => {
    await using daemon = await startDaemon(alice);
    using client = await clientOf(daemon);
    await client.containers.get("alice");
    await client.containers.start("alice");
    daemon.dropNext("POST", "after-read", "/v1/containers/alice/stop");
    const error = await assertCode(client.containers.stop("alice"), "ambiguous");
    assertStringIncludes(error.message, "may have been carried out");
    assertEquals(daemon.count("POST", "/v1/containers/alice/stop"), 1);
  });
  await t.step("the answer is cut off", async () => {
    await using daemon = await startDaemon(alice);
    using client = await clientOf(daemon);
    daemon.inject({ kind: "truncated", method: "POST" });
    await assertCode(client.containers.stop("alice"), "ambiguous");
    assertEquals(daemon.count("POST"), 1);
  });
  await t.step("the answer is no JSON", async () => {
    await using daemon = await startDaemon(alice);
    using client = await clientOf(daemon);
    daemon.inject({ kind: "invalid-json", method: "POST" });
    await assertCode(client.containers.stop("alice"), "ambiguous");
    assertEquals(daemon.count("POST"), 1);
  });
  await t.step("the answer does not come in time", async () => {
    await using daemon = await startDaemon(alice);
    using client = await clientOf(daemon, { headersTimeoutMs: 500 });
    const hold = daemon.hold("POST");
    await assertCode(client.containers.stop("alice"), "ambiguous");
    assertEquals(daemon.count("POST"), 1);
    hold.release();
  });
  for (const status of [502, 503, 504]) {
    await t.step(`a proxy between gives up: ${status}`, async () => {
      await using daemon = await startDaemon(alice);
      using client = await clientOf(daemon);
      daemon.inject({ kind: "answer", status, body: "<html>", method: "POST" });
      const error = await assertCode(client.containers.stop("alice"), "ambiguous");
      assertEquals([error.reason, error.responseText], ["response_lost", "<html>"]);
      assertEquals(daemon.count("POST"), 1);
    });
  }
  await t.step("what came of it cannot be read: not told as a write that failed", async () => {
    await using daemon = await startDaemon(alice);
    using client = await clientOf(daemon);
    daemon.inject({ kind: "answer", status: 503, body: "{}", method: "GET", times: 9 });
    const error = await assertCode(client.containers.stop("alice"), "ambiguous");
    assertStringIncludes(error.message, "The stop of alice-container was accepted");
  });
  await t.step("it was deleted meanwhile: that is known", async () => {
    await using daemon = await startDaemon(alice);
    using client = await clientOf(daemon);
    const hold = daemon.hold("GET", "/v1/containers/alice");
    const stopping = client.containers.stop("alice");
    await hold.reached;
    await client.containers.delete("alice");
    hold.release();
    await assertCode(stopping, "not_found");
  });
  await t.step("a daemon that stops says 499: it was not carried out", async () => {
    await using daemon = await startDaemon(alice);
    using client = await clientOf(daemon);
    const body = '{"code":499,"error":"rpc error: code = Canceled desc = grpc: the client ' +
      'connection is closing"}';
    daemon.inject({ kind: "answer", status: 499, body, method: "POST" });
    await assertCode(client.containers.stop("alice"), "unavailable");
    assertEquals(daemon.count("POST"), 1);
  });
});

Deno.test("request() explains an unusable response", async (t) => {
  const read = async (fault: Fault, code: ErrorCode, words: string) => {
    await using daemon = await startDaemon(alice);
    using client = await clientOf(daemon, { maxAnswerBytes: 100_000 });
    daemon.inject({ ...fault, times: 9 });
    const error = await assertCode(client.containers.list(), code);
    assertStringIncludes(error.message, words);
  };
  await t.step(
    "over the size limit",
    () => read({ kind: "oversized", bytes: 200_000 }, "resource_exhausted", "over 100000 bytes"),
  );
  await t.step("no JSON", () => read({ kind: "invalid-json" }, "internal", "is not a JSON object"));
  await t.step("JSON of another shape", () =>
    read(
      { kind: "answer", status: 200, body: '{"containers":{"a":1}}' },
      "internal",
      'the list "containers"',
    ));
  await t.step("a redirect, which a token never follows", async () => {
    await using elsewhere = await startDaemon();
    await read(
      { kind: "redirect", location: `${elsewhere.url}/v1/containers` },
      "failed_precondition",
      "refused to follow a redirect",
    );
    assertEquals(elsewhere.requests.length, 0);
  });
});

Deno.test("request() reads only the beginning of an error's body", async (t) => {
  for (const status of [404, 500]) {
    await t.step(`an endless body with status ${status}`, async () => {
      let sent = 0;
      const piece = new TextEncoder().encode("{},".repeat(10_000));
      const gone = Promise.withResolvers<void>();
      await using server = Deno.serve(
        { port: 0, hostname: "127.0.0.1", onListen: () => {} },
        () => {
          const body = new ReadableStream({
            pull(controller) {
              sent += piece.length;
              controller.enqueue(piece);
            },
            cancel: () => gone.resolve(),
          });
          return new Response(body, { status });
        },
      );
      using client = new ContainariumClient({
        serverUrl: `http://127.0.0.1:${server.addr.port}`,
        token: "ctnr_example",
      });
      const code = status === 404 ? "not_found" : "internal";
      await assertCode(client.containers.setProtected("alice", true), code);
      await gone.promise;
      assert(sent < 16_000_000, `${sent} bytes were sent`);
    });
  }
  await t.step("a message that is no text", async () => {
    await using daemon = await startDaemon(alice);
    using client = await clientOf(daemon);
    const body = '{"error":{"message":{"toString":1}}}';
    daemon.inject({ kind: "answer", status: 403, body, method: "POST" });
    await assertCode(client.containers.setProtected("alice", true), "permission_denied");
  });
});

Deno.test("request() reports an unreachable daemon in the vendor's words", async () => {
  const daemon = await startDaemon();
  using client = await clientOf(daemon);
  await daemon.close();
  const error = await assertCode(client.containers.list(), "unavailable");
  assert(/^request failed: .*connection refused/.test(error.message), error.message);
});

Deno.test("request() without net permission names the address", {
  permissions: { net: ["127.0.0.1:1"], env: true, read: true },
}, async () => {
  using client = new ContainariumClient({ serverUrl: "http://127.0.0.1:2", token: "t" });
  const error = await assertCode(client.containers.list(), "failed_precondition");
  assertEquals([error.reason, error.details.host], ["net_denied", "127.0.0.1:2"]);
});

Deno.test("request() reports an error in the vendor's words, without the token", async () => {
  await using daemon = await startDaemon();
  const token = await daemon.token({ expiresInSeconds: -60 });
  using client = await clientOf(daemon, { token });
  const error = await assertCode(client.containers.list(), "unauthenticated");
  const words = /^The daemon rejects the token: the token expired at 20.*Z$/;
  assert(words.test(error.message), error.message);
  assert(!Deno.inspect(client).includes(token), "a client shows its token when inspected");
});

Deno.test("request() adds the token's expiry only to a rejected token", async () => {
  await using daemon = await startDaemon();
  const token = await daemon.token({ expiresInSeconds: -60 });
  using client = await clientOf(daemon, { token });
  const body = '{"error":"container not found"}';
  daemon.inject({ kind: "answer", status: 404, body });
  const error = await assertCode(client.containers.get("alise"), "not_found");
  assertEquals(error.message, "There is no container for alise");
  assertEquals(error.details.expiredAt, undefined);
});

Deno.test("request() explains a rejection by the token that it sent, whatever has been read since", async () => {
  await using daemon = await startDaemon();
  await using folder = await makeTempFolder();
  const mode = { mode: 0o600 };
  const file = await folder.write("jwt", await daemon.token({ expiresInSeconds: -60 }), mode);
  using client = await clientOf(daemon, { token: { file } });
  const first = daemon.hold("GET", "/v1/containers");
  const listing = assertCode(client.containers.list(), "unauthenticated");
  await first.reached;
  await folder.write("jwt", await daemon.token(), mode);
  await client.metrics.list();
  first.release();
  assert((await listing).details.expiredAt !== undefined);
});

Deno.test("request() takes a token for expired by the daemon's clock, not by its own", async (t) => {
  const cases: Readonly<Record<string, readonly [lifetime: number, daemonAhead: number, boolean]>> =
    {
      "the daemon's clock is behind": [-3_600, -7_200, false],
      "the daemon's clock is ahead": [3_600, 7_200, true],
    };
  for (const [name, [expiresInSeconds, ahead, isExpired]] of Object.entries(cases)) {
    await t.step(name, async () => {
      await using daemon = await startDaemon();
      using client = await clientOf(daemon, { token: await daemon.token({ expiresInSeconds }) });
      const date = new Date(Date.now() + ahead * 1_000).toUTCString();
      const body = '{"error":"invalid token","code":401}';
      daemon.inject({ kind: "answer", status: 401, body, headers: { date } });
      const error = await assertCode(client.containers.list(), "unauthenticated");
      assertEquals(error.details.expiredAt !== undefined, isExpired, error.message);
    });
  }
});

Deno.test("request() redacts an echoed token", async () => {
  await using daemon = await startDaemon();
  const token = await daemon.token();
  using client = await clientOf(daemon, { token });
  daemon.inject({ kind: "answer", status: 418, body: `no good: ${token}` });
  const error = await assertCode(client.containers.list(), "internal");
  assertEquals(error.message, "The daemon failed: no good: [token]");
  assertEquals(error.responseText, "no good: [token]");
});

Deno.test("request() ends at once when aborted, and says that a write may still happen", async (t) => {
  await using daemon = await startDaemon(alice);
  using client = await clientOf(daemon);
  await t.step("a read under way", async () => {
    const hold = daemon.hold("GET");
    const controller = new AbortController();
    const call = client.containers.get("alice", { signal: controller.signal });
    await hold.reached;
    controller.abort();
    await assertCode(call, "cancelled");
  });
  await t.step("a write under way", async () => {
    const hold = daemon.hold("POST");
    const controller = new AbortController();
    const call = client.containers.stop("alice", { signal: controller.signal });
    await hold.reached;
    controller.abort();
    const error = await assertCode(call, "cancelled");
    assertStringIncludes(error.message, "may still execute it");
  });
  await t.step("a call that waits its turn", async () => {
    using narrow = await clientOf(daemon, { maxInFlight: 1 });
    const hold = daemon.hold("GET");
    const first = narrow.containers.get("alice");
    await hold.reached;
    const controller = new AbortController();
    const second = narrow.containers.list({ signal: controller.signal });
    controller.abort();
    await assertCode(second, "cancelled");
    hold.release();
    assertEquals((await first).username, "alice");
  });
});

Deno.test("request() has sixty-four requests in flight, at most eight of them writes", async () => {
  await using daemon = await startDaemon(alice);
  using client = await clientOf(daemon);
  const writeHolds = Array.from({ length: 8 }, () => daemon.hold("POST"));
  const start = ["containers", "alice", "start"];
  const writes = Array.from({ length: 20 }, () => client.api.request("POST", start));
  const settled = Promise.allSettled(writes);
  await Promise.all(writeHolds.map(({ reached }) => reached));
  const readHolds = Array.from({ length: 56 }, () => daemon.hold("GET"));
  const reads = Array.from({ length: 80 }, () => client.containers.get("alice"));
  await Promise.all(readHolds.map(({ reached }) => reached));
  assertEquals([daemon.count("POST"), daemon.count("GET")], [8, 56]);
  for (const hold of [...readHolds, ...writeHolds]) hold.release();
  await settled;
  assertEquals((await Promise.all(reads)).length, 80);
  assertEquals([daemon.count("POST"), daemon.maxInFlight], [20, 64]);
});

Deno.test("request() reads characters that arrive in two pieces", async () => {
  const container = { ...alice.containers[0], image: "ö€😀".repeat(20) };
  const bytes = new TextEncoder().encode(JSON.stringify({ container }));
  const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte));
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => new Response(ReadableStream.from(pieces)),
  );
  const serverUrl = `http://127.0.0.1:${server.addr.port}`;
  using client = new ContainariumClient({ serverUrl, token: "t" });
  assertEquals((await client.containers.get("alice")).image, container.image);
});

Deno.test("request() keeps the server URL's path prefix, with or without a trailing slash", async (t) => {
  const seen: string[] = [];
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => {
      seen.push(new URL(request.url).pathname);
      return Response.json({ containers: [] });
    },
  );
  for (const suffix of ["", "/", "/containarium", "/containarium/"]) {
    await t.step(`http://…${suffix}`, async () => {
      using client = new ContainariumClient({
        serverUrl: `http://127.0.0.1:${server.addr.port}${suffix}`,
        token: "t",
      });
      await client.containers.list();
      assertEquals(seen.at(-1), `${suffix.replace(/\/$/, "")}/v1/containers`);
    });
  }
});

Deno.test("ContainariumClient rejects caCerts without a certificate before it sends anything", async () => {
  const options = { serverUrl: "https://localhost", token: "t", caCerts: ["not one"] };
  const error = await assertRejects(
    () => Promise.try(() => new ContainariumClient(options)),
    ContainariumError,
  );
  assertEquals(
    [error.code, error.message],
    ["invalid_argument", "caCerts[0] contains no certificate in PEM"],
  );
});

Deno.test("ContainariumClient rejects numbers with which no request would ever end well", () => {
  const numbers = {
    maxRetries: [-1, 0.5, NaN, Infinity],
    headersTimeoutMs: [0, -1, NaN],
    totalTimeoutMs: [0, -1, NaN],
    maxInFlight: [0, -1, 0.5, NaN],
    maxAnswerBytes: [0, -1, NaN],
  };
  for (const [name, values] of Object.entries(numbers)) {
    for (const value of values) {
      const options = { serverUrl: "http://localhost", token: "ctnr_example", [name]: value };
      const error = assertThrows(() => new ContainariumClient(options), ContainariumError);
      assertEquals([error.code, error.message], [
        "invalid_argument",
        `${name} cannot be ${value}`,
      ]);
    }
  }
});

Deno.test("ContainariumClient waits without limits for an answer", async () => {
  await using daemon = await startDaemon(alice);
  const limits = { headersTimeoutMs: Infinity, totalTimeoutMs: Infinity, maxInFlight: Infinity };
  using client = await clientOf(daemon, { ...limits, maxAnswerBytes: Infinity });
  const held = daemon.hold("GET", "/v1/containers");
  const listing = client.containers.list();
  await held.reached;
  // A timer that is too long would have fired by the next one.
  await delay(10);
  held.release();
  assertEquals((await listing).length, 1);
});

Deno.test("ContainariumClient rejects an invalid address or token before it sends anything", async (t) => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["localhost:8080", "t", "http"],
    ["nonsense", "t", "is not a URL"],
    ["http://me:secret@localhost", "t", "contains a username or password"],
    ["http://localhost", "  ", "empty"],
    ["http://localhost", "one\ntwo", "white space"],
  ];
  for (const [serverUrl, token, words] of cases) {
    await t.step(`${serverUrl} ${JSON.stringify(token)}`, async () => {
      const error = await assertRejects(
        () => Promise.try(() => new ContainariumClient({ serverUrl, token })),
        ContainariumError,
      );
      assertEquals(error.code, "invalid_argument");
      assertStringIncludes(error.message, words);
      assert(!error.message.includes("secret"), "a password got into the message");
    });
  }
});
