/** Runs a client's driver against a server process of its own, and judges what it prints. @module */
import { commandWith, inherited } from "../../tests/connect.ts";
import type { Daemon } from "../../tests/daemon/mod.ts";
import { makeTempFolder } from "../../tests/temp.ts";
import { type ExampleWorld, policy, startExampleWorld } from "../example_world.ts";
import { linesOf } from "../lines.ts";
import type { Client } from "./clients.ts";
import { completed, featuresOf, parseReport, type Report, type Result } from "./results.ts";
import {
  containers,
  expectedIn,
  holdCanceled,
  type Revision,
  type Scenario,
  scenarioFor,
  whatAnswersDid,
} from "./scenario.ts";

/** How a driver is run. */
export interface DriveOptions {
  /** It is ended after this time. @default {600_000} */
  readonly limitMs?: number;
  /** How long a canceled call may go on at the daemon. @default {10_000} */
  readonly cancelMs?: number;
}

/** Runs a driver once, and returns a result for each thing that has to be tried. */
export async function drive(
  client: Client,
  command: readonly [string, ...string[]],
  revision: Revision,
  options: DriveOptions = {},
): Promise<readonly Result[]> {
  await using world = await startExampleWorld(containers);
  await using folder = await makeTempFolder();
  const policyFile = await folder.write("policy.json", JSON.stringify(policy));
  const scenario = scenarioFor(world, await serverFor(world, policyFile), revision);
  const file = await folder.write("scenario.json", JSON.stringify(scenario));
  const printed = await runDriver([...command, file], folder.path, world.daemon, options);
  const { name, version, kind = "client" } = client;
  const expected = expectedIn(scenario);
  const reports = completed(printed.reports, expected, printed.ending, featuresOf[kind]);
  const date = new Date().toISOString().slice(0, 10);
  return reports.map((report) => judged(report, world.daemon, revision))
    .map((report) => ({ client: name, version, revision, date, ...report }));
}

/** Returns the shipped command with all toolsets, a policy, the user's folder and GitHub. */
async function serverFor(world: ExampleWorld, policyFile: string): Promise<Scenario["server"]> {
  const { daemon, env, folder } = world;
  const github = new URL(env.GITHUB_API_URL ?? "").host;
  const grants = { read: [policyFile, folder], write: [folder], net: [github] };
  const [command, ...args] = commandWith(daemon.url, grants);
  return {
    command,
    args,
    env: {
      ...inherited(),
      HOME: "/nonexistent",
      NO_COLOR: "1",
      DENO_NO_UPDATE_CHECK: "1",
      CONTAINARIUM_SERVER_URL: daemon.url,
      CONTAINARIUM_JWT_TOKEN: await daemon.token(),
      // The Inspector takes flags for its own.
      CONTAINARIUM_CONFIG: policyFile,
      CONTAINARIUM_MCP_TOOLSETS: "all",
      ...env,
    },
  };
}

/** What a driver printed, and how it ended. */
interface Printed {
  readonly reports: readonly Report[];
  readonly ending: string;
}

async function runDriver(
  [program = "", ...args]: readonly string[],
  home: string,
  daemon: Daemon,
  { limitMs = 600_000, cancelMs = 10_000 }: DriveOptions,
): Promise<Printed> {
  const process = new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { ...inherited(), HOME: home, NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(limitMs),
  }).spawn();
  const input = process.stdin.getWriter();
  const say = (word: string) => input.write(new TextEncoder().encode(`${word}\n`)).catch(() => {});
  const watch = watchCancellation(daemon, say, cancelMs);
  const errors = new Response(process.stderr).text();
  const reports: Report[] = [];
  const strays: string[] = [];
  for await (const line of linesOf(process.stdout)) {
    const report = parseReport(line);
    if (report === undefined) strays.push(line);
    else reports.push(report);
  }
  const { code, signal } = await process.status;
  watch.end();
  await input.close().catch(() => {});
  const said = [...strays, ...(await errors).trimEnd().split("\n").slice(-6)].join(" ").trim();
  const how = signal === null ? `ended with ${code}` : `was ended by ${signal}`;
  return { reports, ending: `the driver ${how}${said === "" ? "" : `: ${said}`}` };
}

/**
 * Says "reached" when the daemon has got the request of the call that is to be canceled, and then whether it is
 * "gone" or "still there".
 */
function watchCancellation(
  daemon: Daemon,
  say: (word: string) => Promise<void>,
  cancelMs: number,
): { end(): void } {
  const hold = holdCanceled(daemon);
  const ended = Promise.withResolvers<void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watched = async () => {
    await hold.reached;
    await say("reached");
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve("still there"), cancelMs);
    });
    const word = await Promise.race([daemon.idle().then(() => "gone"), late, ended.promise]);
    clearTimeout(timer);
    hold.release();
    if (word !== undefined) await say(word);
  };
  watched();
  return {
    end: () => {
      clearTimeout(timer);
      ended.resolve();
    },
  };
}

/** What the daemon knows better than the client. */
function judged(report: Report, daemon: Daemon, revision: Revision): Report {
  if (report.result !== "works") return report;
  switch (report.feature) {
    case "questions": {
      const detail = whatAnswersDid(daemon);
      return detail === undefined ? report : { ...report, result: "fails", detail };
    }
    case "connect":
      return report.detail === revision ? report : {
        ...report,
        result: "fails",
        detail: `they agreed on ${report.detail}, not ${revision}`,
      };
    default:
      return report;
  }
}
