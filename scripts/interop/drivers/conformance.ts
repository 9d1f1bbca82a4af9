/** The official conformance suite, which speaks HTTP only: over a bridge, and with what it wants to find. @module */
import { requirements, runConformance } from "../../../tests/conformance_suite.ts";
import { startDaemon } from "../../../tests/daemon/mod.ts";
import { scenarioReports } from "../suite_reports.ts";
import { report, scenario } from "./driver.ts";

await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
const { scenarios } = await runConformance(daemon, scenario.revision);
for (const line of scenarioReports(scenarios, requirements[scenario.revision])) await report(line);
