/** What belongs to one container: its switches, secrets, collaborators, backups, apps, labels. @module */

import { labeled, main, rec1, rec2, span, twoSecrets } from "./longtail_stage.ts";
import { holding } from "./races.ts";
import { act, type Step } from "./replay.ts";
import type { Scenario } from "./scenarios.ts";

/** The first one's domain is seen before the proxy is synced. */
function appDeploys(): readonly Step[] {
  const sync = holding((daemon) => daemon.holdPhase("route-sync"));
  return [
    sync.set,
    span("xd-deploy", "xd-dns-now"),
    sync.release,
    span("xd-dns-later", "xd-list-end"),
  ];
}

/** An async creation whose Git source will fail, while it is tried. */
function provisioned(): readonly Step[] {
  const provisioning = holding((daemon) => daemon.holdPhase("provisioning"));
  return [
    provisioning.set,
    span("gi-async-nogit", "gi-async-nogit"),
    provisioning.reached,
    span("gi-async-nogit-get", "gi-async-nogit-list"),
  ];
}

/** Starts and stops of another stretch. */
const containerEvents = ["STARTED", "STOPPED", "STARTED", "STOPPED", "STARTED"].map((what) => ({
  action: `EVENT_TYPE_CONTAINER_${what}`,
  resourceType: "container",
  resourceId: "rec2-container",
  detail: `image=Debian bookworm minimal state=CONTAINER_STATE_${
    what === "STARTED" ? "RUNNING" : "STOPPED"
  }`,
}));

/** Their stretches. */
export const boxScenarios: readonly Scenario[] = [
  {
    title: "monitoring, the export of metrics, auto-sleep, cleaning a disk (mo, as, cd)",
    cast: { ...main, containers: [{ ...rec1, cleanableBytes: 70_172_672 }, rec2] },
    steps: [span("mo-on", "cd-none")],
  },
  {
    title: "waiting for a port (wr)",
    cast: {
      ...main,
      listeners: [{ username: "rec2", port: 22 }],
    },
    steps: [span("wr-stop-a", "wr-missing")],
  },
  {
    title: "waiting for a port while many secrets are delivered (wr)",
    cast: {
      ...main,
      listeners: [{ username: "rec2", port: 22 }],
      routes: [{ domain: "ready.rec.test", targetIp: "10.77.0.134", targetPort: 9999 }],
      secrets: Array.from({ length: 25 }, (_, index) => ({
        username: "rec2",
        name: `PAD_${index}`,
        value: "x",
        delivery: "file" as const,
      })),
    },
    steps: [span("wr-secrets", "wr-route-del")],
  },
  {
    title: "no core services; labels (co, lb)",
    cast: main,
    steps: [span("co-list", "lb-get-end")],
  },
  {
    title: "options of a create (cr)",
    cast: labeled,
    steps: [span("cr-gpus-empty", "cr-full-get")],
  },
  {
    title: "labels with odd keys (lb-odd)",
    cast: { ...main, containers: [{ username: "rec3" }] },
    steps: [span("lb-odd-put", "lb-odd-get")],
  },
  {
    title: "core services, and monitoring with a collector (xi, xm)",
    cast: { coreServices: ["otelcollector", "security", "victoriametrics"], kms: "inproc" },
    steps: [span("xi-core-services", "xm-core")],
  },
  {
    title: "backups without PostgreSQL in the container (bk)",
    cast: main,
    steps: [span("bk-nopg", "bk-nopg-all")],
  },
  {
    title: "backups, tokens, and the audit log of both (bk, tk, au)",
    cast: {
      ...main,
      postgresBoxes: ["rec1", "rec2"].map((username) => ({
        username,
        user: "app",
        password: "apppw",
        databases: { appdb: 1, postgres: 0 },
      })),
      clock: () => Date.UTC(2026, 10, 26, 0, 9, 25),
      auditLog: containerEvents,
    },
    steps: [
      span("bk-create", "bk-get-verified"),
      act((daemon) => daemon.damageBackup("rec1-appdb-20261126T000925Z")),
      span("bk-verify-damaged", "au-post"),
    ],
  },
  {
    title: "apps without podman (ap)",
    cast: { ...main, podman: false },
    steps: [span("ap-list-0", "ap-list-end")],
  },
  {
    title: "apps, whose routes only the proxy knows until it is synced (xd)",
    cast: { containers: [rec1], baseDomain: "rec.test" },
    steps: appDeploys(),
  },
  {
    title: "Git sources (gi)",
    cast: { ...labeled, gitRepositories: { "git://10.77.0.1/x.git": ["main"] } },
    steps: [span("gi-ok", "gi-refonly-del"), ...provisioned()],
  },
  {
    title: "collaborators (cl)",
    cast: main,
    steps: [span("cl-list-0", "cl-del-missing-box")],
  },
  {
    title: "secrets (sc)",
    cast: main,
    steps: [span("sc-list-0", "sc-list-end")],
  },
  {
    title: "no KMS (km)",
    cast: { secrets: twoSecrets },
    steps: [span("km-status", "km-status-none")],
  },
  {
    title: "secrets before there was a KMS (xs)",
    cast: {},
    steps: [span("xs-old-set-1", "xs-old-coverage")],
  },
  {
    title: "a KMS, and secrets from before (xs)",
    cast: {
      kms: "inproc",
      secrets: [
        { username: "rec9", name: "OLD_1", value: "old", legacy: true },
        { username: "rec9", name: "OLD_2", value: "old", legacy: true, delivery: "file" },
        { username: "rec9", name: "OLD_3", value: "old", legacy: true, delivery: "compose" },
      ],
    },
    steps: [span("xs-status", "xs-coverage-4")],
  },
];
