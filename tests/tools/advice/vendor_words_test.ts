import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { toolNames } from "../../../tools/mod.ts";
import { registry } from "../../../tools/toolsets.ts";
import { adviseArgument, bareToolName, otherTools } from "../../../tools/advice/vendor_words.ts";
import { connect, RpcFailure } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

/** The tools of the vendor's server in November 2026. */
const vendorTools =
  ("create_container list_containers get_container debug_container move_container resize_container " +
    "set_secret get_secret list_secrets delete_secret refresh_secrets toggle_monitoring " +
    "set_metrics_export get_metrics_export delete_container start_container toggle_auto_sleep " +
    "stop_container get_metrics get_system_info check_for_updates upgrade_backend " +
    "get_upgrade_status list_backends get_backend backend_validate_gpu push sync security_scan " +
    "security_findings security_remediate install_zap sync_ssh_config connect list_routes " +
    "delete_route expose_port list_recipes deploy_recipe list_agent_skills run_agent_skill " +
    "call_agent list_crews run_crew revoke_token compose_discover compose_enable compose_disable " +
    "compose_status provision_runners list_runners remove_runner create_backup list_backups " +
    "restore_backup verify_backup kms_status kms_envelope_coverage kms_migrate_to_envelope")
    .split(" ");

Deno.test("each of the vendor's 59 tools exists, or an error names what to use instead", () => {
  assertEquals(vendorTools.length, 59);
  assertEquals(
    vendorTools.filter((name) => !toolNames.includes(name)).sort(),
    Object.keys(otherTools).sort(),
  );
  for (const [name, { here, how }] of Object.entries(otherTools)) {
    for (const tool of here) assert(toolNames.includes(tool), `${name}: there is no ${tool}`);
    const named = how.match(/\b[a-z]+_[a-z_]+\b/g) ?? [];
    const known = [...toolNames, ...registry.flatMap(({ input }) => Object.keys(input.shape))];
    for (const word of named) assert(known.includes(word), `${name}: there is no ${word}`);
    assertEquals(here.length === 0, how.includes("this server does not offer"), name);
  }
});

Deno.test("an unknown tool of the vendor's server is -32602 with the tool to use here", async (t) => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon, { args: ["--toolsets", "containers,logs"] });
  const cases: Readonly<Record<string, readonly string[]>> = {
    connect: ["use run_command or open_terminal, for a script", "(run_command is off: this server"],
    "debug_container": ["use get_container, with diagnose=true"],
    "mcp__containarium__debug_container": ["use get_container"],
    "refresh_secrets": ["use set_secret or call_api, set_secret refreshes by itself"],
    "deploy_recipe": ["use create_from_recipe, with recipe, username"],
    "delete_route": ["use remove_route, with domain or external_port (remove_route is off: this"],
    ssh: ["use run_command, which runs a shell command in the container (run_command is off"],
    "get_metric": ["did you mean get_metrics?"],
    constructor: ["Unknown tool: constructor"],
  };
  for (const [name, parts] of Object.entries(cases)) {
    await t.step(name, async () => {
      const call = () => server.request("tools/call", { name, arguments: {} });
      const { code, message } = await assertRejects(call, RpcFailure);
      assertEquals(code, -32602);
      for (const part of parts) assertStringIncludes(message, part);
    });
  }
});

Deno.test("bareToolName() drops the prefixes of clients", async (t) => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const prefixes = [
    "mcp__containarium__",
    "mcp__plugin_containarium_containarium__",
    "mcp_containarium_",
    "containarium_",
    "containarium-",
    "containarium:",
    "containarium.",
    "containarium/",
    "boxes__",
  ];
  for (const prefix of prefixes) {
    await t.step(prefix, async () => {
      const { isError } = await server.call(`${prefix}list_containers`);
      assertEquals(isError, false);
    });
  }
  assertEquals(bareToolName("safe_delete_container"), "safe_delete_container");
  assertEquals(bareToolName("list_containers"), "list_containers");
});

Deno.test("an unknown argument of the vendor's server is rejected with its name here", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon);
  const cases: readonly (readonly [string, string, string])[] = [
    ["create_container", "backend_id", "backend_id is backend here"],
    ["create_container", "enable_podman", "enable_podman is enable_docker here"],
    ["create_container", "os_type", "os_type is os here"],
    ["create_container", "gpu", "gpu is gpus here"],
    ["start_container", "gpus", "it is set when it is created"],
    ["move_container", "target_backend_id", "target_backend_id is backend here"],
    ["start_container", "waitForReady", "it waits by itself"],
    ["start_container", "name", "name is username here"],
    ["create_from_recipe", "recipe_id", "recipe_id is recipe here"],
    ["create_from_recipe", "name", "name is username here"],
    ["expose_port", "container_port", "container_port is port here"],
    ["remove_route", "subdomain", "subdomain is domain here"],
    ["update_container", "idleThresholdMinutes", "idleThresholdMinutes is auto_sleep_minutes here"],
    ["run_command", "cmd", "cmd is command here"],
    ["create_container", "ram", "ram is memory here (with its unit"],
    ["resize_container", "mem", "mem is memory here"],
    ["create_container", "disk_size", "disk_size is disk here"],
    ["add_ssh_key", "key", "key is public_key here"],
    ["create_container", "ssh_key", "ssh_key is ssh_keys here"],
    ["restore_snapshot", "snapshot", "snapshot is name here"],
    ["send_to_terminal", "input", "input is text here"],
    ["run_command", "input", "input is stdin here"],
    ["set_secret", "delivery_mode", "delivery_mode is deliver here"],
    ["set_secret", "secret", "secret is value here"],
    ["get_secret", "secret", "secret is name here"],
    ["get_logs", "follow", "follow is follow_seconds here"],
    ["start_container", "constructor", "constructor: unknown argument; known: username"],
  ];
  for (const [name, argument, words] of cases) {
    await t.step(`${name} ${argument}`, async () => {
      const { isError, text } = await server.call(name, { [argument]: "x" });
      assertEquals(isError, true);
      assertStringIncludes(text, words);
      assertStringIncludes(text, "known: ");
    });
  }
  assertEquals(adviseArgument("name", ["name"]), undefined);
  assertEquals(
    adviseArgument("folder", ["dir"]),
    "folder is dir here (the folder of the Compose file)",
  );
  assertEquals(adviseArgument("path", ["dir"])?.startsWith("path is dir here"), true);
  assertEquals(adviseArgument("repository", ["repo"])?.startsWith("repository is repo here"), true);
});

Deno.test("alice-container means alice, unless a user has that name", async () => {
  const containers = [{ username: "alice" }, { username: "bob" }, { username: "bob-container" }];
  await using daemon = await startDaemon({ containers, recipes: [{ id: "web" }] });
  await using server = await connect(daemon);
  const stopped = await server.call("stop_container", { username: "alice-container" });
  assertEquals(stopped.isError, false, stopped.text);
  assertEquals(daemon.state("alice"), "CONTAINER_STATE_STOPPED");
  await server.call("stop_containers", { usernames: ["bob-container", "alice-container"] });
  assertEquals(daemon.state("bob"), "CONTAINER_STATE_RUNNING");
  assertEquals(daemon.state("bob-container"), "CONTAINER_STATE_STOPPED");
  const missing = await server.call("get_container", { username: "carol-container" });
  assertEquals(missing.isError, true);
  const created = await server.call("create_container", { username: "bob-container" });
  assertEquals(created.isError, true);
  assertStringIncludes(created.text, "bob-container");
  for (
    const [tool, args] of [
      ["create_container", { username: "alice-container" }],
      ["create_containers", { usernames: ["alice-container"] }],
      ["create_from_recipe", { username: "alice-container", recipe: "web" }],
    ] as const
  ) {
    const { isError, text } = await server.call(tool, args);
    assertEquals(isError, true, text);
    assert(!text.includes("alice has"), text);
    assertStringIncludes(text, "alice-container");
  }
  const gone = await server.call("delete_container", { username: "alice-container" });
  assertEquals(gone.isError, false, gone.text);
  assertEquals(daemon.state("alice"), undefined);
});
