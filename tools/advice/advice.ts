/**
 * Advice for a model after a failure: a table by reason, and one by code for failures without a reason.
 * Tools, variables and flags are named here and not in `client/`.
 *
 * @module
 */
import type { ContainariumError, ErrorCode, ErrorReason } from "../../client/mod.ts";
import { visible } from "../../client/internal.ts";
import { adminAdvice } from "./admin_advice.ts";
import { type Advice, type AdviceEntry, meantOrCall } from "./advice_entry.ts";
import { backupAdvice } from "./backup_advice.ts";
import { certificateAdvice } from "./certificate_advice.ts";
import { connectionAdvice } from "./connection_advice.ts";
import { askToGrant } from "./grants.ts";
import { isElsewhere, lostResponse } from "./lost_response.ts";
import { securityAdvice } from "./security_advice.ts";
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
  ambiguous: lostResponse,
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
  ...backupAdvice,
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
  "disk_shrink": ({ details: { usedBytes } }) => ({
    why: usedBytes === undefined
      ? "Data that does not fit on the smaller disk would be lost."
      : `Data that does not fit on the smaller disk would be lost: ${formatBytes(usedBytes)} are ` +
        `in use, so ${roomFor(usedBytes)} would fit.`,
    next:
      "Ask the user whether the disk may become smaller; only then call again with allow_shrink.",
  }),
  ...securityAdvice,
  "folder_missing": { next: "Look with run_command (ls) what is there." },
  frozen: { next: "Call stop_container with force, then start_container." },
  "github_denied": {
    next:
      "Ask the user whether the repository is right, and whether the token in GITHUB_TOKEN may " +
      "manage self-hosted runners: Administration of the repository (write), or Self-hosted runners " +
      "of the organization (write).",
  },
  "github_failed": { next: "Call again in a moment; list_runners shows what exists." },
  ...connectionAdvice,
  "image_missing": {
    why: "The host has no such image, or cannot download it.",
    next: "Pass image as images:<distribution>/<release>, e.g. images:ubuntu/24.04, or pass os " +
      "instead; list_templates shows the names of operating systems.",
  },
  "left_stopped": ({ details: { username } }) => ({
    next: `Call start_container(username="${username ?? "…"}").`,
  }),
  "name_taken": { next: "Choose another name, or omit it." },
  "newer_snapshots": {
    why: "A container can go back only to its newest snapshot; newer ones are destroyed first.",
    next: "Ask the user whether those may be destroyed; only then call again with discard_newer.",
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
  "quota_exceeded": {
    why: "Whoever set up this server limits what users and teams may use.",
    next: "Ask the user, who decides what gives way. get_quotas shows what is used and allowed.",
  },
  "read_denied": ({ details: { file } }) => ({
    why: "This server reads only the folders that it was started with.",
    next: askToGrant({ read: visible(file ?? "<the folder>") }),
  }),
  "response_lost": lostResponse,
  "route_missing": { next: "Call list_routes to see which domains and ports are exposed." },
  "route_taken": {
    why: "The daemon would take it from whoever has it, without asking them.",
    next: "Choose another, or ask the user; only if it may be taken over, call again with " +
      "replace=true. list_routes shows who has what.",
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
  "too_many_files": {
    next: "Pass a folder below it, or leave something out with exclude (for sync_files).",
  },
  "tool_missing": {
    next: "Install it there with run_command: apt-get install, dnf install, apk add.",
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
};

/** Returns the smallest size in GB that holds so many bytes and 10 % more. */
function roomFor(bytes: number): string {
  return `${Math.ceil(bytes * 1.1 / 1e9)}GB`;
}
