/** Scans. @module */

import type { Phase } from "./mod.ts";
import { main, rec1, rec2, span } from "./longtail_stage.ts";
import { holding } from "./races.ts";
import {
  recordedFindings,
  recordedFirst,
  recordedSecond,
  recordedZapAlerts,
} from "./recorded_findings.ts";
import { act, play, type Step } from "./replay.ts";
import type { Scenario } from "./scenarios.ts";

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
      daemon.setFindings(recordedFirst);
    }),
    span("pn-route", "pn-route"),
    ...heldScan("scanning", "pn-scan", "pn-scan-running"),
    act((daemon) => daemon.setFindings(recordedSecond)),
    // One that has nothing to look at ends before, and so resolves what was found.
    ...heldScan("scanning", "pn-scan-modules", "pn-scan-none"),
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

/** Their stretches. */
export const scanScenarios: readonly Scenario[] = [
  {
    title: "pentests (pn)",
    cast: main,
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
];
