import { assert, assertEquals, assertRejects } from "@std/assert";
import { requestUrl } from "../../../client/internal.ts";

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
  assertEquals(await requestUrl(url, { waitMs: 5_000 }), { kind: "answered", status: 404 });
  assertEquals(requests, [null, null, null], "without the token");
});

Deno.test("requestUrl() gives up in time, and follows no redirect", async () => {
  const requests: (string | null)[] = [];
  await using server = serve([302], requests);
  const url = new URL(`http://127.0.0.1:${server.addr.port}/`);
  assertEquals(await requestUrl(url, { waitMs: 5_000 }), { kind: "answered", status: 302 });
  assertEquals(requests.length, 1);
  await using never = serve([502]);
  const other = new URL(`http://127.0.0.1:${never.addr.port}/`);
  assertEquals(await requestUrl(other, { waitMs: 0 }), { kind: "answered", status: 502 });
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
