import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ContainariumClient, ContainariumError } from "../../client/mod.ts";
import ca from "./tls/ca.pem" with { type: "text" };
import key from "./tls/daemon.key" with { type: "text" };
import cert from "./tls/daemon.pem" with { type: "text" };

/** A daemon behind a proxy with a certificate of a private authority (made for these tests, valid for 100 years). */
function startTlsDaemon(seen: string[]): Deno.HttpServer<Deno.NetAddr> {
  const options = { port: 0, hostname: "127.0.0.1", cert, key, onListen: () => {} };
  return Deno.serve(options, (request) => {
    seen.push(request.method);
    return Response.json({ containers: [] });
  });
}

Deno.test("a private authority's certificate is trusted when it is named, else refused", async () => {
  const seen: string[] = [];
  await using server = startTlsDaemon(seen);
  const options = { serverUrl: `https://127.0.0.1:${server.addr.port}`, token: "t" };

  using stranger = new ContainariumClient(options);
  const error = await assertRejects(() => stranger.containers.list(), ContainariumError);
  assertEquals(error.code, "failed_precondition");
  assertStringIncludes(error.message, "not trusted (UnknownIssuer)");
  assertStringIncludes(error.message, "CONTAINARIUM_MCP_TRUSTED_CA_FILE");
  assertEquals(seen, []);

  using client = new ContainariumClient({ ...options, caCerts: [ca] });
  assertEquals(await client.containers.list(), []);
  await client.containers.settings.setProtected("alice", true);
  assertEquals(seen, ["GET", "POST"]);
});
