import { assert, assertEquals } from "@std/assert";
import { tools } from "../../mod.ts";

const vendorTools: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "create_container": {
    username: undefined,
    cpu: "4",
    memory: "4GB",
    disk: "50GB",
    "ssh_keys": undefined,
    image: "images:ubuntu/24.04",
    "enable_docker": true,
  },
  "list_containers": {},
  "get_container": { username: undefined },
  "delete_container": { username: undefined, force: false },
  "start_container": { username: undefined },
  "stop_container": { username: undefined, force: false },
  "get_metrics": { username: undefined },
  "get_system_info": {},
};

Deno.test("the vendor's eight tools keep their names, parameters and defaults", async (t) => {
  for (const [name, parameters] of Object.entries(vendorTools)) {
    await t.step(name, () => {
      const tool = tools.find((tool) => tool.name === name);
      assert(tool !== undefined, "missing");
      for (const [parameter, byDefault] of Object.entries(parameters)) {
        const schema = tool.inputSchema.properties[parameter];
        assert(typeof schema === "object", `${parameter} is missing`);
        assertEquals("default" in schema ? schema.default : undefined, byDefault, parameter);
      }
    });
  }
});

Deno.test("each tool is described in full", async (t) => {
  for (const tool of tools) {
    await t.step(tool.name, () => {
      assert(/^[a-z]+(_[a-z]+)+$/.test(tool.name) && tool.name.length <= 40, tool.name);
      assert(tool.title !== "" && tool.description.endsWith("."));
      assert(tool.description.length <= 300, `${tool.description.length} characters`);
      const { title: _title, ...hints } = tool.annotations;
      assertEquals(Object.keys(hints).sort(), [
        "destructiveHint",
        "idempotentHint",
        "openWorldHint",
        "readOnlyHint",
      ]);
      const [icon] = tool.icons;
      assert(icon?.src.startsWith("data:image/svg+xml;base64,"));
    });
  }
  assertEquals(new Set(tools.map(({ name }) => name)).size, tools.length);
});

Deno.test("the hints follow from what a tool does", () => {
  const hinted = (hint: "readOnlyHint" | "destructiveHint" | "idempotentHint" | "openWorldHint") =>
    tools.filter(({ annotations }) => annotations[hint]).map(({ name }) => name);
  assertEquals(hinted("readOnlyHint"), [
    "list_containers",
    "get_container",
    "get_metrics",
    "get_system_info",
    "get_logs",
    "list_ssh_keys",
    "list_snapshots",
    "list_templates",
    "get_quotas",
    "list_backends",
    "list_routes",
    "list_secrets",
    "search_api",
    "list_backups",
    "list_findings",
    "get_audit_log",
    "list_collaborators",
    "list_alerts",
    "get_kms_status",
    "list_agents",
    "list_runners",
  ]);
  assertEquals(hinted("destructiveHint"), [
    "delete_container",
    "cleanup_disk",
    "run_command",
    "open_terminal",
    "send_to_terminal",
    "close_terminal",
    "remove_ssh_key",
    "restore_snapshot",
    "delete_snapshot",
    "delete_containers",
    "remove_route",
    "delete_secret",
    "call_api",
    "sync_files",
    "fetch_files",
    "restore_backup",
    "delete_backup",
    "resolve_finding",
    "revoke_token",
    "remove_collaborator",
    "delete_alert",
    "remove_runner",
  ]);
  assertEquals(hinted("openWorldHint"), [
    "run_command",
    "open_terminal",
    "send_to_terminal",
    "close_terminal",
    "get_logs",
    "list_ssh_keys",
    "add_ssh_key",
    "remove_ssh_key",
    "call_api",
    "sync_files",
    "fetch_files",
    "run_agent",
    "call_agent",
    "manage_compose",
  ]);
  assertEquals(hinted("idempotentHint"), [
    "list_containers",
    "get_container",
    "delete_container",
    "undelete_container",
    "start_container",
    "stop_container",
    "resize_container",
    "update_container",
    "cleanup_disk",
    "get_metrics",
    "get_system_info",
    "close_terminal",
    "get_logs",
    "list_ssh_keys",
    "add_ssh_key",
    "remove_ssh_key",
    "list_snapshots",
    "delete_snapshot",
    "list_templates",
    "get_quotas",
    "delete_containers",
    "start_containers",
    "stop_containers",
    "list_backends",
    "validate_gpu",
    "list_routes",
    "expose_port",
    "remove_route",
    "list_secrets",
    "get_secret",
    "delete_secret",
    "search_api",
    "fetch_files",
    "list_backups",
    "delete_backup",
    "list_findings",
    "resolve_finding",
    "install_scanner",
    "get_audit_log",
    "revoke_token",
    "list_collaborators",
    "remove_collaborator",
    "list_alerts",
    "set_alert",
    "delete_alert",
    "set_metrics_export",
    "get_kms_status",
    "migrate_secrets",
    "list_agents",
    "provision_runners",
    "list_runners",
    "manage_compose",
  ]);
});
