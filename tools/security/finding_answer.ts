/**
 * Schemas and words that the four tools share.
 *
 * @module
 */
import { z } from "zod";
import type { Coverage, Finding, InstalledScanners, Missing, Severity } from "../../client/mod.ts";
import { formatTime, scanners, severities, visible } from "../../client/internal.ts";
import { unlessEmpty } from "../lean.ts";
import { time } from "../schemas.ts";
import { formatNames } from "../text/format.ts";
import { quoted } from "../text/quoted.ts";

/** A scanner. */
export const kind = z.enum(scanners);

/** How bad a finding is. */
export const severity = z.enum(severities);

/** A finding in a result. */
export const finding = z.strictObject({
  kind: kind.describe("Scanner that found it"),
  id: z.string().optional()
    .describe("Number for resolve_finding; absent: the daemon cannot resolve it"),
  severity: severity.describe("How bad it is; malware counts as critical"),
  category: z.string().describe("Kind of check: malware, trivy (packages), ports, nuclei, web …"),
  title: z.string().describe("What it is: data from outside"),
  target: z.string().describe("Where: data from outside"),
  status: z.enum(["open", "unconfirmed", "suppressed", "resolved"]).describe(
    "unconfirmed: the daemon counts it as resolved, since a scan of something else did not meet it",
  ),
  references: z.string().optional().describe("CVE or CWE numbers"),
  remedy: z.string().optional().describe("What helps: data from outside"),
  fixable: z.boolean().optional()
    .describe("Whether resolve_finding can upgrade its package; absent: false"),
  last_seen_at: time.optional().describe("When a scan met it last, UTC"),
});

/** A finding in a result. */
export type FindingAnswer = z.infer<typeof finding>;

/** What a scanner has looked at, in a result. */
export const coverage = z.strictObject({
  kind: kind.describe("Scanner"),
  last_scanned_at: time.optional().describe(
    "When it last looked, UTC; absent: never, or not known",
  ),
  last_error: z.string().optional().describe("Why its last scan failed: data from outside"),
  never_scanned: z.array(z.string()).optional().describe("Containers at which it never looked"),
  missing: z.array(z.string()).optional().describe("What it does not find, and why"),
});

/** What a scanner has looked at, in a result. */
export type CoverageAnswer = z.infer<typeof coverage>;

const MAX_CHARS = 300;

/** Returns a text from outside, on one line and shortened. */
function short(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return visible(line.length <= MAX_CHARS ? line : `${line.slice(0, MAX_CHARS)}…`);
}

function shortOrNone(text: string | undefined): string | undefined {
  return text === undefined ? undefined : unlessEmpty(short(text));
}

/** Returns a finding as a result has it. */
export function findingAnswer(from: Finding): FindingAnswer {
  return {
    kind: from.scanner,
    id: from.id === undefined ? undefined : short(from.id),
    severity: from.severity,
    category: short(from.category),
    title: short(from.title),
    target: short(from.target),
    status: from.status,
    references: shortOrNone(from.references),
    remedy: shortOrNone(from.remedy),
    fixable: unlessEmpty(from.isFixable),
    last_seen_at: formatTime(from.lastSeenAt),
  };
}

const missingWords: Readonly<Record<Missing, string>> = {
  "admin_only": "all of it: the daemon shows it only to a token with the admin role",
  "domains_unread": "findings at the container's domains, which this token may not read",
  "not_installed": "all of it: it is not installed on the host (install_scanner)",
  "no_nuclei": "known flaws of web servers: nuclei is not installed (install_scanner)",
  "no_trivy": "flaws of packages: trivy is not installed (install_scanner)",
  "packages_only": "open ports and web findings, which the daemon shows only to admins",
};

/** Returns what a penetration test does not find on this host. */
export function pentestGaps(
  { hasNuclei, hasTrivy }: Pick<InstalledScanners, "hasNuclei" | "hasTrivy">,
): readonly string[] {
  return [
    ...(hasNuclei ? [] : [missingWords.no_nuclei]),
    ...(hasTrivy ? [] : [missingWords.no_trivy]),
  ];
}

/** Returns what a scanner has looked at as a result has it. */
export function coverageAnswer(from: Coverage): CoverageAnswer {
  return {
    kind: from.scanner,
    last_scanned_at: formatTime(from.lastScannedAt),
    last_error: shortOrNone(from.lastError),
    never_scanned: unlessEmpty(from.neverScanned.map(short)),
    missing: unlessEmpty(from.missing.map((each) => missingWords[each])),
  };
}

/** Returns what a scanner has looked at as a line. */
export function coverageLine(from: CoverageAnswer): string {
  const { kind, last_scanned_at: at, last_error: error, never_scanned: never = [] } = from;
  const { missing = [] } = from;
  const last = at === undefined
    ? "no complete scan is known, so no findings does not mean clean"
    : `last scan ${at}`;
  return [
    `${kind}: ${last}`,
    ...(error === undefined ? [] : [`the last scan failed: ${error}`]),
    ...(never.length === 0 ? [] : [`never looked at ${formatNames(never)}`]),
    ...missing.map((each) => `missing: ${each}`),
  ].join("; ");
}

/** Returns a finding as a question names it. */
export function findingInQuestion({ title, target, severity }: Finding): string {
  return `the finding ${quoted(title)} (${severity}) at ${quoted(target)}`;
}

/** Returns counts as people read them: `1 critical, 2 low`. */
export function countWords(
  counts: Readonly<Partial<Record<Severity, number | undefined>>>,
): string {
  const parts = severities.flatMap((severity) => {
    const count = counts[severity] ?? 0;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  return parts.length === 0 ? "nothing found" : parts.join(", ");
}
