/** What the client makes of the daemon's alerts, and what it does not send. */
import { assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";
import { sendRaw } from "../leftovers/keep.ts";
import { writes } from "../../writes.ts";

async function alertingDaemon(): Promise<Daemon> {
  return await startDaemon({ coreServices: ["victoriametrics"] });
}

async function refusal(call: Promise<unknown>): Promise<readonly (string | undefined)[]> {
  const { code, reason } = await assertRejects(() => call, ContainariumError);
  return [code, reason];
}

Deno.test("alerts.set() creates an alert that is on, and changes only what differs", async () => {
  await using daemon = await alertingDaemon();
  using client = await clientOf(daemon);
  const { alert, before } = await client.alerts.set("HostDown", { expr: "up == 0" });
  assertEquals(before, undefined);
  assertEquals(
    [alert.name, alert.expr, alert.duration, alert.severity, alert.isEnabled, alert.isBuiltIn],
    ["HostDown", "up == 0", "5m", "warning", true, false],
  );
  const changed = await client.alerts.set("HostDown", { severity: "critical", expr: "up == 0" });
  assertEquals(changed.before, alert);
  assertEquals([changed.alert.severity, changed.alert.expr], ["critical", "up == 0"]);
  const sent = daemon.requests.filter(({ method }) => method === "PUT").map(({ body }) => body);
  assertEquals(sent, ['{"severity":"critical"}']);
  await client.alerts.set(alert.id, { severity: "critical" });
  assertEquals(writes(daemon).length, 2);
});

Deno.test("alerts.set() refuses what the daemon would accept and nobody would want", async () => {
  await using daemon = await alertingDaemon();
  using client = await clientOf(daemon);
  const { alerts } = client;
  assertEquals(await refusal(alerts.set("A", { expr: "this is (not promql" })), [
    "invalid_argument",
    undefined,
  ]);
  assertEquals(await refusal(alerts.set("A", { expr: "up", duration: "soon" })), [
    "invalid_argument",
    undefined,
  ]);
  assertEquals(await refusal(alerts.set("A", {})), ["invalid_argument", "alert_missing"]);
  assertEquals(await refusal(alerts.set("HighMemoryUsage", { expr: "up" })), [
    "failed_precondition",
    "alert_built_in",
  ]);
  assertEquals(await refusal(alerts.delete("default-highmemoryusage")), [
    "failed_precondition",
    "alert_built_in",
  ]);
  const unknown = "00000000-0000-0000-0000-000000000000";
  assertEquals(await refusal(alerts.set(unknown, { expr: "up" })), ["not_found", "alert_missing"]);
  assertEquals(writes(daemon), []);
});

Deno.test("alerts.delete() and set() want an id where several alerts have one name", async () => {
  await using daemon = await alertingDaemon();
  using client = await clientOf(daemon);
  for (const expr of ["up == 0", "up == 1"]) {
    await sendRaw(daemon, "POST", "/alerts", { name: "Twice", expr });
  }
  const [newer, older] = await client.alerts.list();
  const error = await assertRejects(() => client.alerts.delete("Twice"), ContainariumError);
  assertEquals([error.code, error.reason], ["conflict", "alert_ambiguous"]);
  assertEquals(error.message, `Several alerts are called "Twice": ${newer?.id}, ${older?.id}`);
  const { deleted } = await client.alerts.delete(older?.id ?? "");
  assertEquals(deleted?.expr, "up == 0");
  assertEquals((await client.alerts.list()).map(({ expr }) => expr), ["up == 1"]);
  assertEquals(await client.alerts.delete("Nope"), { deleted: undefined });
});

Deno.test("alerts.set() and delete() change no other alert than agreed to", async () => {
  await using daemon = await alertingDaemon();
  using client = await clientOf(daemon);
  const { alert } = await client.alerts.set("HostDown", { expr: "up == 0" });
  await client.alerts.set("HostDown", { severity: "info" });
  const changed = ["failed_precondition", "changed_since_agreed"];
  const agreed = { alert };
  assertEquals(await refusal(client.alerts.delete("HostDown", { agreed })), changed);
  assertEquals(await refusal(client.alerts.set("HostDown", { expr: "x" }, { agreed })), changed);
  assertEquals(await refusal(client.alerts.set("HostDown", {}, { agreed: {} })), changed);
});

Deno.test("alerts.set() does not take the daemon's word for it", async () => {
  await using daemon = await alertingDaemon();
  using client = await clientOf(daemon);
  const rule = '{"rule":{"id":"00000000-0000-0000-0000-000000000000","name":"A","expr":"up == 0"}}';
  daemon.inject({ kind: "answer", method: "POST", status: 200, body: rule });
  const lost = await refusal(client.alerts.set("A", { expr: "up == 0" }));
  assertEquals(lost, ["internal", "not_applied"]);
  await client.alerts.set("B", { expr: "up == 0" });
  daemon.inject({ kind: "answer", method: "PUT", status: 200, body: "{}" });
  assertEquals(await refusal(client.alerts.set("B", { expr: "up == 1" })), lost);
});

Deno.test("alerts say when a daemon cannot alert, and who may not ask", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  assertEquals((await client.alerts.delivery()).isOn, false);
  const off = ["failed_precondition", "alerting_off"];
  assertEquals(await refusal(client.alerts.set("A", { expr: "up == 0" })), off);
  using user = await clientOf(daemon, { token: await daemon.token({ username: "alice" }) });
  assertEquals(await refusal(user.alerts.list()), ["permission_denied", "admin_required"]);
});
