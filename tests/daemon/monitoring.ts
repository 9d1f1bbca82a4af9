/** Monitoring: of one container, of the host, and the export of its metrics to a cloud. @module */

import { requireAdmin, requireScope, requireTenant } from "./auth.ts";
import type { Container } from "./container.ts";
import { coreAddress } from "./core_services.ts";
import { choice, choices, flag, text } from "./protojson.ts";
import { GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import { deliverSecrets } from "./secrets.ts";
import type { World } from "./world.ts";

/** Monitoring. */
export const monitoringRoutes: readonly Route[] = [
  { method: "POST", pattern: "/v1/containers/{username}/monitoring", handle: setMonitoring },
  { method: "GET", pattern: "/v1/system/monitoring", handle: showMonitoring },
  { method: "GET", pattern: "/v1/system/metrics-export", handle: showExport },
  { method: "POST", pattern: "/v1/system/metrics-export", handle: setExport },
].map((route) => ({ ...route, since: "0.67.0" }));

async function setMonitoring({ world, caller, param, body }: Call): Promise<unknown> {
  const { enabled } = body({ username: text, enabled: flag });
  requireScope(caller, "containers:write");
  const username = param("username");
  requireTenant(caller, username);
  const container = world.store.demandOr404(username);
  if (enabled && coreAddress(world, "otelcollector") === undefined) {
    throw new GrpcError(
      "FailedPrecondition",
      "OTel collector endpoint is not configured on this daemon; cannot enable monitoring",
    );
  }
  container.monitoring = enabled;
  const running = container.state === "CONTAINER_STATE_RUNNING";
  if (running) await restart(container, world);
  const how = running
    ? "container restarted"
    : "container was stopped; new env takes effect on next start";
  return {
    message: `monitoring ${enabled ? "enabled" : "disabled"} — ${how}`,
    monitoringEnabled: enabled,
  };
}

async function restart(container: Container, world: World): Promise<void> {
  const { store, pace, delays } = world;
  store.setStopped(container);
  await store.emptied();
  await pace.through("starting", container.username, delays.startMs);
  deliverSecrets(container, world);
  store.setRunning(container);
}

function showMonitoring({ world }: Call): unknown {
  const address = coreAddress(world, "victoriametrics");
  return {
    enabled: address !== undefined,
    grafanaUrl: address === undefined ? "" : "/grafana",
    victoriaMetricsUrl: address === undefined ? "" : `http://${address}:8428`,
  };
}

const providers = [
  "CLOUD_METRICS_PROVIDER_UNSPECIFIED",
  "CLOUD_METRICS_PROVIDER_GCP",
  "CLOUD_METRICS_PROVIDER_AWS",
];
const groups = [
  "CLOUD_METRICS_GROUP_UNSPECIFIED",
  "CLOUD_METRICS_GROUP_HOST",
  "CLOUD_METRICS_GROUP_CONTAINER",
  "CLOUD_METRICS_GROUP_PLATFORM",
];
const exportFields = { enabled: flag, provider: choice(providers), groups: choices(groups) };

/** It is never on: it would need credentials of a cloud. */
const exportOff = {
  enabled: false,
  provider: providers[0],
  intervalSeconds: 60,
};
const exportedGroups = ["CLOUD_METRICS_GROUP_HOST"];

function showExport({ caller }: Call): unknown {
  requireAdmin(caller);
  return {
    ...exportOff,
    ...{ lastSuccessAt: null, lastError: "", exportFailures: "0", groups: exportedGroups },
  };
}

function setExport({ caller, body }: Call): unknown {
  const sent = body(exportFields);
  requireAdmin(caller);
  if (!sent.enabled) {
    return { message: "cloud metrics export disabled", ...exportOff, groups: exportedGroups };
  }
  if (sent.provider === providers[0]) {
    throw new GrpcError("InvalidArgument", "provider is required to enable cloud metrics export");
  }
  if (sent.provider === "CLOUD_METRICS_PROVIDER_AWS") {
    throw new GrpcError(
      "Unimplemented",
      "AWS cloud metrics export is not yet implemented — only gcp is supported",
    );
  }
  if (sent.groups.includes("CLOUD_METRICS_GROUP_UNSPECIFIED")) {
    throw new GrpcError(
      "InvalidArgument",
      'invalid metric groups: metric group "CLOUD_METRICS_GROUP_UNSPECIFIED" is not a valid selection (name a concrete group such as host, container, or platform)',
    );
  }
  throw new GrpcError(
    "FailedPrecondition",
    "cloud metrics export credential check failed: no Application Default Credentials found for GCP Cloud Monitoring (run 'gcloud auth application-default login' for a workstation, or attach a service account with the roles/monitoring.metricWriter IAM role to this VM): google: could not find default credentials. See https://cloud.google.com/docs/authentication/external/set-up-adc for more information",
  );
}
