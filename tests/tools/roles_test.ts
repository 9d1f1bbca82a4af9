/** A token without the admin role is offered what the daemon lets it do, and nothing else. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { exampleCalls } from "../../scripts/examples.ts";
import { registry } from "../../tools/toolsets.ts";
import { longTail, wire } from "../daemon/recordings.ts";
import { startTwoHosts } from "../two_hosts.ts";
import { connectWithPolicy } from "../with_policy.ts";

/** For each tool that needs the role: the recording in which a real daemon refuses a user. */
const refusals: Readonly<Record<string, string>> = {
  "get_system_info": "alice-sysinfo",
  "list_backends": "be-list-user",
  "move_container": "tn-move-user",
  "validate_gpu": "be-gpu-user",
  "expose_port": "rt-add-user",
  "remove_route": "rt-del-user",
  "install_scanner": "pn-install-user",
  "get_audit_log": "au-user-token",
  "revoke_token": "tk-revoke-user",
  "list_alerts": "al-list-user",
  "set_alert": "al-create-user",
  "delete_alert": "xa-del-user",
  "set_metrics_export": "mo-exp-user",
  "get_kms_status": "km-status-user",
  "migrate_secrets": "km-migrate-user",
};

const adminTools = registry.filter(({ role }) => role === "admin").map(({ name }) => name);

Deno.test("every tool that needs the admin role does what a real daemon refuses to users", () => {
  assertEquals(adminTools.toSorted(), Object.keys(refusals).sort());
  const exchanges = [...wire.exchanges, ...longTail.exchanges];
  for (const [tool, name] of Object.entries(refusals)) {
    const { response } = exchanges.find((exchange) => exchange.name === name) ?? {};
    assertEquals(response?.status, 403, tool);
    assert(
      /role required: admin|admin role required|requires admin role/.test(String(response?.body)),
      tool,
    );
  }
});

Deno.test("a user is not refused any tool that they are offered for want of a role", async (t) => {
  await using hosts = await startTwoHosts({ zfs: true });
  const token = await hosts.near.token({ username: "alice" });
  const policy = {
    templates: {},
    quotas: { users: { "*": { containers: 9 } } },
    "delete_grace": "24h",
  };
  await using host = await connectWithPolicy({ url: hosts.near.url, token }, policy);
  const { tools } = await host.session.request("tools/list");
  assert(Array.isArray(tools));
  const listed = tools.map(({ name }) => String(name));
  assertEquals(
    listed,
    registry.map(({ name }) => name).filter((name) => !adminTools.includes(name)),
  );
  for (const [tool, args] of exampleCalls) {
    if (tool.endsWith("_terminal")) continue;
    await t.step(tool, async () => {
      const sent = hosts.near.requests.length;
      const { isError, reason, text } = await host.session.call(tool, args);
      if (!adminTools.includes(tool)) return assert(reason !== "admin_required", text);
      assertEquals(isError, true);
      assertStringIncludes(text, `${tool} is off: the daemon allows it only to a token with the`);
      assertEquals(hosts.near.requests.length, sent);
    });
  }
});
