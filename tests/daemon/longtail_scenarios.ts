/**
 * The recordings of the long tail. They were made one after the other on one daemon; what a stretch needs of the ones
 * before it is seeded, so that each runs by itself.
 *
 * @module
 */

import type { ContainerSeed } from "./mod.ts";
import { longTail } from "./recordings.ts";
import { playSpan, type Step } from "./replay.ts";
import type { Scenario } from "./scenarios.ts";

const small = { cpu: "1", memory: "512MB", disk: "5GB" };

/** The two containers of nearly every stretch, at their recorded addresses: requests name them. */
const rec1: ContainerSeed = { username: "rec1", ipAddress: "10.77.0.37", resources: small };
const rec2: ContainerSeed = { username: "rec2", ipAddress: "10.77.0.134", resources: small };
const both: readonly ContainerSeed[] = [rec1, rec2];
const main = { containers: both, baseDomain: "rec.test" };

/** As the stretch of secrets left them. */
const twoSecrets = ["API_KEY", "DB_URL"].map((name) => ({ username: "rec1", name, value: "x" }));

function span(first: string, last: string): Step {
  return playSpan(first, last, longTail);
}

/** All of them. */
export const longTailScenarios: readonly Scenario[] = [
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
    steps: [span("pl-routes", "pl-backups")],
  },
  {
    title: "without app hosting (pa)",
    cast: { baseDomain: "rec.test", appHosting: false },
    steps: [span("pa-routes", "pa-backups")],
  },
];
