import { z } from "zod";
import {
  afterWrite,
  ContainariumError,
  type Container,
  own,
  parseDuration,
  restate,
  type Settings,
  settingsOnPeer,
} from "../../client/mod.ts";
import { changeFields, changesField, renderChanges } from "../change.ts";
import { relabelWithin } from "../admission/changes.ts";
import { containerAnswer, renderLabels, username } from "../schemas.ts";
import { withTimeLeft } from "../text/time_left.ts";
import { type ConsentRequest, defineTool, type ToolContext } from "../tool.ts";
import { visible } from "../text/visible.ts";
import { labelKey, labels, ttlOrNever } from "../fields.ts";
import {
  type AgreedChange,
  changeQuestion,
  labelRisks,
  labelsAfter,
  mayLose,
  refuseOtherRisks,
  risksOf,
} from "./update_risks.ts";

type Setting = "labels" | "ttl" | "protected" | "auto_sleep";

const input = z.strictObject({
  username,
  labels: labels.optional().describe("Labels to set; others stay"),
  remove_labels: z.array(labelKey).optional().describe(
    "Keys of labels to remove, even if set here",
  ),
  ttl: ttlOrNever.optional()
    .describe('Delete it after this long from now, at most 7d, e.g. 8h; "never" to keep it'),
  protected: z.boolean().optional().describe("Protect it from deletion, or no longer"),
  auto_sleep_minutes: z.int().min(0).max(10_080).optional()
    .describe("Stop it after so many idle minutes; 0: never"),
});

type Args = z.output<typeof input>;

/** Changes what is not a limit: labels, time to live, protection, auto-sleep. */
export const updateContainer = defineTool({
  name: "update_container",
  title: "Update container",
  description: "Protect a container from deletion, or change its labels (tags), expiry (time to " +
    "live) or auto-sleep when idle. Omitted settings stay.",
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
    const risks = risksOf(container, args, quotas);
    return {
      question: risks.length === 0 ? undefined : changeQuestion(args.username, risks),
      agreed: { container, risks },
    };
  },

  run: async (args, context, agreed) => {
    const { client, policy, signal } = context;
    const { quotas } = await policy();
    const before = mayLose(args, quotas)
      ? await client.containers.getWhole(args.username, { signal })
      : await client.containers.get(args.username, { signal });
    refuseOtherRisks(before, risksOf(before, args, quotas), agreed);
    const settings = asked(args);
    if (settings.length === 0) {
      throw new ContainariumError("invalid_argument", "Give at least one setting to change");
    }
    const done: Setting[] = [];
    for (const setting of settings) {
      context.progress(done.length, settings.length, `Setting ${setting}`);
      try {
        await (setting === "labels"
          ? relabel(args, context, agreed)
          : apply(setting, args, context));
      } catch (error) {
        throw withWhatWasDone(settingsOnPeer(error, before), done);
      }
      done.push(setting);
    }
    const after = await afterWrite(
      `${settings.join(", ")} of ${args.username}-container`,
      () => client.containers.get(args.username, { signal }),
    );
    verify(args, after);
    return {
      ...changesField(settings.map((setting) => ({
        setting,
        before: describe(setting, before),
        after: describe(setting, after),
      }))),
      container: containerAnswer(after),
    };
  },

  render: ({ changes }) => renderChanges(changes).join("\n"),
});

/** In the turn of the quotas: what the labels are to become is decided by what they are then. */
async function relabel(
  args: Args,
  context: ToolContext,
  agreed: AgreedChange | undefined,
): Promise<void> {
  const { quotas } = await context.policy();
  await relabelWithin(args.username, (now) => labelsAfter(now, args), context, async (now) => {
    refuseOtherRisks(now, labelRisks(now, args, quotas), agreed);
    await apply("labels", args, context);
  });
}

function asked(args: Args): readonly Setting[] {
  const settings: readonly (readonly [Setting, boolean])[] = [
    ["labels", args.labels !== undefined || args.remove_labels !== undefined],
    ["ttl", args.ttl !== undefined],
    ["protected", args.protected !== undefined],
    ["auto_sleep", args.auto_sleep_minutes !== undefined],
  ];
  return settings.filter(([, isAsked]) => isAsked).map(([setting]) => setting);
}

async function apply(setting: Setting, args: Args, { client, signal }: ToolContext): Promise<void> {
  const { settings } = client.containers;
  const { username } = args;
  switch (setting) {
    case "labels":
      await setLabels(args, settings, signal);
      for (const key of args.remove_labels ?? []) {
        await settings.removeLabel(username, key, { signal });
      }
      return;
    case "ttl":
      await settings.setTtl(username, parseDuration(args.ttl ?? "") ?? 0, { signal });
      return;
    case "protected":
      return await settings.setProtected(username, args.protected ?? false, { signal });
    case "auto_sleep":
      return await settings.setAutoSleep(username, args.auto_sleep_minutes ?? 0, { signal });
  }
}

/** What is removed in the same call is not set before: quotas would not count it for a moment. */
async function setLabels(
  args: Args,
  settings: Settings,
  signal: AbortSignal,
): Promise<void> {
  const labels = labelsAfter({ labels: {} }, args);
  if (Object.keys(labels).length > 0) await settings.setLabels(args.username, labels, { signal });
}

function withWhatWasDone(error: unknown, done: readonly Setting[]): unknown {
  if (!(error instanceof ContainariumError) || done.length === 0) return error;
  return restate(error, `${error.message}. Set before that: ${done.join(", ")}`);
}

/** Each change is read back: an answer of 200 alone is not believed. */
function verify(args: Args, after: Container): void {
  const wrong: string[] = [];
  for (const [key, value] of Object.entries(labelsAfter({ labels: {} }, args))) {
    if (own(after.labels, key) !== value) wrong.push(`label ${visible(key)}`);
  }
  for (const key of args.remove_labels ?? []) {
    if (Object.hasOwn(after.labels, key)) wrong.push(`label ${visible(key)}`);
  }
  if (args.ttl !== undefined && (args.ttl === "never") !== (after.ttlExpiresAt === undefined)) {
    wrong.push("ttl");
  }
  if (args.protected !== undefined && args.protected !== after.isProtected) wrong.push("protected");
  const minutes = args.auto_sleep_minutes;
  if (minutes !== undefined && minutes !== (after.autoSleepMinutes ?? 0)) wrong.push("auto_sleep");
  if (wrong.length === 0) return;
  throw new ContainariumError(
    "internal",
    `The daemon accepted the change, but reports otherwise: ${wrong.join(", ")}`,
  );
}

function describe(setting: Setting, from: Container): string {
  switch (setting) {
    case "labels":
      return renderLabels(containerAnswer(from).labels) || "none";
    case "ttl":
      return from.ttlExpiresAt === undefined ? "never" : withTimeLeft(from.ttlExpiresAt);
    case "protected":
      return from.isProtected ? "yes" : "no";
    case "auto_sleep":
      return from.autoSleepMinutes === undefined ? "off" : `${from.autoSleepMinutes} minutes`;
  }
}
