/** One server of a soak, from its start to its end. @module */
import { connectProcess, type ProcessSession } from "../connect.ts";
import { getQuotas } from "../../tools/quotas/get_quotas.ts";
import { readRecord } from "../record.ts";
import type { Findings, Lane } from "./lane.ts";
import type { Random } from "./random.ts";
import { recordFaults } from "./record_faults.ts";
import { skewedClock } from "./skewed_clock.ts";
import { SoakClient } from "./soak_client.ts";
import type { World } from "./world.ts";

/** What all servers of a soak come to. */
export interface Totals {
  /** Servers that were started and ended. */
  servers: number;
  /** Requests that clients sent to them. */
  sent: number;
  /** The longest that one took to end. */
  slowestExitMs: number;
  /** Characters that were searched for secrets. */
  searched: number;
  /** Entries of the records. */
  entries: number;
  /** Memory of the server that stayed: after its first calls, and at the end. */
  memoryMiB: [first: number, last: number];
}

/** What a server is run with. */
export interface Run {
  /** Everything around it. */
  readonly world: World;
  /** Whose quota its clients have. */
  readonly team: string;
  /** Who talk to it, at once. */
  readonly lanes: readonly Lane[];
  /** When they end. */
  readonly ends: number;
  /** Whether it stays for all of it, and gets no response that is too large: then its memory is measured. */
  readonly stays: boolean;
  /** Whether containers are removed at its end. */
  readonly isLast: boolean;
  /** Whether there is time to see that nothing stays reserved. */
  readonly isLong: boolean;
  /** Milliseconds in which it must be gone after its input ends. */
  readonly exitMs: number;
  /** What is found. */
  readonly findings: Findings;
  /** What is counted. */
  readonly totals: Totals;
  /** What is drawn. */
  readonly draws: Random;
}

const WARM_UP_CALLS = 60;
/** What a heap may gain while nothing leaks: V8 lets it grow by half before it collects all of it. */
const MAX_GROWTH_MIB = 80;
/** Seconds by which the clock of a server is wrong: up to a token's end, and beyond. */
const SKEWS = [0, 0, 0, 5_400, -5_400, 1_728_000, -1_728_000] as const;

/** Runs one server. */
export async function runServer(run: Run): Promise<void> {
  const { world, team, lanes, exitMs, findings, totals, draws } = run;
  const { token, policy, folder } = world.files;
  const record = `${folder}/${team}-${totals.servers++}.jsonl`;
  const [, ...skews] = SKEWS;
  const skew = draws.pick(SKEWS[0], ...skews);
  if (skew !== 0) world.meet("clock skew");
  const server = await connectProcess({ url: world.daemon.url, token: "" }, {
    args: ["--audit", record, "--config", policy, "--toolsets", "all"],
    env: { CONTAINARIUM_JWT_TOKEN_FILE: token, CONTAINARIUM_DEBUG: "1" },
    read: [token, policy],
    write: [record],
    preload: skewedClock(skew),
    capabilities: { elicitation: { form: {} } },
  });
  const client = new SoakClient(server);
  const failures: string[] = [];
  try {
    failures.push(...await converse(client, run));
    const left = performance.now();
    await server.closeStdin();
    const { code } = await server.exited;
    const took = performance.now() - left;
    totals.slowestExitMs = Math.max(totals.slowestExitMs, Math.round(took));
    // On a machine that is busy with others, everything takes as much longer.
    const crowd = (Deno.loadavg()[0] ?? 0) / navigator.hardwareConcurrency;
    if (took > exitMs * Math.max(1, crowd)) failures.push(`it took ${Math.round(took)} ms to end`);
    if (code !== 0) failures.push(`it ended with ${code}`);
    await server[Symbol.asyncDispose]();
  } catch (error) {
    failures.push(String(error));
    await server[Symbol.asyncDispose]().catch((error) => failures.push(String(error)));
  }
  await Promise.all(lanes.map((lane) => lane.inspect()));
  failures.push(...client.misanswered());
  const text = await Deno.readTextFile(record).catch(() => "");
  const entries = readRecord(text);
  totals.entries += entries.length;
  totals.sent += client.requests;
  failures.push(...recordFaults(entries, client.seen));
  const shown = [...server.lines, server.stderr, text].join("\n");
  totals.searched += shown.length;
  failures.push(...shownFaults(shown, server, world.secrets));
  findings.failures.push(...failures.map((what) => `server of ${team}: ${what}`));
}

/** Lets all lanes talk; returns what is wrong with the server itself. */
async function converse(client: SoakClient, run: Run): Promise<readonly string[]> {
  const { world, team, lanes, ends, stays, isLast, isLong, totals, draws } = run;
  const { pid } = client.session;
  const failures: string[] = [];
  const uri = "containarium://containers";
  await client.request("resources/subscribe", { uri }, { isModern: false });
  let first = 0;
  await Promise.all(lanes.map(async (lane) => {
    while (performance.now() < ends) {
      await lane.step(client);
      if (draws.chance(0.02)) world.cutEventStreams();
      if (stays && first === 0 && client.requests > WARM_UP_CALLS) first = await memoryMiB(pid);
    }
    if (isLast) await lane.end(client);
  }));
  if (isLast && isLong) failures.push(...await reservationsOf(client, team));
  if (first > 0) {
    const last = await memoryMiB(pid);
    totals.memoryMiB = [first, last];
    if (last > first + MAX_GROWTH_MIB) {
      failures.push(`its memory grew from ${first} to ${last} MiB`);
    }
  }
  if (!isLast) {
    // The server is left in the middle of these.
    for (let at = 0; at < 5; at++) {
      client.request("tools/call", { name: "list_containers" }, { isModern: at % 2 === 0 });
    }
    client.leave();
  }
  return failures;
}

function shownFaults(
  shown: string,
  { stderr }: ProcessSession,
  secrets: readonly string[],
): readonly string[] {
  const seen = secrets.filter((secret) => shown.includes(secret));
  const isCrash = /Uncaught|TypeError|RangeError|at file:\/\//.test(stderr);
  return [
    ...seen.map((secret) => `a secret is shown: ${secret.slice(0, 12)}…`),
    ...(isCrash ? [`it crashed: ${stderr.slice(-1_000)}`] : []),
  ];
}

/** What is still counted when all is deleted: a creation whose response was lost, for a minute. */
async function reservationsOf(client: SoakClient, team: string): Promise<readonly string[]> {
  const deadline = performance.now() + 70_000;
  for (;;) {
    const { content } = await client.call("get_quotas", {}, { isModern: true, isAgreed: true });
    const { quotas } = getQuotas.output.parse(content);
    const own = quotas.find(({ name }) => name === team);
    if (own?.cpu?.used === 0) return [];
    if (performance.now() > deadline) return [`it still counts ${JSON.stringify(own)}`];
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** Resident memory; 0 where the system does not say. */
async function memoryMiB(pid: number): Promise<number> {
  try {
    const ps = new Deno.Command("ps", { args: ["-o", "rss=", "-p", `${pid}`] });
    const kibibytes = Number(new TextDecoder().decode((await ps.output()).stdout));
    return Math.round(kibibytes / 1024);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
