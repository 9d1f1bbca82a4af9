/**
 * The recordings of the long tail. They were made one after the other on one daemon; what a stretch needs of the ones
 * before it is seeded, so that each runs by itself.
 *
 * @module
 */

import type { ContainerSeed, Phase } from "./mod.ts";
import { holding } from "./races.ts";
import {
  recordedDns,
  recordedFindings,
  recordedPorts,
  recordedRec1Ports,
  recordedZapAlerts,
} from "./recorded_findings.ts";
import { longTail } from "./recordings.ts";
import { act, play, playSpan, type Step } from "./replay.ts";
import type { Scenario } from "./scenarios.ts";

const small = { cpu: "1", memory: "512MB", disk: "5GB" };

/** The two containers of nearly every stretch, at their recorded addresses: requests name them. */
const rec1: ContainerSeed = { username: "rec1", ipAddress: "10.77.0.37", resources: small };
const rec2: ContainerSeed = { username: "rec2", ipAddress: "10.77.0.134", resources: small };
const both: readonly ContainerSeed[] = [rec1, rec2];
const main = { containers: both, baseDomain: "rec.test" };

/** As the stretch of secrets left them. */
const twoSecrets = ["API_KEY", "DB_URL"].map((name) => ({ username: "rec1", name, value: "x" }));

/** What each group does without app hosting. The log then had not yet the line of the call before. */
function withoutHosting(prefix: string): readonly Step[] {
  return [
    span(`${prefix}-routes`, `${prefix}-kms-coverage`),
    play(`${prefix}-audit`, `${prefix}-kms-migrate`),
    span(`${prefix}-tokens`, `${prefix}-backups`),
  ];
}

/** Plays these while the scans that they begin are held, and waits for their end. */
function heldScan(phase: Phase, first: string, last: string): readonly Step[] {
  const scan = holding((daemon) => daemon.holdPhase(phase));
  return [
    scan.set,
    span(first, last),
    scan.release,
    act((daemon) => daemon.scansSettled()),
  ];
}

/** Scans of which one is seen while it runs, after what there is to be found has changed. */
function pentests(): readonly Step[] {
  return [
    span("pn-config", "pn-scan-noroute"),
    act(async (daemon) => {
      await daemon.scansSettled();
      daemon.setFindings(recordedRec1Ports);
    }),
    span("pn-route", "pn-route"),
    ...heldScan("scanning", "pn-scan", "pn-scan-running"),
    act((daemon) => daemon.setFindings(recordedPorts)),
    span("pn-scan-modules", "pn-scan-none"),
    act((daemon) => daemon.scansSettled()),
    span("pn-scans", "pn-summary-2"),
  ];
}

/** Two runs that are seen while they run, beside one that has nothing to look at. */
function zapRuns(): readonly Step[] {
  const first = holding((daemon) => daemon.holdPhase("scanning"));
  const second = holding((daemon) => daemon.holdPhase("scanning"));
  return [
    first.set,
    second.set,
    span("za-config", "za-scans-now"),
    first.release,
    second.release,
    act((daemon) => daemon.scansSettled()),
    span("za-scans", "za-none"),
    play("pn-route-del"),
  ];
}

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

/** Clusters seen while they are provisioned, when that has failed, and while they are deleted. */
function clusters(): readonly Step[] {
  const three = Array.from({ length: 3 }, () => holding((daemon) => daemon.holdPhase("cluster")));
  const removals = Array.from(
    { length: 2 },
    () => holding((daemon) => daemon.holdPhase("cluster")),
  );
  return [
    ...three.map(({ set }) => set),
    span("xk-create-noname", "xk-status"),
    ...three.map(({ release }) => release),
    span("xk-status-later", "xk-boxes"),
    ...removals.map(({ set }) => set),
    span("xk-del", "xk-del-owner"),
    ...removals.map(({ release }) => release),
    span("xk-list-end", "xk-get-end"),
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

/** As the stretch of attributions left them. */
const labeled = {
  ...main,
  containers: [{ ...rec1, labels: { "cost-center": "a1", owner: "me" } }, rec2],
};

function span(first: string, last: string): Step {
  return playSpan(first, last, longTail);
}

/** All of them. */
export const longTailScenarios: readonly Scenario[] = [
  {
    title: "an empty daemon, and its first containers (in)",
    cast: { baseDomain: "rec.test" },
    steps: [span("in-health", "in-list")],
  },
  {
    title: "routes and DNS records (rt, dn)",
    cast: main,
    steps: [span("rt-noauth", "rt-get-one")],
  },
  {
    title: "passthrough rules (pt)",
    cast: main,
    steps: [span("pt-list-0", "pt-list-end")],
  },
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
    title: "the newest release cannot be asked for (re)",
    cast: main,
    steps: [span("re-latest", "re-latest-post")],
  },
  {
    title: "no core services; labels (co, lb)",
    cast: main,
    steps: [span("co-list", "lb-get-end")],
  },
  {
    title: "egress relays; encrypted disks, moves, workspaces (eg, tn)",
    cast: main,
    steps: [span("eg-start", "tn-attribution-missing")],
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
    title: "a newer release; a workspace (xr)",
    cast: { baseDomain: "rec.test", latestRelease: "0.68.0" },
    steps: [
      span("xr-latest", "xr-workspace-none"),
      act((daemon) => daemon.replace({ username: "rec1", workspaceToken: "<workspace token>" })),
      span("xr-workspace", "xr-del"),
    ],
  },
  {
    title: "no newer release (xr)",
    cast: { latestRelease: "0.67.0" },
    steps: [span("xr-latest-same", "xr-latest-same")],
  },
  {
    title: "GitHub wants no more questions (xr)",
    cast: {},
    steps: [span("xr-latest-limited", "xr-latest-limited")],
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
    title: "pentests (pn)",
    cast: { ...main, findings: recordedDns },
    steps: pentests(),
  },
  {
    title: "ZAP where it is not installed (za)",
    cast: main,
    steps: zapRuns(),
  },
  {
    title: "ClamAV without its core service (cv)",
    cast: main,
    steps: [
      span("cv-reports-0", "cv-status-0"),
      ...heldScan("scan-queued", "cv-scan", "cv-export-none"),
      span("cv-status-later", "cv-status-later"),
    ],
  },
  {
    title: "ClamAV (xv)",
    cast: {
      containers: [
        { ...rec1, malware: ["root/eicar.com: Win.Test.EICAR_HDB-1"] },
        rec2,
      ],
      coreServices: ["security"],
    },
    steps: [
      ...heldScan("scan-queued", "xv-scan", "xv-status-now"),
      span("xv-status", "xv-export"),
      act((daemon) => daemon.setMalware("rec1", [])),
      span("xv-scan-clean", "xv-scan-clean"),
      act((daemon) => daemon.scansSettled()),
      span("xv-reports-clean", "xv-summary-clean"),
    ],
  },
  {
    title: "pentests with scanners, ZAP (xp, xz)",
    cast: {
      containers: [{ ...rec1, ipAddress: "10.77.0.93" }, rec2],
      baseDomain: "rec.test",
      coreServices: ["security"],
      findings: recordedFindings,
      zapAlerts: recordedZapAlerts,
    },
    steps: [
      span("xp-route", "xp-scan"),
      act((daemon) => daemon.scansSettled()),
      span("xp-get", "xp-remediate-nopkg"),
      act((daemon) =>
        daemon.setFindings(recordedFindings.filter(({ category }) => category !== "trivy"))
      ),
      span("xp-rescan", "xp-rescan"),
      act((daemon) => daemon.scansSettled()),
      span("xp-findings-resolved", "xp-install-already-2"),
      ...heldScan("scanning", "xz-scan", "xz-scans-running"),
      span("xz-config", "xz-route-del"),
    ],
  },
  {
    title: "agents and crews of which none runs (ag, cw)",
    cast: main,
    steps: [span("ag-list", "cw-getrun-ro")],
  },
  {
    title: "agents and crews (xg)",
    cast: {},
    steps: [span("xg-create-hello", "xg-policy-after")],
  },
  {
    title: "volumes (vo)",
    cast: main,
    steps: [span("vo-list", "vo-detach")],
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
    title: "connections (cx)",
    cast: main,
    steps: [span("cx-list-idle", "cx-list-idle")],
  },
  {
    title: "connections, and one that is open (cx)",
    cast: {
      ...main,
      connections: [{
        ...{ username: "rec1", protocol: "PROTOCOL_TCP", sourceIp: "10.77.0.1" },
        ...{ sourcePort: 36_598, destIp: "10.77.0.37", destPort: 22 },
        ...{ direction: "TRAFFIC_DIRECTION_INGRESS", bytesSent: 153, bytesReceived: 164 },
      }],
    },
    steps: [span("cx-pass", "cx-pass-del")],
  },
  {
    title: "backends, GPUs, upgrades (be)",
    cast: main,
    steps: [span("be-list", "be-gpu-none")],
  },
  {
    title: "capabilities, headroom, integrity; clusters (cp, hr, ig, kc)",
    cast: main,
    steps: [span("cp-get-0", "kc-none")],
  },
  {
    title: "clusters whose nodes are containers (xk)",
    cast: { containers: [rec1, { ...rec2, monitoring: true }], containerNodes: true },
    steps: clusters(),
  },
  {
    title: "a drain of a container that is there for long (xh)",
    cast: {
      containers: [rec1, { ...rec2, createdAt: new Date(0), monitoring: true }],
      kms: "inproc",
    },
    steps: [span("xh-get", "xh-start")],
  },
  {
    title: "Git sources (gi)",
    cast: { ...labeled, gitRepositories: { "git://10.77.0.1/x.git": ["main"] } },
    steps: [span("gi-ok", "gi-refonly-del")],
  },
  {
    title: "the end of the main set (zz)",
    cast: {
      ...main,
      secrets: [{ username: "rec1", name: "API_KEY", value: "x" }, ...twoSecrets],
      postgresBoxes: [{
        ...{ username: "rec1", user: "app", password: "apppw", databases: { postgres: 0 } },
      }],
      clock: () => Date.UTC(2026, 10, 26, 0, 9, 25),
    },
    steps: [
      act((daemon) => void daemon.backUp("rec1", "postgres")),
      span("zz-del-rec1", "zz-backups"),
    ],
  },
  {
    title: "the end of the set with stand-ins (xy)",
    cast: { containers: both },
    steps: [span("xy-del-rec1", "xy-list")],
  },
  {
    title: "alerts without what they need (al)",
    cast: main,
    steps: [span("al-list", "al-deliveries-user")],
  },
  {
    title: "alerts and their webhook (xa)",
    cast: {
      coreServices: ["victoriametrics"],
      webhooks: {
        "http://10.77.0.1:8098/hook/token123": { status: 200, text: "" },
        "http://10.77.0.1:8098/fail": { status: 500, text: "no thanks" },
      },
    },
    steps: [span("xa-list-0", "xa-list-end")],
  },
  {
    title: "access rules (fw)",
    cast: main,
    steps: [span("fw-presets", "fw-static-again-del")],
  },
  {
    title: "collaborators (cl)",
    cast: main,
    steps: [span("cl-list-0", "cl-del-missing-box")],
  },
  {
    title: "the topology (tp)",
    cast: main,
    steps: [span("tp-get", "tp-start-rec2")],
  },
  {
    title: "network policies and signatures (np)",
    cast: main,
    steps: [span("np-list-0", "np-none")],
  },
  {
    title: "what a delete leaves behind (cr-left, cr-again)",
    cast: {
      ...main,
      containers: [...both, { username: "rec3", ipAddress: "10.77.0.91", resources: small }],
      routes: [
        {
          domain: "one.rec.test",
          targetIp: "10.77.0.37",
          targetPort: 8080,
          protocol: "ROUTE_PROTOCOL_GRPC",
        },
        { domain: "bad domain/x", targetIp: "10.77.0.37", targetPort: 8080 },
      ],
    },
    steps: [span("cr-left-route", "cr-clean-containe-amy")],
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
  {
    title: "without Caddy and app hosting (pl)",
    cast: { baseDomain: null, appHosting: false },
    steps: withoutHosting("pl"),
  },
  {
    title: "without app hosting (pa)",
    cast: { baseDomain: "rec.test", appHosting: false },
    steps: withoutHosting("pa"),
  },
];
