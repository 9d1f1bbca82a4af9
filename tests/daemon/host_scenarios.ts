/** The host: releases, backends, capacity, clusters, agents, alerts. @module */

import { both, main, rec1, rec2, span, twoSecrets } from "./longtail_stage.ts";
import { holding } from "./races.ts";
import { act, type Step } from "./replay.ts";
import type { Scenario } from "./scenarios.ts";

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
    act((daemon) => daemon.settled()),
    span("xk-status-later", "xk-boxes"),
    ...removals.map(({ set }) => set),
    span("xk-del", "xk-del-owner"),
    ...removals.map(({ release }) => release),
    act((daemon) => daemon.settled()),
    span("xk-list-end", "xk-get-end"),
  ];
}

/** Their stretches. */
export const hostScenarios: readonly Scenario[] = [
  {
    title: "an empty daemon, and its first containers (in)",
    cast: { baseDomain: "rec.test" },
    steps: [span("in-health", "in-list")],
  },
  {
    title: "the newest release cannot be asked for (re)",
    cast: main,
    steps: [span("re-latest", "re-latest-post")],
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
];
