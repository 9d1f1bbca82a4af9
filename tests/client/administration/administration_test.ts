/** The audit log, revocations, the key service and the export of metrics, as the client reads and changes them. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { tokenIdProblem } from "../../../client/internal.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";
import { writes } from "../../writes.ts";

async function refusal(call: Promise<unknown>): Promise<readonly (string | undefined)[]> {
  const { code, reason } = await assertRejects(() => call, ContainariumError);
  return [code, reason];
}

Deno.test("revocations.revoke() asks for no more than the life of the client's own token", async () => {
  await using daemon = await startDaemon();
  const token = await daemon.token({ jti: "mine", expiresInSeconds: 3_600 });
  using client = await clientOf(daemon, { token });
  assertEquals((await client.revocations.revoke("mine")).isOwn, true);
  const [sent] = daemon.requests.filter(({ method }) => method === "POST");
  const { expiresAt } = JSON.parse(sent?.body ?? "{}");
  const left = Date.parse(expiresAt) - Date.now();
  assertEquals([left > 3_500_000, left <= 3_600_000], [true, true]);
});

Deno.test("auditLog.list() selects by user, action and time, and pages", async () => {
  const auditLog = [
    { timestamp: "2026-11-20T10:00:00Z", username: "bob", action: "api_delete", statusCode: 200 },
    { timestamp: "2026-11-21T10:00:00Z", username: "bob", action: "api_post" },
    { timestamp: "2026-11-22T10:00:00Z", action: "EVENT_TYPE_CONTAINER_DELETED" },
  ];
  await using daemon = await startDaemon({ auditLog });
  using client = await clientOf(daemon);
  const actions = async (options: Parameters<typeof client.auditLog.list>[0]) =>
    (await client.auditLog.list(options)).entries.map(({ action }) => action);
  assertEquals(await actions({ username: "bob" }), ["api_post", "api_delete"]);
  assertEquals(await actions({ action: "api_delete" }), ["api_delete"]);
  const since = new Date("2026-11-21T10:00:00Z");
  assertEquals(await actions({ since, until: since }), ["api_post"]);
  assertEquals(await actions({ limit: 1, offset: 1 }), ["api_post"]);
  const { entries: [entry], total } = await client.auditLog.list({ until: since, offset: 1 });
  assertEquals(total, 2);
  assertEquals([entry?.username, entry?.status, entry?.time], [
    "bob",
    200,
    new Date("2026-11-20T10:00:00Z"),
  ]);
  for (const options of [{ limit: 0 }, { limit: 1_001 }, { limit: 1.5 }, { offset: -1 }]) {
    assertEquals(await refusal(client.auditLog.list(options)), ["invalid_argument", undefined]);
  }
});

Deno.test("auditLog.list() is for admins, and for who names the scope", async () => {
  await using daemon = await startDaemon();
  const tokens = [
    [{ username: "alice", roles: ["user"] }, false],
    [{ username: "alice", roles: ["user"], scopes: ["containers:read"] }, false],
    [{ username: "alice", roles: ["user"], scopes: ["audit:read"] }, true],
    [{ username: "admin", roles: ["admin"], scopes: ["containers:read"] }, true],
  ] as const;
  for (const [claims, isAllowed] of tokens) {
    using client = await clientOf(daemon, { token: await daemon.token(claims) });
    const call = client.auditLog.list();
    if (isAllowed) await call;
    else assertEquals(await refusal(call), ["permission_denied", "admin_required"]);
  }
});

Deno.test("revocations.revoke() revokes once, and proves it", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const token = await daemon.token({ username: "alice", jti: "lost-laptop" });
  using victim = await clientOf(daemon, { token });
  const first = await client.revocations.revoke("lost-laptop");
  assertEquals(first, { id: "lost-laptop", wasRevoked: false, isOwn: false });
  assertEquals(await refusal(victim.containers.list()), ["unauthenticated", undefined]);
  const again = await client.revocations.revoke("lost-laptop");
  assertEquals(again, { id: "lost-laptop", wasRevoked: true, isOwn: false });
  assertEquals(writes(daemon), ["POST /v1/tokens/revoke"]);
  const found = await client.revocations.find("lost-laptop");
  // A token may never expire, and the daemon forgets a revocation after 30 days by itself.
  assert((found?.expiresAt?.getTime() ?? 0) > Date.now() + 9 * 365 * 24 * 3600 * 1_000);
  assertEquals(await client.revocations.find("lost"), undefined);
});

Deno.test("revocations.revoke() takes the rejection of the client's own token as the proof", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon, { token: await daemon.token({ jti: "mine" }) });
  const revoked = await client.revocations.revoke("mine");
  assertEquals(revoked, { id: "mine", wasRevoked: false, isOwn: true });
  assertEquals(await refusal(client.containers.list()), ["unauthenticated", undefined]);
});

Deno.test("revocations.revoke() does not take the daemon's word for it", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const body = '{"newlyRevoked":true,"message":"jti added"}';
  daemon.inject({ kind: "answer", method: "POST", status: 200, body });
  assertEquals(await refusal(client.revocations.revoke("x")), ["internal", "not_applied"]);
});

Deno.test("revocations refuse a whole token without repeating it", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const jwt = await daemon.token();
  for (const text of [jwt, `Bearer ${jwt}`, "ctnr_abcdefgh", jwt.slice(0, 60), `"${jwt}"`]) {
    const error = await assertRejects(() => client.revocations.revoke(text), ContainariumError);
    assertEquals(error.code, "invalid_argument");
    assert(!error.message.includes(text.slice(0, 12)), error.message);
  }
  assertEquals(daemon.requests.length, 0);
  assertEquals(tokenIdProblem("xnBgjALoqBnr3XppDGdX9Q"), undefined);
  assertEquals(tokenIdProblem(crypto.randomUUID()), undefined);
});

Deno.test("keyService.migrate() always sends a limit, and nothing without legacy secrets", async () => {
  const secrets = ["A", "B", "C"]
    .map((name) => ({ username: "alice", name, value: "s3cr3t-value", legacy: true }));
  await using daemon = await startDaemon({ kms: "inproc", secrets });
  using client = await clientOf(daemon);
  const { keyService } = client;
  const trial = await keyService.migrate({ isTrial: true });
  assertEquals(trial, { migrated: 3, failed: 0, failures: [] });
  assertEquals(await keyService.coverage(), { total: 3, legacy: 3, enveloped: 0 });
  assertEquals((await keyService.migrate({ maxSecrets: 2 })).migrated, 2);
  assertEquals((await keyService.migrate()).migrated, 1);
  assertEquals((await keyService.migrate()).migrated, 0);
  const sent = daemon.requests.filter(({ method }) => method === "POST").map(({ body }) => body);
  assertEquals(sent, [
    '{"dryRun":true,"batchSize":"3","maxRows":"3"}',
    '{"dryRun":false,"batchSize":"2","maxRows":"2"}',
    '{"dryRun":false,"batchSize":"1","maxRows":"1"}',
  ]);
  assertEquals(await refusal(keyService.migrate({ maxSecrets: 0 })), [
    "invalid_argument",
    undefined,
  ]);
});

Deno.test("keyService says what a daemon lacks, and who may not ask", async () => {
  const secrets = [{ username: "alice", name: "A", value: "s3cr3t-value" }];
  await using none = await startDaemon({ secrets });
  using client = await clientOf(none);
  assertEquals((await client.keyService.status()).isConfigured, false);
  assertEquals(await refusal(client.keyService.migrate()), [
    "failed_precondition",
    "no_key_service",
  ]);
  using user = await clientOf(none, { token: await none.token({ username: "alice" }) });
  assertEquals(await refusal(user.keyService.status()), ["permission_denied", "admin_required"]);
  await using bare = await startDaemon({ appHosting: false });
  using other = await clientOf(bare);
  assertEquals(await refusal(other.keyService.coverage()), [
    "failed_precondition",
    "no_secrets_store",
  ]);
});

Deno.test("metricsExport.set() reports what the daemon refuses, and what it keeps", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const { metricsExport } = client;
  const { settings } = await metricsExport.set({ isEnabled: false });
  assertEquals([settings.isEnabled, settings.groups, settings.intervalSeconds], [
    false,
    ["host"],
    60,
  ]);
  assertEquals(await refusal(metricsExport.set({ isEnabled: true, provider: "aws" })), [
    "unsupported",
    "provider_unsupported",
  ]);
  const error = await assertRejects(
    () => metricsExport.set({ isEnabled: true, groups: ["host", "container"] }),
    ContainariumError,
  );
  assertEquals(error.code, "failed_precondition");
  assertEquals(
    daemon.requests.at(-1)?.body,
    '{"enabled":true,"provider":"CLOUD_METRICS_PROVIDER_GCP",' +
      '"groups":["CLOUD_METRICS_GROUP_HOST","CLOUD_METRICS_GROUP_CONTAINER"]}',
  );
  daemon.inject({ kind: "answer", method: "POST", status: 200, body: '{"enabled":true}' });
  assertEquals(await refusal(metricsExport.set({ isEnabled: true })), ["internal", "not_applied"]);
  const agreed = { ...settings, isEnabled: true };
  assertEquals(await refusal(metricsExport.set({ isEnabled: false }, { agreed })), [
    "failed_precondition",
    "changed_since_agreed",
  ]);
});
