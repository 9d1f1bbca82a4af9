/** The official conformance suite's server scenarios, run against this server over a bridge from HTTP. */
import { z } from "zod";
import { serveConformance, translation } from "./conformance_server.ts";
import type { Daemon } from "./daemon/mod.ts";
import { bridgeTo } from "./http_bridge.ts";
import { makeTempFolder } from "./temp.ts";

/** The pinned version of the suite. */
export const conformanceVersion = "0.2.0-alpha.12";

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

/** What the suite asks of a server that speaks a revision. */
export interface Requirements {
  /** How many scenarios and successful checks there are at least. */
  readonly least: readonly [scenarios: number, checks: number];
  /**
   * The checks that fail, by scenario, with the reason: all that the suite asks and that this server is not.
   * A check that passes is to be taken off the list.
   */
  readonly notServed: Reasons;
}

/** By revision. */
export const requirements = {
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
} as const satisfies Readonly<Record<string, Requirements>>;

/** What an implementation of the revision need not do, in the suite's own words. */
const optional =
  /^(tasks-|json-schema-2020-12$|http-header-validation$|http-custom-header-|server-sse-polling$)/;

const checks = z.array(z.object({
  id: z.string(),
  status: z.string(),
  errorMessage: z.string().optional(),
}));

/** What came of a scenario. */
export interface Scenario {
  /** How many checks were successful. */
  readonly passed: number;
  /** Those that were not, and what the suite says of them. */
  readonly failed: ReadonlyMap<string, string>;
}

/** What came of a run. */
export interface SuiteRun {
  /** By name. */
  readonly scenarios: ReadonlyMap<string, Scenario>;
  /** What the suite printed. */
  readonly printed: string;
}

/** Runs all scenarios for a revision, but for what it calls optional. */
export async function runConformance(
  daemon: Daemon,
  revision: keyof typeof requirements,
): Promise<SuiteRun> {
  await using bridge = bridgeTo(await serveConformance(daemon), translation);
  await using folder = await makeTempFolder();
  const printed = await runSuite(
    ["server", "--url", bridge.url, "--requirements", revision, "-o", folder.path],
  );
  const scenarios = new Map<string, Scenario>();
  for await (const { name } of Deno.readDir(folder.path)) {
    const [, scenario = ""] = /^server-(.+)-\d{4}-\d\d-\d\dT/.exec(name) ?? [];
    if (optional.test(scenario)) continue;
    const text = await Deno.readTextFile(`${folder.path}/${name}/checks.json`);
    const tried = checks.parse(JSON.parse(text));
    scenarios.set(scenario, {
      passed: tried.filter(({ status }) => status === "SUCCESS").length,
      failed: new Map(
        tried.filter(({ status }) => /FAILURE|WARNING/.test(status))
          .map(({ id, errorMessage = "" }) => [id, errorMessage]),
      ),
    });
  }
  return { scenarios, printed };
}

/** Runs the suite, and returns what it prints. */
export async function runSuite(args: readonly string[]): Promise<string> {
  const suite = `npm:@modelcontextprotocol/conformance@${conformanceVersion}`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "-q", "--no-config", "--no-lock", suite, ...args],
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  }).output();
  return [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
}
