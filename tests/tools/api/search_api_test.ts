import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { tokensIn } from "../../../scripts/tokens.ts";
import { readDescription } from "../../../tools/api/operation.ts";
import { searchApi } from "../../../tools/api/search_api.ts";
import { searchOperations } from "../../../tools/api/api_search.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

/** What users want, and the operation that comes first. */
const wanted: Readonly<Record<string, string>> = {
  "list backups": "ListBackups",
  "create a backup of the database": "CreateBackup",
  "restore a backup": "RestoreBackup",
  "kubeconfig of a cluster": "GetClusterKubeconfig",
  "create a kubernetes cluster": "CreateCluster",
  "who called what, audit log": "ListAuditLogs",
  "show the firewall of a container": "GetContainerACL",
  "set the firewall": "UpdateContainerACL",
  "new alert rule": "CreateAlertRule",
  "scan for viruses": "TriggerClamavScan",
  "pentest findings": "ListPentestFindings",
  "revoke a token": "RevokeToken",
  "deploy an app": "DeployApp",
  "logs of an app": "GetAppLogs",
  "DNS records": "ListDNSRecords",
  "network topology": "GetNetworkTopology",
  "run a crew": "RunCrew",
  "shared volumes": "ListVolumes",
  "test the webhook": "TestWebhook",
  "DELETE /v1/alerts/{id}": "DeleteAlertRule",
};

Deno.test("search_api finds what users want", async (t) => {
  const description = await readDescription();
  for (const [query, expected] of Object.entries(wanted)) {
    await t.step(query, () => {
      const found = searchOperations(query, description).map(({ operation: { id } }) => id);
      assertEquals(found[0], expected, found.slice(0, 5).join(" "));
    });
  }
});

Deno.test("search_api finds every operation by its name, with its fields, and sends nothing", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const { operations } = await readDescription();
  for (const id of operations.keys()) {
    const { text, isError } = await server.call("search_api", { query: id });
    assertEquals(isError, false);
    assert(text.startsWith(`${id} (`), text);
    assert(text.length < 2_000, `${id}: ${text.length} characters`);
  }
  const { text } = await server.call("search_api", { query: "SetNetworkPolicy" });
  assertStringIncludes(text, "allowIntraTenant:bool");
  assertStringIncludes(text, "mode:LOG_ONLY|ENFORCE");
  assertEquals(daemon.requests.filter(({ path }) => !path.includes("events")), []);
});

Deno.test("search_api names the tool to call instead, and why an operation cannot be called", async () => {
  await using daemon = await startDaemon();
  const token = await daemon.token({ username: "alice", scopes: ["containers:read"] });
  await using server = await connect({ url: daemon.url, token }, { args: ["--read-only"] });
  const first = async (query: string) =>
    searchApi.output.parse((await server.call("search_api", { query })).structuredContent)
      .operations[0];
  const guarded = await first("DeleteContainer");
  assertEquals(guarded, {
    operation: "DeleteContainer",
    method: "DELETE",
    path: "/v1/containers/{username}",
    summary: "Delete a container",
    tool: "delete_container",
  });
  const { text } = await server.call("search_api", { query: "UpdateAlertingConfig" });
  assertStringIncludes(text, "--read-only");
  const scope = await server.call("search_api", { query: "ListBackups" });
  assertStringIncludes(
    scope.text,
    "not callable: ListBackups: the token lacks the scope backups:read",
  );
  const none = await server.call("search_api", { query: "zzz" });
  assertStringIncludes(none.text, "No operation matches");
});

Deno.test("search_api costs a model at most 450 tokens for any of these", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  for (const query of Object.keys(wanted)) {
    const { text } = await server.call("search_api", { query });
    assert(tokensIn(text) <= 450, `${query}: ${tokensIn(text)} tokens`);
  }
});
