/** How a terminal is reached, and what is said when it is not. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ContainariumClient, ContainariumError, type ErrorCode } from "../../../client/mod.ts";
import ca from "../tls/ca.pem" with { type: "text" };
import key from "../tls/daemon.key" with { type: "text" };
import cert from "../tls/daemon.pem" with { type: "text" };

/** What the daemon says of the container, in turn; the last one for ever. */
type States = readonly [string, ...string[]];

interface Asked {
  readonly url: string;
  readonly origin: string | null;
  readonly authorization: string | null;
}

interface Fake {
  readonly url: string;
  readonly asked: readonly Asked[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** A daemon that has a container and refuses its terminal; 101: lets in and hangs up. */
function startFake(status: number, states: States, tls = {}, backendId?: string): Fake {
  const asked: Asked[] = [];
  const left = [...states];
  const options = { port: 0, hostname: "127.0.0.1", onListen: () => {}, ...tls };
  const server = Deno.serve(options, (request) => {
    const { url, headers } = request;
    asked.push({
      url,
      origin: headers.get("origin"),
      authorization: headers.get("authorization"),
    });
    if (url.endsWith("/terminal")) {
      return status === 101 ? hangUp(request) : new Response(null, { status });
    }
    const state = left.length > 1 ? left.shift() : left[0];
    if (state === "403") {
      const error = "rpc error: code = PermissionDenied desc = not authorized for this tenant";
      return Response.json({ code: 403, error }, { status: 403 });
    }
    const container = { name: "alice-container", username: "alice", backendId };
    return Response.json({ container: { ...container, state: `CONTAINER_STATE_${state}` } });
  });
  const scheme = "cert" in tls ? "https" : "http";
  return {
    url: `${scheme}://127.0.0.1:${server.addr.port}`,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function hangUp(request: Request): Response {
  const { socket, response } = Deno.upgradeWebSocket(request);
  socket.onopen = () => socket.close();
  return response;
}

async function refusal(
  fake: Fake,
  options: { readonly caCerts?: readonly string[]; readonly terminalOrigin?: string } = {},
): Promise<ContainariumError> {
  using client = new ContainariumClient({ serverUrl: fake.url, token: "ctnr_example", ...options });
  return await assertRejects(() => client.terminal("alice").run("true"), ContainariumError);
}

Deno.test("a terminal explains each refusal", async (t) => {
  const refusals: readonly (readonly [number, States, ErrorCode, string])[] = [
    [401, ["RUNNING"], "unauthenticated", "it rejects the token"],
    [403, ["RUNNING"], "failed_precondition", "does not accept the origin"],
    [400, ["RUNNING", "STOPPED"], "failed_precondition", "alice-container is stopped now"],
    [404, ["RUNNING"], "failed_precondition", "it has just stopped"],
    [501, ["RUNNING"], "unsupported", "it has no terminals"],
    [502, ["UNSPECIFIED"], "unsupported", "only for containers on this daemon's own host"],
    [500, ["RUNNING"], "unavailable", "status 500"],
  ];
  for (const [status, states, code, words] of refusals) {
    await t.step(`${status}`, async () => {
      await using fake = startFake(status, states, {}, "far");
      const error = await refusal(fake);
      assertEquals([error.code, error.status], [code, status], error.message);
      assertStringIncludes(error.message, words);
      if (status === 502) assertStringIncludes(error.message, "the backend far");
    });
  }
});

Deno.test("a terminal sends its Origin, and the error names a refused one", async () => {
  await using fake = startFake(403, ["RUNNING"]);
  const error = await refusal(fake, { terminalOrigin: "https://ops.example" });
  assertEquals([error.reason, error.details.origin], ["origin_refused", "https://ops.example"]);
  const handshake = fake.asked.at(-1);
  assertEquals(handshake?.origin, "https://ops.example");
  assertEquals(handshake?.authorization, "Bearer ctnr_example");
});

Deno.test("a terminal is not requested for a container that does not run", async (t) => {
  for (const state of ["STOPPED", "FROZEN", "CREATING", "PROVISIONING"]) {
    await t.step(state.toLowerCase(), async () => {
      await using fake = startFake(500, [state]);
      const error = await refusal(fake);
      assertEquals(error.code, "failed_precondition");
      assertStringIncludes(error.message, `alice-container is ${state.toLowerCase()}`);
      assert(!fake.asked.some((request) => request.url.endsWith("/terminal")));
    });
  }
});

Deno.test("a terminal is not requested with a token that may not see the container", async () => {
  await using fake = startFake(500, ["403"]);
  const error = await refusal(fake);
  assertEquals([error.code, error.status], ["permission_denied", 403]);
  assertEquals(fake.asked.length, 1);
});

Deno.test("a terminal keeps the path prefix, and rejects an invalid username", async () => {
  await using fake = startFake(403, ["RUNNING"]);
  const options = { serverUrl: `${fake.url}/prefix/`, token: "ctnr_example" };
  using client = new ContainariumClient(options);
  await assertRejects(() => client.terminal("alice").run("true"), ContainariumError);
  assertEquals(
    fake.asked.map((request) => new URL(request.url).pathname),
    ["/prefix/v1/containers/alice", "/prefix/v1/containers/alice/terminal"],
  );
  for (const username of ["terminal", "../x", "a/b", ""]) {
    const call = async () => await client.terminal(username).run("true");
    assertEquals((await assertRejects(call, ContainariumError)).code, "invalid_argument");
  }
});

Deno.test("a terminal trusts a private CA", async () => {
  await using fake = startFake(101, ["RUNNING"], { key, cert });
  const error = await refusal(fake, { caCerts: [ca] });
  assertStringIncludes(error.message, "its login shell ends at once");
});

Deno.test("a terminal over TLS reports the status of a refusal", async () => {
  await using fake = startFake(403, ["RUNNING"], { key, cert });
  const error = await refusal(fake, { caCerts: [ca] });
  assertEquals([error.code, error.status], ["failed_precondition", 403], error.message);
  assertEquals(error.reason, "origin_refused");
});

Deno.test("run() and open() reject invalid options before anything is sent", async () => {
  await using fake = startFake(403, ["RUNNING"]);
  using client = new ContainariumClient({ serverUrl: fake.url, token: "ctnr_example" });
  const terminal = client.terminal("alice");
  const onOutput = () => {};
  const calls = [
    () => terminal.run("true", { timeoutMs: 0 }),
    () => terminal.run("true", { timeoutMs: NaN }),
    () => terminal.run("true", { maxBytes: -1 }),
    () => terminal.run("true", { maxBytes: 1.5 }),
    () => terminal.open({ cols: 0, rows: 24, onOutput }),
    () => terminal.open({ cols: 80, rows: 2.5, onOutput }),
    () => terminal.open({ cols: 80, rows: 10_000, onOutput }),
  ];
  for (const call of calls) {
    assertEquals((await assertRejects(call, ContainariumError)).code, "invalid_argument");
  }
  assertEquals(fake.asked.length, 0);
});

Deno.test("run() and open() fail once the client's terminals are closed", async () => {
  await using fake = startFake(403, ["RUNNING"]);
  using client = new ContainariumClient({ serverUrl: fake.url, token: "ctnr_example" });
  await client.closeTerminals();
  const error = await assertRejects(() => client.terminal("alice").run("true"), ContainariumError);
  assertEquals(error.code, "cancelled");
  assertEquals(fake.asked.length, 0);
});
