import { assertEquals, assertStringIncludes } from "@std/assert";
import { migrateSecrets } from "../../../tools/admin/migrate_secrets.ts";
import { clientOf } from "../../client/connect.ts";
import { connect } from "../../connect.ts";
import { contextOf } from "../context.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { canAsk } from "./asking.ts";
import { answering } from "../../answering.ts";
import { writes } from "../../writes.ts";

const secrets = ["A", "B", "C"]
  .map((name) => ({ username: "alice", name, value: "s3cr3t-value", legacy: true }));

Deno.test("get_kms_status shows the key service, and how many secrets it protects", async () => {
  await using daemon = await startDaemon({ kms: "inproc", secrets });
  await using server = await connect(daemon, canAsk);
  const { text } = await server.call("get_kms_status", {});
  assertEquals(
    text,
    "backend: inproc\ndescription: inproc (master-key envelope, dev/test)\nconfigured: yes\n" +
      "secrets: 3, of which 0 protected by it and 3 not",
  );
  await using bare = await startDaemon({ appHosting: false });
  await using other = await connect(bare, canAsk);
  assertStringIncludes(
    (await other.call("get_kms_status", {})).text,
    "secrets: the daemon stores none",
  );
});

Deno.test("migrate_secrets tries first, asks, and sends a limit each time", async () => {
  await using daemon = await startDaemon({ kms: "inproc", secrets });
  await using server = await connect(daemon, canAsk);
  const asked = answering(server, false, true);
  const sent = () =>
    daemon.requests.filter(({ method }) => method === "POST").map(({ body }) => body);
  assertEquals((await server.call("migrate_secrets", { max_secrets: 2 })).isError, true);
  assertEquals(sent(), ['{"dryRun":true,"batchSize":"2","maxRows":"2"}']);
  const { text } = await server.call("migrate_secrets", { max_secrets: 2 });
  assertEquals(text, "Migrated 2, 1 remaining.");
  assertEquals(sent().slice(2), ['{"dryRun":false,"batchSize":"2","maxRows":"2"}']);
  assertEquals(
    asked[1],
    'Encrypt 2 of 3 secrets anew with the key service "inproc"? Without it the daemon can then no ' +
      "longer read them, and there is no way back. A trial found nothing wrong.",
  );
});

Deno.test("migrate_secrets encrypts no more than was agreed to, and with no other key service", async (t) => {
  const ask = async (change: (daemon: Daemon) => unknown) => {
    await using daemon = await startDaemon({ kms: "inproc", secrets: secrets.slice(0, 1) });
    await using server = await connect(daemon, canAsk);
    server.onRequest("elicitation/create", async () => {
      await change(daemon);
      return { action: "accept", content: { confirm: true } };
    });
    const { text, reason } = await server.call("migrate_secrets", {});
    const sent = daemon.requests.filter(({ body }) => body?.includes('"dryRun":false'));
    return { text, reason, sent: sent.map(({ body }) => body) };
  };
  await t.step("a secret is added meanwhile", async () => {
    const { sent } = await ask((daemon) => rewrite(daemon, "envelope-coverage", "1", "3"));
    assertEquals(sent, ['{"dryRun":false,"batchSize":"1","maxRows":"1"}']);
  });
  await t.step("another key service comes meanwhile", async () => {
    const { reason, sent } = await ask((daemon) => rewrite(daemon, "status", "inproc", "gcp"));
    assertEquals([reason, sent], ["changed_since_agreed", []]);
  });
});

function rewrite(daemon: Daemon, of: string, now: string, then: string): void {
  daemon.inject({
    kind: "rewritten",
    method: "GET",
    path: `/v1/kms/${of}`,
    times: Infinity,
    rewrite: (body) => body.replaceAll(`"${now}"`, `"${then}"`),
  });
}

Deno.test("migrate_secrets sends nothing where there is nothing to do, and says why it cannot", async () => {
  const done = secrets.map((secret) => ({ ...secret, legacy: false }));
  await using daemon = await startDaemon({ kms: "inproc", secrets: done });
  await using server = await connect(daemon, canAsk);
  assertEquals((await server.call("migrate_secrets", {})).text, "Migrated 0, 0 remaining.");
  assertEquals(writes(daemon), []);
  await using none = await startDaemon({ secrets });
  await using other = await connect(none, canAsk);
  const { isError, reason, text } = await other.call("migrate_secrets", {});
  assertEquals([isError, reason, writes(none)], [true, "no_key_service", []]);
  assertStringIncludes(text, "CONTAINARIUM_KMS_BACKEND");
});

Deno.test("migrate_secrets reports what it migrated where the rest cannot be counted", async () => {
  await using daemon = await startDaemon({ kms: "inproc", secrets });
  using client = await clientOf(daemon);
  const migrating = daemon.hold("POST", "/v1/kms/migrate-to-envelope");
  const call = migrateSecrets.run({ "max_secrets": 3 }, contextOf(client));
  await migrating.reached;
  const body = '{"code":13,"message":"no database"}';
  daemon.inject({ kind: "answer", path: "/v1/kms/envelope-coverage", status: 500, body });
  migrating.release();
  const output = migrateSecrets.output.parse(await call);
  assertEquals(migrateSecrets.render(output), "Migrated 3, an unknown number remaining.");
});

Deno.test("migrate_secrets reports what failed in the trial and afterwards", async () => {
  await using daemon = await startDaemon({ kms: "inproc", secrets });
  const errors = [{ username: "alice", name: "B", error: "decrypt: \u001bbad key" }];
  daemon.inject({
    kind: "rewritten",
    method: "POST",
    path: "/v1/kms/migrate-to-envelope",
    times: Infinity,
    rewrite: (body) => JSON.stringify({ ...JSON.parse(body), migrated: "2", failed: "1", errors }),
  });
  await using server = await connect(daemon, canAsk);
  const asked = answering(server, true);
  const { text } = await server.call("migrate_secrets", {});
  assertStringIncludes(String(asked[0]), "In a trial 1 of them failed.");
  assertEquals(text, "Migrated 2, 1 failed, 0 remaining.\nB of alice: decrypt: \\u{1b}bad key");
});

Deno.test("set_metrics_export asks before an export that is on is changed or stopped", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon, canAsk);
  const asked = answering(server, false);
  assertStringIncludes(
    (await server.call("set_metrics_export", { enabled: false })).text,
    "export: off",
  );
  assertEquals([asked, writes(daemon)], [[], []]);
  daemon.inject({
    kind: "rewritten",
    method: "GET",
    path: "/v1/system/metrics-export",
    times: Infinity,
    rewrite: (body) =>
      JSON.stringify({
        ...JSON.parse(body),
        enabled: true,
        provider: "CLOUD_METRICS_PROVIDER_GCP",
      }),
  });
  const sent = writes(daemon).length;
  for (const same of [{}, { provider: "gcp" }, { groups: ["host"] }]) {
    const { text } = await server.call("set_metrics_export", { enabled: true, ...same });
    assertStringIncludes(text, "export: on");
  }
  assertEquals([asked.length, writes(daemon).length], [0, sent], "nothing would change");
  assertEquals((await server.call("set_metrics_export", { enabled: false })).isError, true);
  assertEquals(asked, [
    "Stop the export of host metrics to gcp? What watches them there sees nothing new.",
  ]);
  assertEquals(writes(daemon).length, sent);
});

Deno.test("set_metrics_export passes on what the host lacks", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon, canAsk);
  const gcp = await server.call("set_metrics_export", { enabled: true, groups: ["host"] });
  assertEquals(gcp.isError, true);
  assertStringIncludes(gcp.text, "credential check failed");
  const aws = await server.call("set_metrics_export", { enabled: true, provider: "aws" });
  assertEquals([aws.isError, aws.reason], [true, "provider_unsupported"]);
  assertStringIncludes(aws.text, "Use gcp");
});
