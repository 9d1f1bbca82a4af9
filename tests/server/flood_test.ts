/** Huge responses of a daemon: what reaches the client is bounded. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connect, type Session } from "../connect.ts";

interface Fake extends AsyncDisposable {
  readonly session: Session;
}

/** A server whose daemon always sends the same response. */
async function startFake(status: number, body: string): Promise<Fake> {
  const options = { port: 0, hostname: "127.0.0.1", onListen: () => {} };
  const headers = { "content-type": "application/json" };
  const daemon = Deno.serve(options, () => new Response(body, { status, headers }));
  const url = `http://127.0.0.1:${daemon.addr.port}`;
  const session = await connect({ url, token: "ctnr_example" });
  return {
    session,
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]();
      await daemon.shutdown();
    },
  };
}

const alice = { name: "alice-container", username: "alice", state: "CONTAINER_STATE_RUNNING" };

Deno.test("list_containers refuses 31 MB of empty objects before it parses them", async () => {
  await using fake = await startFake(200, `{"containers":[${"{},".repeat(10_000_000)}{}]}`);
  const { isError, text } = await fake.session.call("list_containers");
  assertEquals(isError, true);
  assertStringIncludes(text, "more than can be read");
});

Deno.test("list_containers shortens a label of 20 MB", async () => {
  const labels = { team: "x".repeat(20_000_000) };
  await using fake = await startFake(200, JSON.stringify({ containers: [{ ...alice, labels }] }));
  const { isError, text, structuredContent } = await fake.session.call("list_containers");
  assertEquals(isError, false, text.slice(0, 1_000));
  const size = text.length + JSON.stringify(structuredContent).length;
  assert(size < 20_000, `${size} characters`);
});

Deno.test("list_containers refuses a result that is too large for any client", async () => {
  const labels = Object.fromEntries(
    Array.from({ length: 900 }, (_, n) => [`${n}`, "x".repeat(4_000)]),
  );
  const containers = Array.from({ length: 8 }, (_, n) => ({ ...alice, username: `u${n}`, labels }));
  await using fake = await startFake(200, JSON.stringify({ containers }));
  const { isError, text } = await fake.session.call("list_containers");
  assertEquals(isError, true);
  assertStringIncludes(text, "too large to pass on");
});

Deno.test("an error of 20 MB from the daemon is shortened", async () => {
  const error = { code: 400, error: "x".repeat(20_000_000) };
  await using fake = await startFake(400, JSON.stringify(error));
  const { isError, text } = await fake.session.call("get_container", { username: "alice" });
  assertEquals(isError, true);
  assert(text.length < 25_000, `${text.length} characters`);
});
