/** The official conformance suite's server scenarios for both revisions, over a bridge from HTTP. */
import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import { serveConformance, translation } from "./conformance_server.ts";
import { startDaemon } from "./daemon/mod.ts";
import { bridgeTo } from "./http_bridge.ts";
import { makeTempFolder } from "./temp.ts";

const suite = "npm:@modelcontextprotocol/conformance@0.2.0-alpha.12";
const isolated = ["--no-config", "--no-lock"];

const http = "this is about headers, and stdio has none";
const fixture =
  "this wants a tool, a resource or a prompt of the suite's own, of a kind that is not served";
const form = "only the user is asked, by a form";
const one = "one question is asked at most, whose form is one box";

type Reasons = Readonly<Record<string, Readonly<Record<string, string>>>>;

const inBoth: Reasons = {
  "dns-rebinding-protection": { "localhost-host-rebinding-rejected": http },
  "tools-call-image": { "tools-call-image": fixture },
  "tools-call-audio": { "tools-call-audio": fixture },
  "tools-call-embedded-resource": { "tools-call-embedded-resource": fixture },
  "tools-call-mixed-content": { "tools-call-mixed-content": fixture },
  "resources-read-binary": { "resources-read-binary": fixture },
  "prompts-get-with-image": { "prompts-get-with-image": fixture },
};

/** What the suite asks of a server. */
interface Revision {
  /** How many scenarios and successful checks there are at least. */
  readonly least: readonly [scenarios: number, checks: number];
  /**
   * The checks that fail, by scenario: all that the suite asks and that this server is not. A check that
   * passes is to be taken off the list.
   */
  readonly notServed: Reasons;
}

const revisions: Readonly<Record<string, Revision>> = {
  "2026-07-28": {
    least: [37, 60],
    notServed: {
      ...inBoth,
      "server-stateless": {
        "sep-2575-http-server-header-mismatch-400": http,
        "sep-2575-server-rejects-undeclared-capability": form,
        "sep-2575-missing-capability-http-400": form,
      },
      "input-required-result-basic-sampling": { "sep-2322-sampling-incomplete": form },
      "input-required-result-basic-list-roots": { "sep-2322-list-roots-incomplete": form },
      "input-required-result-capability-check": { "sep-2322-respect-client-capabilities": form },
      "input-required-result-multi-round": { "sep-2322-multi-round-r1": one },
      "input-required-result-multiple-input-requests": {
        "sep-2322-multiple-inputs-incomplete": one,
      },
      "input-required-result-non-tool-request": {
        "sep-2322-non-tool-incomplete": "no prompt asks",
      },
      "input-required-result-ignore-extra-params": {
        "sep-2322-ignore-unexpected-params": "a yes without a requestState answers no question",
      },
    },
  },
  "2025-11-25": {
    least: [30, 45],
    notServed: {
      ...inBoth,
      "tools-call-sampling": { "tools-call-sampling": form },
      "elicitation-sep1034-defaults": { "elicitation-sep1034-general": one },
      "elicitation-sep1330-enums": { "elicitation-sep1330-general": one },
    },
  },
};

/** What an implementation of the revision need not do, in the suite's own words. */
const optional =
  /^(tasks-|json-schema-2020-12$|http-header-validation$|http-custom-header-|server-sse-polling$)/;

const checks = z.array(z.object({
  id: z.string(),
  status: z.string(),
  errorMessage: z.string().optional(),
}));

async function runSuite(args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "-q", ...isolated, suite, ...args],
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  }).output();
  return [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
}

for (const [revision, { least: [scenarios, successes], notServed }] of Object.entries(revisions)) {
  Deno.test(`the conformance suite for ${revision} passes, but for what is listed with a reason`, async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
    await using bridge = bridgeTo(await serveConformance(daemon), translation);
    await using folder = await makeTempFolder();
    const printed = await runSuite(
      ["server", "--url", bridge.url, "--requirements", revision, "-o", folder.path],
    );
    const failed = new Map<string, string>();
    const tried = new Set<string>();
    let passed = 0;
    for await (const { name } of Deno.readDir(folder.path)) {
      const [, scenario = ""] = /^server-(.+)-\d{4}-\d\d-\d\dT/.exec(name) ?? [];
      if (optional.test(scenario)) continue;
      tried.add(scenario);
      const text = await Deno.readTextFile(`${folder.path}/${name}/checks.json`);
      for (const { id, status, errorMessage = "" } of checks.parse(JSON.parse(text))) {
        if (status === "SUCCESS") passed++;
        else if (/FAILURE|WARNING/.test(status)) failed.set(`${scenario} ${id}`, errorMessage);
      }
    }
    const count = `${tried.size} scenarios, ${passed} checks`;
    assert(tried.size >= scenarios && passed >= successes, `${count}\n${printed}`);
    const listed = Object.entries(notServed)
      .flatMap(([scenario, ids]) => Object.keys(ids).map((id) => `${scenario} ${id}`));
    assertEquals([...failed.keys()].sort(), listed.sort(), JSON.stringify([...failed], null, 2));
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
