import { z } from "zod";
import type { Container, Firewall, Setting } from "../../client/mod.ts";
import { firewalls, labelsAfter } from "../../client/internal.ts";
import { changeFields, changesField, renderChanges } from "../change.ts";
import { relabelWithin } from "../admission/changes.ts";
import { refuseDeleted } from "../grace/grace_words.ts";
import { containerAnswer, renderLabels, username } from "../schemas.ts";
import { withTimeLeft } from "../text/time_left.ts";
import { type ConsentRequest, defineTool } from "../tool.ts";
import { labelKey, labels, ttlOrNever } from "../fields.ts";
import {
  type AgreedChange,
  changeQuestion,
  changesIn,
  labelRisks,
  mayLose,
  refuseOtherRisks,
  risksOf,
} from "./update_risks.ts";

const input = z.strictObject({
  username,
  labels: labels.optional().describe("Labels to set; others stay"),
  remove_labels: z.array(labelKey).optional().describe(
    "Keys of labels to remove, even if set here",
  ),
  ttl: ttlOrNever.optional()
    .describe('Delete it this long from now, at most 7d, e.g. 8h; "never" to keep it'),
  protected: z.boolean().optional().describe("Whether it is protected from deletion"),
  auto_sleep_minutes: z.int().min(0).max(10_080).optional()
    .describe("Stop it after this many idle minutes; 0: never"),
  firewall: z.enum(firewalls).optional().describe("What the network lets in"),
  monitoring: z.boolean().optional()
    .describe("Send metrics to the host's collector; restarts it if it runs"),
});

/** Changes settings other than limits: labels, time to live, protection, auto-sleep. */
export const updateContainer = defineTool({
  name: "update_container",
  title: "Update container",
  description:
    "Protect a container from deletion, or change its labels (tag it), expiry (time to " +
    "live), auto-sleep when idle, firewall or monitoring. Omitted settings stay.",
  effect: "write",
  idempotent: true,
  scopes: ["containers:read", "containers:write"],
  input,
  output: z.strictObject(changeFields),

  consent: async (args, { client, policy, signal }): Promise<ConsentRequest<AgreedChange>> => {
    const { quotas } = await policy();
    if (!mayLose(args, quotas)) return { agreed: { risks: [] } };
    const container = await client.containers.findWhole(args.username, { signal });
    if (container === undefined) return { agreed: { risks: [] } };
    if (args.ttl !== undefined) refuseDeleted(container);
    const firewall = args.firewall === undefined || args.firewall === "permissive"
      ? undefined
      : await client.containers.getFirewallInForce(args.username, { signal });
    const risks = risksOf({ container, firewall }, args, quotas);
    return {
      question: risks.length === 0 ? undefined : changeQuestion(args.username, risks),
      agreed: { container, risks },
    };
  },

  run: async (args, context, agreed) => {
    const { client, policy, progress, signal } = context;
    const { quotas } = await policy();
    const { username } = args;
    const changes = changesIn(args);
    const { settings, before, container, firewallBefore } = await client.containers.update(
      username,
      {
        ...changes,
        check: mayLose(args, quotas) || args.ttl !== undefined
          ? (now, firewall) => {
            if (args.ttl !== undefined) refuseDeleted(now);
            refuseOtherRisks(now, risksOf({ container: now, firewall }, args, quotas), agreed);
          }
          : undefined,
        // During the turn of the quotas: the new labels depend on the labels at that time.
        admitLabels: (send) =>
          relabelWithin(username, (now) => labelsAfter(now, changes), context, async (now) => {
            refuseOtherRisks(now, labelRisks(now, args, quotas), agreed);
            await send();
          }),
        onChange: (setting, done, total) => progress(done, total, `Setting ${setting}`),
        signal,
      },
    );
    return {
      ...changesField(settings.map((setting) => ({
        setting,
        before: describe(setting, before, firewallBefore),
        after: describe(setting, container, args.firewall),
      }))),
      container: containerAnswer(container),
    };
  },

  render: ({ changes }) => renderChanges(changes).join("\n"),
});

function describe(setting: Setting, from: Container, firewall: Firewall | undefined): string {
  switch (setting) {
    case "labels":
      return renderLabels(containerAnswer(from).labels) || "none";
    case "ttl":
      return from.ttlExpiresAt === undefined ? "never" : withTimeLeft(from.ttlExpiresAt);
    case "protected":
      return from.isProtected ? "yes" : "no";
    case "auto_sleep":
      return from.autoSleepMinutes === undefined ? "off" : `${from.autoSleepMinutes} minutes`;
    case "firewall":
      return firewall ?? "none";
    case "monitoring":
      return from.isMonitored ? "on" : "off";
  }
}
