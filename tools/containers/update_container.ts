import { z } from "zod";
import {
  afterWrite,
  ContainariumError,
  type Container,
  own,
  parseDuration,
  restate,
  settingsOnPeer,
} from "../../client/mod.ts";
import { changeFields, changesField, renderChanges } from "../change.ts";
import { relabelWithin, teamLeft } from "../quotas/within.ts";
import { containerAnswer, renderLabels, username } from "../schemas.ts";
import { withTimeLeft } from "../time_left.ts";
import { defineTool, type ToolContext } from "../tool.ts";
import { visible } from "../visible.ts";
import { labelKey, labels, ttlOrNever } from "./limits.ts";

type Setting = "labels" | "ttl" | "protected" | "auto_sleep";

const input = z.strictObject({
  username,
  labels: labels.optional().describe("Labels to set; others stay"),
  remove_labels: z.array(labelKey).optional().describe("Keys of labels to take away"),
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
  description: "Set a container's labels, time to live, protection or auto-sleep. " +
    "What is left out stays.",
  effect: "write",
  idempotent: true,
  scopes: ["containers:read", "containers:write"],
  input,
  output: z.strictObject(changeFields),

  consent: async (args, { client, policy, signal }) => {
    const { quotas } = await policy();
    const mayLeave = quotas !== undefined && asked(args).includes("labels");
    const mayGo = args.ttl !== undefined && args.ttl !== "never";
    if (args.protected !== false && !mayGo && !mayLeave) return undefined;
    const now = await client.containers.find(args.username, { signal });
    if (now === undefined) return undefined;
    const left = mayLeave ? teamLeft(now, labelsAfter(now, args), quotas) : undefined;
    const risks = [
      ...(left === undefined ? [] : [`take it out of the quota of team ${visible(left)}`]),
      ...(args.protected === false && now.isProtected ? ["lift its protection from deletion"] : []),
      ...(isSooner(args.ttl, now) ? [`have it deleted in ${args.ttl}, with its disk`] : []),
    ];
    if (risks.length === 0) return undefined;
    return {
      question: {
        message: `${args.username}-container: ${risks.join(", and ")}?`,
        confirm: `Yes, ${risks.join(", and ")}`,
      },
    };
  },

  run: async (args, context) => {
    const { client, signal } = context;
    const before = await client.containers.get(args.username, { signal });
    const settings = asked(args);
    if (settings.length === 0) {
      throw new ContainariumError("invalid_argument", "Say at least one setting to change");
    }
    const done: Setting[] = [];
    for (const setting of settings) {
      context.progress(done.length, settings.length, `Setting ${setting}`);
      try {
        await (setting === "labels"
          ? relabelWithin(
            before,
            labelsAfter(before, args),
            context,
            () => apply(setting, args, context),
          )
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

/** A later time to live takes nothing away. */
function isSooner(ttl: string | undefined, { ttlExpiresAt }: Container): boolean {
  const seconds = parseDuration(ttl ?? "");
  if (seconds === undefined) return false;
  return ttlExpiresAt === undefined || Date.now() + seconds * 1_000 < ttlExpiresAt.getTime();
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
      if (Object.keys(args.labels ?? {}).length > 0) {
        await settings.setLabels(username, args.labels ?? {}, { signal });
      }
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

function labelsAfter({ labels }: Container, args: Args): Readonly<Record<string, string>> {
  const kept = Object.entries(labels).filter(([key]) => !args.remove_labels?.includes(key));
  return { ...Object.fromEntries(kept), ...args.labels };
}

function withWhatWasDone(error: unknown, done: readonly Setting[]): unknown {
  if (!(error instanceof ContainariumError) || done.length === 0) return error;
  const told = `${error.message}. Set before that: ${done.join(", ")}`;
  return restate(error, told);
}

/** Each change is read back: an answer of 200 alone is not believed. */
function verify(args: Args, after: Container): void {
  const wrong: string[] = [];
  for (const [key, value] of Object.entries(args.labels ?? {})) {
    if (own(after.labels, key) !== value) wrong.push(`label ${visible(key)}`);
  }
  for (const key of args.remove_labels ?? []) {
    if (Object.hasOwn(after.labels, key) && !Object.hasOwn(args.labels ?? {}, key)) {
      wrong.push(`label ${visible(key)}`);
    }
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
    `The daemon accepted the change, but reads otherwise: ${wrong.join(", ")}`,
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
