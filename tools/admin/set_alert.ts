import { z } from "zod";
import type { Alert, AlertSettings, SetAlertResult } from "../../client/mod.ts";
import {
  alertDurationProblem,
  alertExprProblem,
  alertSeverities,
  isCondition,
  visible,
} from "../../client/internal.ts";
import { unlessEmpty } from "../lean.ts";
import { formatFacts } from "../text/format.ts";
import { quoted } from "../text/quoted.ts";
import { type ConsentQuestion, defineTool, type ToolContext } from "../tool.ts";
import { alert, alertAnswer, alertInQuestion, deliveryNotes } from "./alert_answer.ts";
import { readOr } from "../read_or.ts";

/** Creates or changes an alert; `POST /v1/alerts`, `PUT /v1/alerts/{id}`. */
export const setAlert = defineTool({
  name: "set_alert",
  title: "Set alert",
  description:
    "Alert (notify) someone when memory, disk, CPU or another metric is too high or full: " +
    "create, change or switch off an alert. list_alerts shows metrics.",
  effect: "write",
  idempotent: true,
  scopes: ["alerts:read", "alerts:write"],
  role: "admin",
  input: z.strictObject({
    alert: z.string().min(1).describe("Its name, e.g. MemoryFull, or id"),
    expr: z.string().refine((text) => alertExprProblem(text) === undefined, {
      error: ({ input }) => alertExprProblem(String(input)),
    }).optional().describe(
      "PromQL, e.g. system_memory_used_bytes / system_memory_total_bytes > 0.9",
    ),
    duration: z.string().refine((text) => alertDurationProblem(text) === undefined, {
      error: ({ input }) => alertDurationProblem(String(input)),
    }).optional().describe("How long it has to last; a new one: 5m"),
    severity: z.enum(alertSeverities).optional().describe("A new one: warning"),
    description: z.string().max(500).optional().describe("What the notification says"),
    enabled: z.boolean().optional().describe("A new one: true"),
  }),
  output: z.strictObject({
    alert,
    before: alert.optional().describe("As it was; absent: it is new"),
    notes: z.array(z.string()).optional().describe("What to know about it; absent: nothing"),
  }),

  consent: async (args, { client, signal }) => {
    const before = await client.alerts.find(args.alert, { signal });
    const agreed = { alert: before };
    if (before === undefined) return { agreed };
    return { question: changeQuestion(before, args), agreed };
  },

  run: async (args, context, agreed) => {
    const { client, signal } = context;
    const result = await client.alerts.set(args.alert, settingsOf(args), { signal, agreed });
    const { alert, before } = result;
    return {
      alert: alertAnswer(alert),
      before: before === undefined ? undefined : alertAnswer(before),
      notes: unlessEmpty(await notesOn(result, context)),
    };
  },

  render: ({ alert: { name, off, ...facts }, before, notes = [] }) =>
    [
      `${before === undefined ? "Created" : "Changed"} the alert ${name}${
        off ? ", which is off" : ""
      }.`,
      formatFacts(facts),
      ...notes,
    ].join("\n"),
});

type Args = Readonly<
  Omit<AlertSettings, "isEnabled"> & { alert: string; enabled?: boolean | undefined }
>;

function settingsOf({ expr, duration, severity, description, enabled }: Args): AlertSettings {
  return { expr, duration, severity, description, isEnabled: enabled };
}

/** Returns what is lost: what the alert was, and that it was on. */
function changeQuestion(before: Alert, args: Args): ConsentQuestion | undefined {
  const lines = [
    changed("what it watches", before.expr, args.expr),
    changed("how long it has to last", before.duration, args.duration),
    changed("its severity", before.severity ?? "none", args.severity),
    changed("its description", before.description ?? "", args.description),
    before.isEnabled && args.enabled === false
      ? "it is switched off: it notifies nobody"
      : undefined,
  ].filter((line) => line !== undefined);
  if (lines.length === 0) return undefined;
  return {
    message: `Change ${alertInQuestion(before)}? Then: ${lines.join("; ")}.`,
    confirm: `Change ${quoted(before.name)}`,
  };
}

function changed(what: string, now: string, wanted: string | undefined): string | undefined {
  if (wanted === undefined || wanted === now) return undefined;
  return `${what} becomes ${quoted(wanted, 2_000)} instead of ${quoted(now, 2_000)}`;
}

async function notesOn({ alert }: SetAlertResult, context: ToolContext): Promise<string[]> {
  const always = "Its expression compares nothing, so it fires as long as the metric exists.";
  return [
    ...(isCondition(alert.expr) ? [] : [always]),
    ...await deliveryNotesNow(context),
  ];
}

/** The alert is set: that its delivery cannot be read is only a note. */
async function deliveryNotesNow({ client, signal }: ToolContext): Promise<readonly string[]> {
  return await readOr(
    async () => deliveryNotes(await client.alerts.delivery({ signal })),
    ({ message }) => [visible(`Whether it notifies anybody could not be read: ${message}.`)],
  );
}
