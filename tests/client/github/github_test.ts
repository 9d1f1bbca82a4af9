/** GitHub's API, as the client asks it. */
import { assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { GitHub } from "../../../client/internal.ts";

Deno.test("GitHub says which host this process may not reach, and asks nothing", {
  permissions: { net: ["127.0.0.1:1"] },
}, async () => {
  const github = new GitHub({ token: "ghp_example", apiUrl: "http://127.0.0.1:2" }, () => {});
  const error = await assertRejects(() => github.runners("acme/shop"), ContainariumError);
  assertEquals([error.code, error.reason, error.details.host], [
    "failed_precondition",
    "net_denied",
    "127.0.0.1:2",
  ]);
});

Deno.test("GitHub says that a call was cancelled, and when its time is up", async (t) => {
  const stop = new AbortController();
  const { addr } = Deno.serve(
    { port: 0, hostname: "127.0.0.1", signal: stop.signal, onListen: () => {} },
    () => new Promise<Response>(() => {}),
  );
  const apiUrl = `http://127.0.0.1:${addr.port}`;
  const github = new GitHub({ token: "ghp_example", apiUrl }, () => {});
  const calls = {
    cancelled: { signal: AbortSignal.timeout(20), timeoutMs: undefined },
    timeout: { timeoutMs: 20 },
  };
  for (const [code, options] of Object.entries(calls)) {
    await t.step(code, async () => {
      const error = await assertRejects(
        () => github.runners("acme/shop", options),
        ContainariumError,
      );
      assertEquals(error.code, code);
    });
  }
  stop.abort();
});
