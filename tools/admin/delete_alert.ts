import { z } from "zod";
import { defineTool } from "../tool.ts";
import { quoted } from "../text/quoted.ts";
import { alert, alertAnswer, alertInQuestion } from "./alert_answer.ts";

/** Deletes an alert; `DELETE /v1/alerts/{id}`. */
export const deleteAlert = defineTool({
  name: "delete_alert",
  title: "Delete alert",
  description: "Delete an alert permanently. set_alert switches it off instead.",
  effect: "destroy",
  idempotent: true,
  scopes: ["alerts:read", "alerts:write"],
  role: "admin",
  input: z.strictObject({ alert: z.string().min(1).describe("Its name or id") }),
  output: z.strictObject({
    deleted: z.boolean().describe("False if there was no such alert"),
    alert: alert.optional().describe("As it was; absent: there was none"),
  }),

  consent: async (args, { client, signal }) => {
    const alert = await client.alerts.find(args.alert, { signal });
    const agreed = { alert };
    if (alert === undefined) return { agreed };
    return {
      question: {
        message: `Delete ${
          alertInQuestion(alert)
        }, permanently? Nobody is notified by it any more.`,
        confirm: `Delete ${quoted(alert.name)}`,
      },
      agreed,
    };
  },

  run: async (args, { client, signal }, agreed) => {
    const { deleted } = await client.alerts.delete(args.alert, { signal, agreed });
    return {
      deleted: deleted !== undefined,
      alert: deleted === undefined ? undefined : alertAnswer(deleted),
    };
  },

  render: ({ deleted, alert }) =>
    deleted && alert !== undefined
      ? `Deleted the alert ${alert.name} (${alert.expr}).`
      : "There is no such alert; nothing was deleted.",
});
