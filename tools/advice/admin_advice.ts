import type { ErrorReason } from "../../client/mod.ts";
import { type AdviceEntry, meantOrCall } from "./advice_entry.ts";

type AdminReason = Extract<
  ErrorReason,
  | "alert_ambiguous"
  | "alert_built_in"
  | "alert_missing"
  | "alerting_off"
  | "collaborator_exists"
  | "no_key_service"
  | "not_applied"
  | "provider_unsupported"
>;

/** What to do about failures of the tools for administrators. */
export const adminAdvice: Readonly<Record<AdminReason, AdviceEntry>> = {
  "alert_ambiguous": {
    why: "The daemon lets several alerts have one name.",
    next: "Pass the id of one instead; list_alerts shows what each watches.",
  },
  "alert_built_in": { next: "Call set_alert with another name for one of your own." },
  "alert_missing": ({ details: { meant } }) => ({
    next: `${meantOrCall(meant)} list_alerts to see which alerts exist.`,
  }),
  "alerting_off": {
    why: "It has no store of metrics (VictoriaMetrics with vmalert) or no database.",
    next: "Do not call this again before the host's operator has set them up.",
  },
  "collaborator_exists": {
    why: "The rights and keys of an account cannot be changed.",
    next:
      "If they have to be others, ask the user, call remove_collaborator, then call this again.",
  },
  "no_key_service": {
    why: "The daemon encrypts secrets with a key of its own.",
    next: "Do not call this again before the host's operator has set CONTAINARIUM_KMS_BACKEND.",
  },
  "not_applied": {
    why: "The daemon answered that it was done.",
    next: "Tell the user that it was not; the host's operator can look into the daemon's log.",
  },
  "provider_unsupported": { next: "Use gcp, or ask the host's operator for a newer daemon." },
};
