import type { ContainariumError } from "../../client/mod.ts";
import type { Advice } from "./advice_entry.ts";

/** Returns the advice after a write whose response was lost. */
export function lostResponse({ path = "" }: ContainariumError): Advice {
  const reader = readerOf(path);
  return {
    why: "The response was lost, so it may have happened.",
    next: reader === undefined
      ? "Do not repeat it blindly: read first whether it happened."
      : `Do not repeat it blindly: call ${reader} first to see whether it happened.`,
  };
}

/** Whether a request was about something other than containers. */
export function isElsewhere(path: string | undefined): boolean {
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
