import { assert, assertEquals, assertRejects } from "@std/assert";
import { requestUrl } from "../../../client/internal.ts";
import { startDaemon } from "../../daemon/mod.ts";

/** Answers each request with the next status, and the last one from then on. */
function serve(statuses: readonly number[], requests: (string | null)[] = []) {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const status = statuses[Math.min(requests.length, statuses.length - 1)] ?? 200;
    requests.push(request.headers.get("authorization"));
    return new Response("text", { status, headers: { location: "/elsewhere" } });
  });
}

Deno.test("requestUrl() returns the first status that is not a proxy's for what is behind it", async () => {
  const requests: (string | null)[] = [];
  await using server = serve([502, 503, 404], requests);
  const url = new URL(`http://127.0.0.1:${server.addr.port}/`);
  assertEquals(await requestUrl(url, { waitMs: 5_000 }), {
    ...{ kind: "answered", status: 404, by: "unknown" },
  });
  assertEquals(requests, [null, null, null], "without the token");
});

Deno.test("requestUrl() gives up in time, and follows no redirect", async () => {
  const requests: (string | null)[] = [];
  await using server = serve([302], requests);
  const url = new URL(`http://127.0.0.1:${server.addr.port}/`);
  assertEquals(await requestUrl(url, { waitMs: 5_000 }), {
    ...{ kind: "answered", status: 302, by: "unknown" },
  });
  assertEquals(requests.length, 1);
  await using never = serve([502]);
  const other = new URL(`http://127.0.0.1:${never.addr.port}/`);
  assertEquals(await requestUrl(other, { waitMs: 0 }), {
    ...{ kind: "answered", status: 502, by: "unknown" },
  });
});

Deno.test("requestUrl() does not wait where nothing listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = new URL(`http://127.0.0.1:${listener.addr.port}/`);
  listener.close();
  const started = performance.now();
  assertEquals(await requestUrl(url, { waitMs: 60_000 }), {
    kind: "failed",
    why: "connection refused",
    isPassing: false,
  });
  assert(performance.now() - started < 5_000);
});

Deno.test("requestUrl() requests nothing without the permission, and ends with the signal", async () => {
  assertEquals(await requestUrl(new URL("https://example.com/"), { waitMs: 0 }), {
    kind: "not_permitted",
    host: "example.com:443",
  });
  await using server = serve([502]);
  const url = new URL(`http://127.0.0.1:${server.addr.port}/`);
  const signal = AbortSignal.timeout(100);
  await assertRejects(() => requestUrl(url, { waitMs: 60_000, signal }), DOMException);
});

Deno.test("requestUrl() tells an answer of the app from the proxy's own, and from a server that is not the proxy", async (t) => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", ipAddress: "10.77.0.5" }],
    routes: [{ domain: "127.0.0.1", targetIp: "10.77.0.5", targetPort: 80 }],
  });
  const url = new URL(await daemon.proxyUrl());
  await t.step("the proxy, which does not reach the app", async () => {
    const answer = await requestUrl(url, { waitMs: 0 });
    assertEquals(answer, { kind: "answered", status: 502, by: "proxy" });
  });
  const requested: number[] = [];
  let status = 200;
  const answerApp = () => {
    requested.push(status);
    return new Response("", { status });
  };
  daemon.listen({ username: "alice", port: 80, answer: answerApp });
  for (status of [200, 404, 502]) {
    await t.step(`the app, with ${status}, which is final`, async () => {
      const answer = await requestUrl(url, { waitMs: 5_000 });
      assertEquals(answer, { kind: "answered", status, by: "app" });
    });
  }
  assertEquals(requested, [200, 404, 502]);
});

Deno.test("requestUrl() takes what the proxy says of a domain that it does not know for no answer of an app", async () => {
  // Caddy does so where it has a certificate for all names of the base domain.
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("", { headers: { server: "Caddy" } }),
  );
  const url = new URL(`http://127.0.0.1:${server.addr.port}/`);
  const answer = await requestUrl(url, { waitMs: 0 });
  assertEquals(answer, { kind: "answered", status: 200, by: "proxy" });
});
