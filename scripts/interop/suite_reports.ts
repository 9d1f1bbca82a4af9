/** What the conformance suite found, as a driver reports it. @module */
import type { Requirements, Scenario } from "../../tests/conformance_suite.ts";
import type { Report } from "./results.ts";

/** Returns a report for each scenario: what fails is by design only where it is exactly what is listed. */
export function scenarioReports(
  scenarios: ReadonlyMap<string, Scenario>,
  { least: [least], notServed }: Requirements,
): readonly Report[] {
  const sorted = [...scenarios].sort(([one], [other]) => one < other ? -1 : 1);
  const reports = sorted.map(([item, { failed }]): Report => {
    const reasons = notServed[item] ?? {};
    const unexpected = [...failed].filter(([id]) => !Object.hasOwn(reasons, id));
    const stale = Object.keys(reasons).filter((id) => !failed.has(id));
    const base = { feature: "scenarios", item } as const;
    if (unexpected.length > 0) {
      const detail = unexpected.map(([id, message]) => `${id}: ${message}`).join("; ");
      return { ...base, result: "fails", detail: detail.slice(0, 300) };
    }
    if (stale.length > 0) {
      return { ...base, result: "fails", detail: `${stale.join(", ")} passes, and is listed` };
    }
    if (failed.size === 0) return { ...base, result: "works" };
    const detail = [...new Set(Object.values(reasons))].join("; ");
    return { ...base, result: "fails", detail, accepted: true };
  });
  if (scenarios.size >= least) return reports;
  const detail = `only ${scenarios.size} of at least ${least} scenarios were run`;
  return [...reports, { feature: "scenarios", result: "fails", detail }];
}
