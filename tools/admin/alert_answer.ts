/**
 * Schemas and words that the tools for alerts share.
 *
 * @module
 */
import { z } from "zod";
import type { Alert, AlertDelivery } from "../../client/mod.ts";
import { alertSeverities, visible } from "../../client/internal.ts";
import { quoted } from "../text/quoted.ts";

const MAX_CHARS = 500;

/** An alert in a result. */
export const alert = z.strictObject({
  name: z.string().describe("Its name"),
  id: z.string().optional().describe("The daemon's id; absent: one of the daemon's own"),
  expr: z.string().describe("What is watched, in PromQL"),
  duration: z.string().describe("How long that has to last"),
  severity: z.enum(alertSeverities).optional().describe("How urgent it is"),
  description: z.string().optional().describe("What the notification says"),
  off: z.literal(true).optional().describe("True: it is not evaluated"),
});

/** An alert in a result. */
export type AlertAnswer = z.infer<typeof alert>;

/** Returns an alert as a result has it; what admins wrote is made visible. */
export function alertAnswer(from: Alert): AlertAnswer {
  return {
    name: cut(from.name),
    id: from.isBuiltIn ? undefined : cut(from.id),
    expr: cut(from.expr),
    duration: cut(from.duration),
    severity: from.severity,
    // Those of the daemon's own repeat the expression.
    description: from.isBuiltIn || from.description === undefined
      ? undefined
      : cut(from.description),
    off: from.isEnabled ? undefined : true,
  };
}

function cut(text: string): string {
  return text.length <= MAX_CHARS ? visible(text) : `${visible(text.slice(0, MAX_CHARS))}…`;
}

/** Returns an alert as a question names it. */
export function alertInQuestion({ name, expr, duration }: Alert): string {
  return `the alert ${quoted(name)} (${quoted(expr)} for ${quoted(duration)})`;
}

/** Returns why an alert would reach nobody. */
export function deliveryNotes({ isOn, webhook, evaluator }: AlertDelivery): string[] {
  if (!isOn) return ["The daemon evaluates no alerts: it has no store of metrics or no database."];
  return [
    ...(webhook === undefined
      ? [
        "No webhook is set, so nobody is notified: ask the user for one (call_api with operation " +
        "UpdateAlertingConfig sets it).",
      ]
      : []),
    ...(evaluator === undefined || evaluator === "healthy"
      ? []
      : [`The evaluator is ${quoted(evaluator)}: an alert may be wrong.`]),
  ];
}
