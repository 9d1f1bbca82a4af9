import { assert, assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { type Health, HealthProbe } from "../../../client/transport/health_probe.ts";

/** Asks a server that answers so. */
async function ask(response: Response, seen: unknown[] = []): Promise<Health> {
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  await using server = Deno.serve(options, (request) => {
    const header = (name: string) => request.headers.get(name);
    seen.push(request.method, new URL(request.url).pathname);
    seen.push(header("accept"), header("authorization"));
    return response;
  });
  const serverUrl = new URL(`http://127.0.0.1:${server.addr.port}/prefix`);
  using probe = new HealthProbe({ serverUrl, caCerts: [], timeoutMs: 10_000 });
  return await probe.ask();
}

Deno.test("HealthProbe requests /health below the prefix, without a token", async () => {
  const seen: unknown[] = [];
  const { status, isHealthy, milliseconds } = await ask(Response.json({ status: "healthy" }), seen);
  assertEquals([status, isHealthy], [200, true]);
  assert(milliseconds > 0);
  assertEquals(seen, ["GET", "/prefix/health", "application/json", null]);
});

Deno.test("HealthProbe takes only a daemon's own words for being well", async () => {
  const cases = [
    Response.json({ status: "healthy" }, { status: 503 }),
    Response.json({ status: "degraded" }),
    Response.json({ state: "healthy" }),
    Response.json("healthy"),
    Response.json(null),
    new Response("healthy"),
    new Response(""),
    Response.json({ status: "healthy" }, { status: 400 }),
  ];
  for (const response of cases) {
    const { status } = response;
    const health = await ask(response);
    assertEquals([health.status, health.isHealthy], [status, false]);
  }
});

Deno.test("HealthProbe compares the clocks, if the daemon sends its time", async () => {
  const date = new Date(Date.now() + 7_200_000).toUTCString();
  const { clockAheadMs = 0 } = await ask(Response.json({}, { headers: { date } }));
  assert(Math.abs(clockAheadMs - 7_200_000) < 60_000, `${clockAheadMs} ms`);
  const unreadable = await ask(Response.json({}, { headers: { date: "yesterday" } }));
  assertEquals(unreadable.clockAheadMs, undefined);
});

Deno.test("HealthProbe fails for a redirect, and where nothing answers", async () => {
  for (const status of [300, 307, 399]) {
    const response = new Response("", { status, headers: { location: "http://else.example/" } });
    const error = await assertRejects(() => ask(response), ContainariumError);
    assertEquals([error.code, error.reason], ["failed_precondition", "redirected"]);
  }
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serverUrl = new URL(`http://127.0.0.1:${listener.addr.port}`);
  listener.close();
  using probe = new HealthProbe({ serverUrl, caCerts: [], timeoutMs: 10_000 });
  const error = await assertRejects(() => probe.ask(), ContainariumError);
  assertEquals([error.code, error.method, error.path], ["unavailable", "GET", "/health"]);
});
