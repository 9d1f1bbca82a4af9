/** The official conformance suite's server scenarios for both revisions. */
import { assert, assertEquals } from "@std/assert";
import { serveConformance, translation } from "./conformance_server.ts";
import { requirements, runConformance, runSuite } from "./conformance_suite.ts";
import { startDaemon } from "./daemon/mod.ts";
import { bridgeTo } from "./http_bridge.ts";

for (const revision of ["2026-07-28", "2025-11-25"] as const) {
  Deno.test(`the conformance suite for ${revision} passes, but for what is listed with a reason`, async () => {
    const { least: [leastScenarios, leastChecks], notServed } = requirements[revision];
    await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
    const { scenarios, printed } = await runConformance(daemon, revision);
    const checks = [...scenarios.values()].reduce((sum, { passed }) => sum + passed, 0);
    const count = `${scenarios.size} scenarios, ${checks} checks`;
    assert(scenarios.size >= leastScenarios && checks >= leastChecks, `${count}\n${printed}`);
    const failed = [...scenarios].flatMap(([scenario, { failed }]) =>
      [...failed].map(([id, why]) => [`${scenario} ${id}`, why] as const)
    );
    const listed = Object.entries(notServed)
      .flatMap(([scenario, ids]) => Object.keys(ids).map((id) => `${scenario} ${id}`));
    const names = failed.map(([name]) => name).sort();
    assertEquals(names, listed.sort(), JSON.stringify(failed, null, 2));
  });
}

Deno.test("the conformance suite's scenarios for the extension Skills pass", async (t) => {
  await using daemon = await startDaemon();
  await using bridge = bridgeTo(await serveConformance(daemon), translation);
  const version = ["--spec-version", "2026-07-28", "--force"];
  for (const [scenario, least] of [["enumeration", 30], ["manifest", 6]] as const) {
    await t.step(scenario, async () => {
      const name = `sep-2640-skills-${scenario}`;
      const printed = await runSuite(
        ["server", "--url", bridge.url, "--scenario", name, ...version],
      );
      const [, passed] = /Passed: (\d+)\/\1, 0 failed, 0 warnings/.exec(printed) ?? [];
      assert(Number(passed) >= least, printed);
    });
  }
});
