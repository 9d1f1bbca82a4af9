/**
 * Names of tools and arguments in the vendor's own server, and common guesses, with their names here.
 * They are used in errors for unknown names, and never listed.
 *
 * @module
 */
import { own } from "../../client/internal.ts";

/** A tool of the vendor's server that has another name here, or does not exist here. */
export interface OtherTool {
  /** Tools that do it here; empty if none does. */
  readonly here: readonly string[];
  /** How to use them, or what comes closest. */
  readonly how: string;
}

const none = (what: string, nearest: string): OtherTool => ({
  here: [],
  how: `this server does not offer ${what} yet; ${nearest}`,
});

const api = (operation: string): OtherTool => ({
  here: ["call_api"],
  how: `with operation ${operation}`,
});

const upgrades = none("upgrades of the daemon", "get_system_info shows its version");
const files: OtherTool = {
  here: ["sync_files"],
  how: "of the toolset files, with local, and then for a command afterwards",
};

/** Tools of the vendor's server that have another name here or do not exist here. */
export const otherTools: Readonly<Record<string, OtherTool>> = {
  "debug_container": { here: ["get_container"], how: "with diagnose=true" },
  "refresh_secrets": {
    here: ["set_secret", "call_api"],
    how: "set_secret refreshes by itself; call_api with operation RefreshSecrets does only that",
  },
  "toggle_monitoring": api("ToggleMonitoring"),
  "get_metrics_export": api("GetMetricsExport"),
  "toggle_auto_sleep": {
    here: ["update_container"],
    how: "with auto_sleep_minutes; 0 turns it off",
  },
  "check_for_updates": api("GetLatestRelease"),
  "upgrade_backend": upgrades,
  "get_upgrade_status": upgrades,
  "get_backend": { here: ["list_backends"], how: "which shows every host" },
  "backend_validate_gpu": { here: ["validate_gpu"], how: "with backend" },
  push: files,
  sync: files,
  "security_scan": { here: ["scan_container"], how: "with username and kinds" },
  "security_findings": { here: ["list_findings"], how: "with username, kind and severity" },
  "security_remediate": { here: ["resolve_finding"], how: "with action=fix" },
  "install_zap": { here: ["install_scanner"], how: "with scanner=zap" },
  "sync_ssh_config": none(
    "an SSH configuration file",
    "get_container shows the address to connect to, and add_ssh_key lets a key log in",
  ),
  connect: {
    here: ["run_command", "open_terminal"],
    how: "for a script, or for a program that needs a screen",
  },
  "delete_route": { here: ["remove_route"], how: "with domain or external_port" },
  "list_recipes": { here: ["list_templates"], how: "which shows recipes, stacks and templates" },
  "deploy_recipe": { here: ["create_from_recipe"], how: "with recipe, username and parameters" },
  "list_agent_skills": { here: ["list_agents"], how: "which shows agents and crews" },
  "run_agent_skill": { here: ["run_agent"], how: "with agent and input" },
  "list_crews": { here: ["list_agents"], how: "which shows agents and crews" },
  "run_crew": { here: ["run_agent"], how: "with crew and input" },
  "compose_discover": { here: ["manage_compose"], how: "with action find" },
  "compose_enable": { here: ["manage_compose"], how: "with action enable" },
  "compose_disable": { here: ["manage_compose"], how: "with action disable" },
  "compose_status": { here: ["manage_compose"], how: "with action status" },
  "kms_status": { here: ["get_kms_status"], how: "which counts the protected secrets, too" },
  "kms_envelope_coverage": { here: ["get_kms_status"], how: "which shows both" },
  "kms_migrate_to_envelope": { here: ["migrate_secrets"], how: "which tries first by itself" },
};

const shell: OtherTool = {
  here: ["run_command"],
  how: "which runs a shell command in the container",
};

/** Tool names that models guess without having seen them listed. */
const habits: Readonly<Record<string, OtherTool>> = Object.fromEntries(
  [
    "bash",
    "exec",
    "exec_command",
    "execute",
    "execute_command",
    "run",
    "run_shell",
    "shell",
    "ssh",
    "terminal",
  ].map((name) => [name, shell]),
);

/** The name of an argument here. */
interface OtherArgument {
  /** Its names here; the first that the tool has is used. */
  readonly here: readonly string[];
  /** Added after the name. */
  readonly how?: string | undefined;
  /** Used if the tool has none of them. */
  readonly otherwise?: string | undefined;
}

const atCreation = "it is set when it is created (create_container)";

const otherArguments: Readonly<Record<string, OtherArgument>> = {
  "backend_id": { here: ["backend"] },
  "target_backend_id": { here: ["backend"] },
  "target_backend": { here: ["backend"] },
  host: { here: ["backend"] },
  "enable_podman": { here: ["enable_docker"], how: "Podman answers to Docker's commands" },
  "os_type": { here: ["os"], how: "ubuntu_2404, rocky_9, rhel_9 or windows_2022" },
  "recipe_id": { here: ["recipe"] },
  name: { here: ["username"], how: "the container is called <username>-container" },
  container: { here: ["username"] },
  "container_name": { here: ["username"] },
  containerName: { here: ["username"] },
  box: { here: ["username"] },
  user: { here: ["username"] },
  exec: { here: ["command"] },
  cmd: { here: ["command"] },
  script: { here: ["command"] },
  timeout: { here: ["timeout_seconds", "wait_seconds"] },
  tail: { here: ["lines"] },
  follow: { here: ["follow_seconds"], how: "a number of seconds" },
  ram: { here: ["memory"], how: "with its unit, such as 4GB" },
  mem: { here: ["memory"], how: "with its unit, such as 4GB" },
  "disk_size": { here: ["disk"], how: "with its unit, such as 50GB" },
  key: { here: ["public_key", "comment", "keys"] },
  "ssh_key": { here: ["public_key", "ssh_keys"] },
  snapshot: { here: ["name"], how: "the snapshot's" },
  "snapshot_name": { here: ["name"], how: "the snapshot's" },
  input: { here: ["text", "stdin"] },
  "container_port": { here: ["port"], how: "the port in the container" },
  "target_port": { here: ["port"], how: "the port in the container" },
  "host_port": { here: ["external_port"] },
  "github_pat": {
    here: [],
    otherwise: "the token is this server's own GITHUB_TOKEN, and must not be an argument",
  },
  repository: { here: ["repo"], how: "owner/name, or an organization" },
  folder: { here: ["dir"], how: "the folder of the Compose file" },
  path: { here: ["dir"], how: "the folder of the Compose file" },
  directory: { here: ["dir"], how: "the folder of the Compose file" },
  "name_prefix": { here: ["prefix"] },
  subdomain: { here: ["domain"] },
  hostname: { here: ["domain"] },
  secret: { here: ["value", "name"] },
  "secret_name": { here: ["name"], how: "the secret's" },
  "key_name": { here: ["name"], how: "the secret's" },
  password: { here: ["password_secret"], how: "the name of the container's secret that holds it" },
  "finding_id": { here: ["id"], how: "the finding's" },
  "alert_id": { here: ["id"], how: "the finding's" },
  "scan_type": { here: ["kinds", "kind"], how: "clamav, pentest or zap" },
  "backup_id": { here: ["id"] },
  "target_username": { here: ["target"] },
  delivery: { here: ["deliver"], how: "env, file or compose" },
  "delivery_mode": { here: ["deliver"], how: "env, file or compose" },
  idleThresholdMinutes: { here: ["auto_sleep_minutes"] },
  "idle_threshold_minutes": { here: ["auto_sleep_minutes"] },
  waitForReady: {
    here: [],
    otherwise: "it waits by itself; start_container(wait_for_port) waits for a port, too",
  },
  gpu: { here: ["gpu", "gpus"], otherwise: atCreation },
  gpus: { here: ["gpus", "gpu"], otherwise: atCreation },
  monitoring: { here: ["monitoring"], otherwise: atCreation },
  encrypted: { here: ["encrypted"], otherwise: atCreation },
  "tenant_id": { here: [], otherwise: "the daemon has one tenant only" },
  "delta_threshold_seconds": { here: [], otherwise: "the daemon decides it" },
  stateful: { here: [], otherwise: "a move stops the container for its last seconds" },
};

/** Returns a tool's name without the prefix of a client: `mcp__containarium__get_metrics`. */
export function bareToolName(name: string): string {
  return name.replace(/^(?:.*(?:__|[:./])|(?:mcp_)?containarium[_-]+)/i, "");
}

/** Returns what to use instead of a tool of the vendor's server or a guess; `undefined` for other names. */
export function adviseTool(name: string): OtherTool | undefined {
  return own(otherTools, name) ?? own(habits, name.toLowerCase());
}

/**
 * Returns the name here of an argument of the vendor's server; `undefined` for other names.
 *
 * @param known Arguments of the tool
 */
export function adviseArgument(name: string, known: readonly string[]): string | undefined {
  const other = own(otherArguments, name);
  if (other === undefined) return undefined;
  const here = other.here.find((argument) => known.includes(argument));
  if (here === undefined) return other.otherwise;
  return `${name} is ${here} here${other.how === undefined ? "" : ` (${other.how})`}`;
}
