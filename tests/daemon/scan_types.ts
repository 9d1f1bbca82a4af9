/** What the scanners of the simulated daemon find. @module */

/** What a pentest finds; what is left out is empty. */
export interface FindingSeed {
  /** In whose container, or on whose routes: a scan of another's does not find it. */
  readonly username: string;
  /** As in `trivy`, `ports`, `nuclei` or `dns`. */
  readonly category: string;
  /** As in `critical`. */
  readonly severity: "critical" | "high" | "medium" | "low" | "info";
  /** What it is called. */
  readonly title: string;
  /** As in `alice-container (usr/bin/pkg)`, `10.77.0.9:22 (alice-container)` or a URL. */
  readonly target: string;
  /** Words about it. */
  readonly description?: string;
  /** What was seen, as in `Package: pkg, Installed: 1.0, Fixed: 1.1`. */
  readonly evidence?: string;
  /** Separated by commas. */
  readonly cveIds?: string;
  /** What helps. */
  readonly remediation?: string;
  /** @default {"container"} */
  readonly targetType?: string;
}

/** What ZAP finds on the routes of a container; what is left out is empty. */
export interface ZapAlertSeed {
  /** Whose container. */
  readonly username: string;
  /** What it is called. */
  readonly alertName: string;
  /** As in `high`. */
  readonly risk: "high" | "medium" | "low" | "informational";
  /** Where. */
  readonly url: string;
  /** Which rule. */
  readonly pluginId?: string;
  /** How sure it is. */
  readonly confidence?: string;
  /** Words about it. */
  readonly description?: string;
  /** @default {"GET"} */
  readonly method?: string;
  /** What was seen. */
  readonly evidence?: string;
  /** What helps. */
  readonly solution?: string;
  /** Separated by commas. */
  readonly cweIds?: string;
  /** Where to read on. */
  readonly references?: string;
}

/** What is there to be found from the start. */
export interface ScanOptions {
  /** By a pentest. */
  readonly findings?: readonly FindingSeed[];
  /** By ZAP, when there is the core service `security`. */
  readonly zapAlerts?: readonly ZapAlertSeed[];
}

/** The scanners. */
export interface Scanners {
  /** Changes what a pentest finds from now on. */
  setFindings(findings: readonly FindingSeed[]): void;
  /** Changes what ClamAV finds in a container, as in `root/eicar.com: Win.Test.EICAR_HDB-1`. */
  setMalware(username: string, malware: readonly string[]): void;
  /** Resolves when no scan runs or waits. */
  scansSettled(): Promise<void>;
}
