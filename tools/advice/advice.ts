/**
 * Advice for a model after a failure: a table by reason, and one by code for failures without a reason.
 * Tools, variables and flags are named here and not in `client/`.
 *
 * @module
 */
import type { ContainariumError, ErrorCode, ErrorReason } from "../../client/mod.ts";
import { visible } from "../../client/internal.ts";
import { adminAdvice } from "./admin_advice.ts";
import type { Advice, AdviceEntry } from "./advice_entry.ts";
import { certificateAdvice } from "./certificate_advice.ts";
import { type Grant, howToGrant } from "./grants.ts";
import { formatBytes } from "../text/format.ts";

/**
 * Returns why it failed and what to do next.
 *
 * @param meant Username that was probably meant, if the given one does not exist
 */
export function advise(error: ContainariumError, meant?: string): Advice {
  const { reason, code } = error;
  const advice: AdviceEntry = reason === undefined ? byCode[code] : byReason[reason];
  return typeof advice === "function" ? advice(error, meant) : advice;
}

/** Begins what to do about a name that does not exist: the one that was probably meant, or a list. */
function meantOrCall(meant: string | undefined): string {
  return meant === undefined ? "Call" : `Did you mean ${visible(meant)}? If not, call`;
}

const byCode: Readonly<Record<ErrorCode, AdviceEntry>> = {
  unauthenticated: ({ details: { expiredAt } }) => ({
    why: expiredAt === undefined
      ? "It has expired, was signed with another secret, or was cut off when it was copied."
      : undefined,
    next: "Ask the user for a new token (on the host: containarium token generate) in place of " +
      "the old one. A token file is read again at the next call; CONTAINARIUM_JWT_TOKEN only " +
      "when this server is restarted.",
  }),
  "permission_denied": { next: "Ask the user for a token that allows it." },
  "not_found": ({ path }, meant) =>
    isElsewhere(path) ? {} : ({
      next: `${meantOrCall(meant)} ` +
        "list_containers to see which containers exist.",
    }),
  conflict: { next: "Call get_container to see its state." },
  "invalid_argument": ({ status }) =>
    status === undefined
      ? {}
      : { next: "Correct what the daemon's words below name, and call again." },
  "failed_precondition": {},
  unsupported: {
    why: "This daemon is too old, or was built without it.",
    next: "Do not call this again before the host's operator has upgraded Containarium.",
  },
  "resource_exhausted": {},
  unavailable: {
    why: "The daemon was not reached or is restarting; the request was not executed.",
    next: "Call again in a moment. If it still fails, ask the user whether the daemon is running " +
      "and CONTAINARIUM_SERVER_URL is right (address and port); when it is changed, this server " +
      "has to be restarted.",
  },
  timeout: {
    why: "The host is slow or stuck.",
    next: "Call again; if that fails too, call get_system_info to see the host's load.",
  },
  cancelled: { next: "If it was a change, call get_container to see whether it happened." },
  ambiguous: lost,
  internal: { next: "Ask the host's operator to look into the daemon's log." },
};

const byReason: Readonly<Record<ErrorReason, AdviceEntry>> = {
  "admin_required": {
    next: "Ask the user for a token with the admin role. Without it, get_container and " +
      "get_metrics work for the token's own container.",
  },
  "agent_failed": ({ details: { agent = "…" } }) => ({
    why: "The task reached the agent, which may have done it in whole or in part.",
    next: `Do not repeat it blindly: ask the user, or call get_logs(username="agent-${
      visible(agent)
    }") first.`,
  }),
  "agent_missing": ({ details: { meant } }) => ({
    next: `${meantOrCall(meant)} list_agents to see which agents and crews there are.`,
  }),
  "agent_not_allowed": { next: "Call list_agents to see who may call whom." },
  "agent_not_running": ({ details: { agent = "…" } }) => ({
    next: `Call run_agent(agent="${visible(agent)}") first, which creates its container.`,
  }),
  "already_exists": {
    next: "Use that container; get_container shows its state.",
  },
  "already_in_state": {},
  ...adminAdvice,
  "backup_damaged": {
    why: "A disk lost bits, or somebody changed the file; what it holds cannot be relied on.",
    next: "Tell the user, and call list_backups for an older one.",
  },
  "backup_missing": ({ details: { meant } }) => ({
    next: `${meantOrCall(meant)} list_backups to see which backups exist.`,
  }),
  "being_created": { next: "Wait: call get_container until its state is running." },
  ...certificateAdvice,
  "changed_since_agreed": {
    next: "Tell the user what has changed, then call again to decide again.",
  },
  "cpu_exhausted": {
    why: "The host has promised as many CPUs as it may.",
    next: "Ask for fewer CPUs, or free some with resize_container or delete_container.",
  },
  "creation_failed": {
    why: "A missing image, an invalid size and a full host are the usual causes.",
    next: "Check image (images:<distribution>/<release>, e.g. images:ubuntu/24.04), memory and " +
      "disk, then call again. If it still fails, ask the host's operator to look into the " +
      "daemon's log.",
  },
  "daemon_too_old": {
    why: "This daemon is too old, was built without it, or the path in CONTAINARIUM_SERVER_URL " +
      "is wrong.",
    next:
      "If other tools work, the host's operator has to upgrade Containarium: do not call this " +
      "again until then. If none works, ask the user to check the URL.",
  },
  "deletion_pending": ({ details: { username = "…" } }) => ({
    next:
      `Ask the user whether they want it back: undelete_container(username="${username}"). If ` +
      "not, delete_container with permanently=true deletes it at once, and asks them.",
  }),
  "database_login_failed": {
    why: "The user or the password is wrong, or the server wants a password and none was sent.",
    next: "Pass user, and as password_secret the name of the container's secret that holds the " +
      "password: list_secrets shows the names. Ask the user rather than guess.",
  },
  "database_missing": {
    next: "Ask the user for the database's name, or omit database to back up all of them.",
  },
  "database_unreachable": {
    why: "PostgreSQL does not run there, or listens on another port or address than 127.0.0.1.",
    next: "Check with run_command (systemctl status postgresql; ss -ltn), or pass port.",
  },
  "disk_shrink": ({ details: { usedBytes } }) => ({
    why: usedBytes === undefined
      ? "Data that does not fit on the smaller disk would be lost."
      : `Data that does not fit on the smaller disk would be lost: ${formatBytes(usedBytes)} are ` +
        `in use, so ${roomFor(usedBytes)} would fit.`,
    next:
      "Ask the user whether the disk may become smaller; only then call again with allow_shrink.",
  }),
  "finding_missing": { next: "Call list_findings to see which findings there are." },
  "finding_unresolvable": {
    why: "The daemon upgrades packages that its package scanner (trivy) found, and nothing else.",
    next:
      "Do what the finding's fix says with run_command or the tool that it is about, then call " +
      "scan_container to confirm it.",
  },
  "folder_missing": { next: "Look with run_command (ls) what is there." },
  frozen: { next: "Call stop_container with force, then start_container." },
  "github_denied": {
    next:
      "Ask the user whether the repository is right, and whether the token in GITHUB_TOKEN may " +
      "manage self-hosted runners: Administration of the repository (write), or Self-hosted runners " +
      "of the organization (write).",
  },
  "github_failed": { next: "Call again in a moment; list_runners shows what exists." },
  "http_to_https": ({ details: { host } }) => ({
    next:
      `Ask the user to set CONTAINARIUM_SERVER_URL to https://${host ?? "<daemon host:port>"} ` +
      "and to restart this server.",
  }),
  "https_to_http": ({ details: { host } }) => ({
    next: "Ask the user to set CONTAINARIUM_SERVER_URL to the port that serves https or, if the " +
      `network between is trusted, to http://${host ?? "<daemon host:port>"}, and to restart ` +
      "this server.",
  }),
  "image_missing": {
    why: "The host has no such image, or cannot download it.",
    next: "Pass image as images:<distribution>/<release>, e.g. images:ubuntu/24.04, or pass os " +
      "instead; list_templates shows the names of operating systems.",
  },
  "left_stopped": ({ details: { username } }) => ({
    next: `Call start_container(username="${username ?? "…"}").`,
  }),
  "name_taken": { next: "Choose another name, or omit it." },
  "net_denied": ({ details: { host } }) => ({
    next: askToGrant({ net: host ?? "<daemon host:port>" }),
  }),
  "newer_snapshots": {
    why: "A container can go back only to its newest snapshot; newer ones are destroyed first.",
    next: "Ask the user whether those may be destroyed; only then call again with discard_newer.",
  },
  "no_database_programs": {
    why: "The daemon backs up PostgreSQL only, with pg_dump, psql and pg_restore in the container.",
    next: "Ask the user whether to install them (apt install postgresql-client), or whether the " +
      "database is in another container.",
  },
  "no_dataset": {},
  "no_github_token": {
    next:
      "Ask the user to set GITHUB_TOKEN in the environment of this server and to restart it. It " +
      "must not be in the conversation.",
  },
  "no_healthy_backend": {
    next: "Call list_backends, which shows the hosts, their pools and which of them are healthy " +
      "(it needs the admin role), or omit backend and pool.",
  },
  "no_host_account": {},
  "no_reverse_proxy": {
    why: "The daemon serves domains only with Postgres and a Caddy proxy behind it.",
    next: "Expose a port of the host instead (external_port), or ask the host's operator.",
  },
  "no_secrets_store": {
    why: "It was set up without app hosting or without a database, which the store needs.",
    next:
      "Do not call this again before the host's operator has turned app hosting on. A file in the " +
      "container, written by the user, does without it.",
  },
  "firewall_not_attached": {
    why: "From now on the daemon reports it as if it were in force, but nothing is blocked.",
    next: "Do not rely on it. It works for a container that a template of the policy file with " +
      "static_ip created.",
  },
  "firewall_unsupported": {
    next: "Use http_only, which closes all ports but 80 and 443.",
  },
  "no_zfs": {
    why: "Snapshots are made by ZFS, and this host keeps its containers on other storage.",
    next: "Keep a copy of what matters instead, e.g. run_command with tar. Only the host's " +
      "operator can put containers on ZFS.",
  },
  "not_recoverable": {
    why: "Deletes have a grace period here, and this one would have none.",
    next: "Ask the user whether it may be deleted for good; only then call again with " +
      "permanently=true, which asks them, too.",
  },
  "not_running": { next: "Call start_container, then call again." },
  "origin_refused": ({ details: { origin } }) => ({
    why: `The daemon accepts terminals only from the origins in its setting ` +
      `CONTAINARIUM_ALLOWED_ORIGINS; this server sends ${visible(origin ?? "none")}.`,
    next: "Ask the user to have that origin added there, or to set CONTAINARIUM_TERMINAL_ORIGIN " +
      "for this server to one that is in it.",
  }),
  "other_host": {
    why: "The daemon does this only for containers on its own host.",
    next: "Tell the user: a server that is set to the other host's daemon can do it.",
  },
  "other_tenant": {
    why: "The token belongs to another user; only the admin role reaches other users' containers.",
    next: "Use the token's own username, or ask the user for a token with the admin role.",
  },
  "pending_with_other_arguments": {
    why: "Two such operations at once would interfere with each other.",
    next: "Wait for it by calling with the same arguments as before, then call this again.",
  },
  protected: {
    why: "It is protected from deletion.",
    next:
      "Ask the user whether it may be deleted after all; do not remove the protection yourself.",
  },
  "proxy_failed": ({ details: { host } }) => ({
    why: `HTTPS_PROXY, HTTP_PROXY or ALL_PROXY sends this server to the proxy ${
      visible(host ?? "that it names")
    }, and terminals need CONNECT there.`,
    next:
      "Ask the user whether that proxy allows CONNECT to the daemon's host and port, or to name " +
      "the daemon's host in NO_PROXY if it can be reached directly, and to restart this server.",
  }),
  "quota_exceeded": {
    why: "Whoever set up this server limits what users and teams may use.",
    next: "Ask the user, who decides what gives way. get_quotas shows what is used and allowed.",
  },
  "read_denied": ({ details: { file } }) => ({
    why: "This server reads only the folders that it was started with.",
    next: askToGrant({ read: visible(file ?? "<the folder>") }),
  }),
  redirected: {
    why: "The daemon never redirects, and the token is sent to its own address only.",
    next: "Ask the user whether CONTAINARIUM_SERVER_URL is the daemon's address.",
  },
  "response_lost": lost,
  "remediation_failed": {
    why: "The package is not from the container's package manager, or has no fix yet.",
    next: "Tell the user. Upgrade what the finding names with run_command, or suppress the " +
      "finding if the user accepts it.",
  },
  "restored_in_part": {
    why: "Where tables exist already, their rows and keys collide with those of the backup.",
    next: "Tell the user that the database may hold a mixture now. With clean=true the restore " +
      "drops what the backup contains first; a new, empty database does without that.",
  },
  "route_missing": { next: "Call list_routes to see which domains and ports are exposed." },
  "route_taken": {
    why: "The daemon would take it from whoever has it, without asking them.",
    next: "Choose another, or ask the user; only if it may be taken over, call again with " +
      "replace=true. list_routes shows who has what.",
  },
  "scanner_not_installed": {
    next: "Call install_scanner (admin role). If that fails, the host's operator has to: the " +
      "scanners run in the daemon's own security container, and are downloaded from GitHub.",
  },
  "runner_busy": { next: "Wait until its job has ended (list_runners), then call again." },
  "scope_missing": ({ details: { scope } }) => ({
    next: `Ask the user for a token with the scope ${visible(scope ?? "that is missing")}.`,
  }),
  "secret_missing": ({ details: { meant } }) => ({
    next: `${meantOrCall(meant)} list_secrets to see which secrets exist.`,
  }),
  "secret_not_applied": { next: "Call list_secrets to see what the daemon keeps." },
  "shutdown_timed_out": { next: "Call stop_container with force, which kills its processes." },
  "snapshot_missing": ({ details: { meant } }) => ({
    next: `${meantOrCall(meant)} list_snapshots to see which snapshots exist.`,
  }),
  "team_required": {},
  "token_file_denied": ({ details: { file } }) => ({
    next: askToGrant({ read: visible(file ?? "<the file>") }),
  }),
  "token_file_shared": ({ details: { file } }) => ({
    next: `Ask the user to run chmod 600 ${visible(file ?? "on it")}, or to set ` +
      "CONTAINARIUM_MCP_ALLOW_SHARED_TOKEN_FILE=true if sharing it is intended.",
  }),
  "token_unusable": { next: "Ask the user to fix that; the file is read again at the next call." },
  "too_many_auth_failures": {
    why: "This address sent too many invalid tokens.",
    next: "Wait a minute, then use a valid token, which is never limited.",
  },
  "too_many_files": {
    next: "Pass a folder below it, or leave something out with exclude (for sync_files).",
  },
  "tool_missing": {
    next: "Install it there with run_command: apt-get install, dnf install, apk add.",
  },
  "unexpected_response": {
    why: "Something other than a Containarium daemon responded, or one of an unknown version.",
    next: "Ask the user whether CONTAINARIUM_SERVER_URL is the daemon's address.",
  },
  "unknown_backend": ({ details: { meant } }) => ({
    next: `${meantOrCall(meant)} ` +
      "list_backends to see which hosts there are (it needs the admin role).",
  }),
  "unknown_field": {
    why: "This daemon does not know that setting: it is too old for it.",
    next: "Call again without it.",
  },
  "unknown_stack": { next: "Call list_templates to see which stacks exist." },
  "write_denied": ({ details: { file } }) => ({
    why: "This server writes only to the folders that it was started with.",
    next: askToGrant({ readAndWrite: visible(file ?? "<the folder>") }),
  }),
  "websocket_refused": ({ details: { origin } }) => ({
    why: "A proxy in front of the daemon does not forward WebSockets, or the daemon's setting " +
      `CONTAINARIUM_ALLOWED_ORIGINS does not list ${visible(origin ?? "the origin")}, which this ` +
      "server sends.",
    next:
      "Ask the user to have one of them changed, or to set CONTAINARIUM_TERMINAL_ORIGIN for this " +
      "server to an origin that is in it.",
  }),
};

/** Returns the smallest size in GB that holds so many bytes and 10 % more. */
function roomFor(bytes: number): string {
  return `${Math.ceil(bytes * 1.1 / 1e9)}GB`;
}

function askToGrant(grant: Grant): string {
  return `Ask the user to ${howToGrant("this server", grant)}.`;
}

function lost({ path = "" }: ContainariumError): Advice {
  const reader = readerOf(path);
  return {
    why: "The response was lost, so it may have happened.",
    next: reader === undefined
      ? "Do not repeat it blindly: read first whether it happened."
      : `Do not repeat it blindly: call ${reader} first to see whether it happened.`,
  };
}

/** Whether a request was about something other than containers. */
function isElsewhere(path: string | undefined): boolean {
  return path !== undefined && path !== "" &&
    !/^\/v1\/(?:containers|metrics|recipes|stacks|system|backends)\b/.test(path);
}

/** Returns the tool that shows whether a request happened, or `undefined` if none is for that. */
function readerOf(path: string): string | undefined {
  if (/^\/v1\/network\//.test(path)) return "list_routes";
  if (/^\/v1\/secrets\b/.test(path)) return "list_secrets";
  if (/^\/v1\/(?:agent-skills|crews)\b/.test(path)) return "get_logs of the agent's container";
  if (/^\/v1\/alerts\b/.test(path)) return "list_alerts";
  if (/^\/v1\/kms\b/.test(path)) return "get_kms_status";
  if (/^\/v1\/tokens\b/.test(path)) {
    return "revoke_token with the same id, which changes nothing then,";
  }
  if (/\/collaborators\b/.test(path)) return "list_collaborators";
  if (/\/metrics-export$/.test(path)) return "call_api with operation GetMetricsExport";
  if (/^\/v1\/backups\/[^/]*\/restore$/.test(path)) return "run_command (psql in the container)";
  if (/^\/v1\/backups\b/.test(path)) return "list_backups";
  if (/^\/v1\/(?:pentest|security|zap)\b/.test(path)) return "list_findings";
  if (/\/terminal$/.test(path)) return "run_command (ps, ls or a log)";
  if (isElsewhere(path)) return undefined;
  return /\/snapshots(\/|$)/.test(path)
    ? "list_snapshots (get_container for the container's state)"
    : "get_container (or list_containers)";
}
