/** Tokens, decoding and routing beyond the recordings, and the dialects of old daemons. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Ask, create, errorOf, send, statusAndText } from "./asking.ts";
import { startDaemon } from "./mod.ts";

const bob = { containers: [{ username: "bob" }] };
const invalid = "rpc error: code = InvalidArgument desc = ";

Deno.test("Tokens that are expired, of the refresh kind or signed with another secret are refused", async () => {
  await using daemon = await startDaemon(bob);
  await using other = await startDaemon({ jwtSecret: "another secret that is also 32 bytes" });
  const foreign = { authorization: `Bearer ${await other.token()}` };
  const asks: readonly Ask[] = [
    { as: { expiresInSeconds: -1 } },
    { as: { type: "refresh" } },
    { headers: foreign },
    { headers: { authorization: "Bearer x" } },
  ];
  for (const ask of asks) {
    assertEquals(await statusAndText(daemon, "/v1/containers", ask), {
      status: 401,
      text: '{"error": "invalid token", "code": 401}\n',
    });
  }
  const basic = { headers: { authorization: "Basic YTpi" } };
  assertEquals(
    await errorOf(daemon, "/v1/containers", basic),
    "invalid authorization header format, expected 'Bearer <token>'",
  );
});

Deno.test("A token is held to its tenant, its scopes and its roles", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob" }],
  });
  const denied = "rpc error: code = PermissionDenied desc = ";
  const alice = { username: "alice" };
  const reader = { scopes: ["containers:read"] };
  assertEquals(
    await errorOf(daemon, "/v1/containers/bob", { as: alice }),
    `${denied}not authorized for this tenant`,
  );
  assertEquals(
    await errorOf(daemon, "/v1/system/info", { as: { username: "admin", roles: null } }),
    `${denied}role required: admin`,
  );
  assertEquals(
    await errorOf(daemon, "/v1/containers/bob", { as: reader, method: "DELETE" }),
    `${denied}scope required: containers:write`,
  );
  assertEquals((await statusAndText(daemon, "/v1/containers/bob", { as: reader })).status, 200);
  const own = await send(daemon, "/v1/containers", { as: alice });
  const { totalCount }: { readonly totalCount: number } = await own.json();
  assertEquals(totalCount, 1);
});

Deno.test("The limiter counts failures by the first forwarded address and spares valid tokens", async () => {
  await using daemon = await startDaemon(bob);
  const from = (address: string) => ({
    headers: { authorization: "Bearer x", "x-forwarded-for": `${address}, 10.0.0.1` },
  });
  const statuses: number[] = [];
  for (let tries = 0; tries < 11; tries++) {
    statuses.push((await statusAndText(daemon, "/v1/containers", from("192.0.2.1"))).status);
  }
  assertEquals(statuses, [...Array(10).fill(401), 429]);
  assertEquals((await statusAndText(daemon, "/v1/containers", from("192.0.2.2"))).status, 401);
  const valid = { headers: { "x-forwarded-for": "192.0.2.1" } };
  assertEquals((await statusAndText(daemon, "/v1/containers", valid)).status, 200);
});

Deno.test("Requests are decoded as protojson: both spellings, numbers or texts, enum numbers, nothing", async () => {
  await using daemon = await startDaemon(bob);
  const done = await create(daemon, {
    username: "carol",
    ssh_keys: [],
    ttl_seconds: "60",
    idleStopMinutes: 5,
    osType: 2,
    image: null,
  });
  assertEquals(done.status, 200);
  assertStringIncludes(done.text, '"osType":"OS_TYPE_ROCKY_9"');
  const post = { method: "POST" };
  assertEquals((await statusAndText(daemon, "/v1/containers/carol/stop", post)).status, 200);
});

Deno.test("What protojson refuses is named with its place", async () => {
  await using daemon = await startDaemon(bob);
  const cases: readonly (readonly [string, string])[] = [
    ['{"username":"x",\n  "é": 1, "nope": 2}', 'proto: (line 2:3): unknown field "é"'],
    ['{"username":1}', "proto: (line 1:13): invalid value for string field username: 1"],
    ['{"async":"true"}', 'proto: (line 1:10): invalid value for bool field async: "true"'],
    ['{"sshKeys":{}}', "proto: syntax error (line 1:12): unexpected token {"],
    ['{"image":"a","image":"b"}', 'proto: (line 1:14): duplicate field "image"'],
    ["[]", "proto: syntax error (line 1:1): unexpected token ["],
    ['{"username":"x"', "unexpected EOF"],
    ['{"username" 1}', "invalid character '1' after object key"],
    ['{"username":tru}', "invalid character '}' in literal true (expecting 'e')"],
  ];
  for (const [body, expected] of cases) {
    const error = await errorOf(daemon, "/v1/containers", { method: "POST", body });
    assertEquals(error, `${invalid}${expected}`);
  }
});

Deno.test("A request above 4 MiB is refused", async () => {
  await using daemon = await startDaemon(bob);
  const { status, text } = await create(daemon, { username: "x".repeat(4 * 1024 * 1024) });
  assertEquals(status, 429);
  assertStringIncludes(text, "grpc: received message larger than max (");
});

Deno.test("A path is decoded before it is routed", async () => {
  await using daemon = await startDaemon(bob);
  const { text } = await statusAndText(daemon, "/v1/containers/bob%2Fdebug");
  assertStringIncludes(text, '"containerState":"running"');
  assertEquals(await statusAndText(daemon, "/v1/containers/%zz"), {
    status: 400,
    text: "400 Bad Request",
  });
  const encoded = await send(daemon, "/v1/containers/bob%2F%2fdebug");
  await encoded.body?.cancel();
  assertEquals([encoded.status, encoded.headers.get("location")], [
    301,
    "/v1/containers/bob/debug",
  ]);
  const doubled = await send(daemon, "/v1//containers/bob");
  await doubled.body?.cancel();
  assertEquals([doubled.status, doubled.headers.get("location")], [301, "/v1/containers/bob"]);
});

Deno.test("A daemon of January 2026 speaks its own dialect", async () => {
  await using daemon = await startDaemon({ ...bob, version: "0.3.0" });
  const made = await create(daemon, {
    username: "carol",
    enableDocker: true,
    enablePodman: false,
    osType: "nonsense",
  });
  assertEquals(made.status, 200);
  const answer = await send(daemon, "/v1/containers/carol", { as: { username: "bob" } });
  const { container }: { readonly container: Record<string, unknown> } = await answer.json();
  assertEquals(container["dockerEnabled"], true);
  assertEquals(Object.keys(container).includes("labels"), false);
  assertEquals(container["resources"], { cpu: "4", memory: "4GB" });
  const unimplemented = "rpc error: code = Unknown desc = not implemented yet";
  for (const path of ["start", "stop", "ssh-keys"]) {
    const ask = { method: "POST", body: "{}" };
    assertEquals(await errorOf(daemon, `/v1/containers/bob/${path}`, ask), unimplemented);
  }
  const list = await send(daemon, "/v1/containers?username=nobody&labelFilter[x]=y");
  const { totalCount }: { readonly totalCount: number } = await list.json();
  assertEquals(totalCount, 2);
  const garbage = { headers: { authorization: "Bearer x" } };
  assertEquals(
    await errorOf(daemon, "/v1/containers", garbage),
    "invalid token: failed to parse token: token is malformed: token contains an invalid number of segments",
  );
  assertEquals(
    (await statusAndText(daemon, "/v1/containers/bob/ttl", { method: "POST" })).status,
    404,
  );
});

Deno.test("A daemon of February 2026 has labels and podman, but neither start nor resize", async () => {
  await using daemon = await startDaemon({ ...bob, version: "0.6.0" });
  await create(daemon, {
    username: "carol",
    enablePodman: true,
    labels: { a: "b" },
    unknownKey: 1,
    async: true,
  });
  await daemon.when("carol", "CONTAINER_STATE_RUNNING");
  const list = await send(daemon, "/v1/containers?labelFilter[a]=b");
  const { containers }: { readonly containers: readonly Record<string, unknown>[] } = await list
    .json();
  assertEquals(containers.map(({ username, podmanEnabled }) => [username, podmanEnabled]), [
    ["carol", true],
  ]);
  const put = { method: "PUT", body: '{"cpu":"1"}' };
  assertEquals((await statusAndText(daemon, "/v1/containers/bob/resize", put)).status, 404);
  assertEquals((await statusAndText(daemon, "/v1/containers/bob/labels")).status, 200);
  assertStringIncludes(
    await errorOf(daemon, "/v1/containers/bob/start", { method: "POST" }),
    "not implemented yet",
  );
});
