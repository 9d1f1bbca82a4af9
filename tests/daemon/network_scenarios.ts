/** Routes, passthrough rules, access rules, policies, connections, and what is missing without Caddy or app hosting. @module */

import { both, main, rec3, span } from "./longtail_stage.ts";
import { play, playStream, type Step } from "./replay.ts";
import type { Scenario } from "./scenarios.ts";

/** What each group does without app hosting. The log then had not yet the line of the call before. */
function withoutHosting(prefix: string): readonly Step[] {
  return [
    span(`${prefix}-routes`, `${prefix}-kms-coverage`),
    play(`${prefix}-audit`, `${prefix}-kms-migrate`),
    span(`${prefix}-tokens`, `${prefix}-backups`),
  ];
}

/** Their stretches. */
export const networkScenarios: readonly Scenario[] = [
  {
    title: "routes and DNS records (rt, dn)",
    cast: main,
    steps: [playStream("rt-events", [span("rt-noauth", "rt-get-one")])],
  },
  {
    title: "passthrough rules (pt)",
    cast: main,
    steps: [span("pt-list-0", "pt-list-end")],
  },
  {
    title: "egress relays; encrypted disks, moves, workspaces (eg, tn)",
    cast: main,
    steps: [span("eg-start", "tn-attribution-missing")],
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
    title: "access rules (fw)",
    cast: main,
    steps: [span("fw-presets", "fw-static-again-del")],
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
      containers: [...both, rec3],
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
