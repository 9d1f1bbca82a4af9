import { z } from "zod";
import type { MetricsExportSettings, MetricsExportStatus } from "../../client/mod.ts";
import {
  changesExport,
  formatTime,
  metricsGroups,
  metricsProviders,
  visible,
} from "../../client/internal.ts";
import { unlessEmpty } from "../lean.ts";
import { time } from "../schemas.ts";
import { formatFacts } from "../text/format.ts";
import { defineTool } from "../tool.ts";

const MAX_CHARS = 500;

const settings = z.strictObject({
  enabled: z.boolean().describe("Whether metrics are sent"),
  provider: z.enum(metricsProviders).optional().describe("Where to; absent: nowhere yet"),
  groups: z.array(z.enum(metricsGroups)).describe("What is sent"),
  interval_seconds: z.number().describe("Seconds between two times"),
  last_success_at: time.optional().describe("When it last worked, UTC; absent: never"),
  last_error: z.string().optional().describe("Why it last failed: the daemon's words"),
  failures: z.number().optional().describe("How often it failed; absent: never"),
});

const input = z.strictObject({
  enabled: z.boolean().describe("On or off"),
  provider: z.enum(metricsProviders).optional().describe("Default: as before, or gcp"),
  groups: z.array(z.enum(metricsGroups)).optional().describe("Default: as before"),
});

/** Sends metrics to a cloud, or stops that; `POST /v1/system/metrics-export`. */
export const setMetricsExport = defineTool({
  name: "set_metrics_export",
  title: "Set export of metrics",
  description: "Export the host's metrics to a cloud's monitoring, or stop that.",
  effect: "write",
  idempotent: true,
  scopes: [],
  role: "admin",
  input,
  output: settings,

  consent: async (args, { client, signal }) => {
    const { enabled } = args;
    const agreed = await client.metricsExport.get({ signal });
    if (!agreed.isEnabled || !changesExport(agreed, wantedOf(args))) return { agreed };
    const now = `the export of ${agreed.groups.join(", ")} metrics to ${
      agreed.provider ?? "a cloud"
    }`;
    return {
      question: enabled
        ? { message: `Replace the settings of ${now}?`, confirm: "Replace its settings" }
        : { message: `Stop ${now}? What watches them there sees nothing new.`, confirm: "Stop it" },
      agreed,
    };
  },

  run: async (args, { client, signal }, agreed) => {
    const { settings } = await client.metricsExport.set(wantedOf(args), { signal, agreed });
    return settingsAnswer(settings);
  },

  render: ({ enabled, groups, interval_seconds: seconds, failures, ...rest }) =>
    formatFacts({
      export: enabled ? `on, every ${seconds} s` : "off",
      ...rest,
      groups: groups.join(", "),
      failures: failures?.toString(),
    }),
});

function wantedOf(
  { enabled, provider, groups = [] }: z.output<typeof input>,
): MetricsExportSettings {
  return { isEnabled: enabled, provider, groups: unlessEmpty(groups) };
}

function settingsAnswer(from: MetricsExportStatus): z.input<typeof settings> {
  return {
    enabled: from.isEnabled,
    provider: from.provider,
    groups: [...from.groups],
    interval_seconds: from.intervalSeconds,
    last_success_at: formatTime(from.lastSuccessAt),
    last_error: from.lastError === undefined
      ? undefined
      : visible(from.lastError.slice(0, MAX_CHARS)),
    failures: unlessEmpty(from.failures),
  };
}
