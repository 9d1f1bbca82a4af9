/**
 * The soak: several clients talk at random to servers of their own, all of one daemon in which things go
 * wrong. Every answer is held against the daemon, and every byte searched for secrets.
 *
 * @module
 */
import { connectProcess } from "../connect.ts";
import { getQuotas } from "../../tools/quotas/get_quotas.ts";
import { readRecord, storiesIn } from "../record.ts";
import { type Findings, Lane } from "./lane.ts";
import { Random } from "./random.ts";
import { SoakClient } from "./soak_client.ts";
import { World } from "./world.ts";

/** How long and how much. */
export interface SoakOptions {
  /** Seconds until no new move is made. */
  readonly seconds: number;
  /** What is drawn; timing differs from run to run. */
  readonly seed: number;
  /** Servers at a time. @default {3} */
  readonly servers?: number | undefined;
  /** Milliseconds in which a server must be gone after its input ends. @default {1000} */
  readonly exitMs?: number | undefined;
}

/** What came of it. */
export interface SoakReport extends Omit<Findings, "failures"> {
  /** What was wrong, a text each. */
  readonly failures: readonly string[];
  /** Requests that the daemon read. */
  readonly requests: number;
  /** Servers that were started and ended. */
  readonly servers: number;
  /** The longest that one took to end. */
  readonly slowestExitMs: number;
  /** Characters that were searched for secrets. */
  readonly searched: number;
  /** Entries of the records. */
  readonly entries: number;
  /** Memory of the server that stayed: after its first calls, and at the end. */
  readonly memoryMiB: readonly [first: number, last: number];
}

const LANES = 3;
const WARM_UP_CALLS = 60;
/** What a heap may gain without anything being lost. */
const MAX_GROWTH_MIB = 40;

/** Runs it. */
export async function soak(
  { seconds, seed, servers = 3, exitMs = 1000 }: SoakOptions,
): Promise<SoakReport> {
  const random = new Random(seed);
  const teams = Array.from({ length: servers }, (_, at) => `team${at}`);
  await using world = await World.start(teams);
  const findings: Findings = {
    calls: 0,
    mishaps: 0,
    canceled: 0,
    writes: new Map(),
    codes: new Map(),
    failures: [],
  };
  const totals: Totals = {
    servers: 0,
    slowestExitMs: 0,
    searched: 0,
    entries: 0,
    memoryMiB: [0, 0],
  };
  const until = performance.now() + seconds * 1000;
  const rotation = setInterval(() => world.rotateToken(), 2_000);
  try {
    await Promise.all(teams.map(async (team, at) => {
      const draws = random.fork();
      const lanes = Array.from(
        { length: LANES },
        (_, lane) => new Lane(world, { username: `s${at}-${lane}`, team }, draws.fork(), findings),
      );
      // The first server stays for all of it: its memory shows.
      do await converse(lanes, until, at === 0); while (performance.now() < until);

      async function converse(lanes: readonly Lane[], until: number, stays: boolean) {
        const ends = stays
          ? until
          : Math.min(until, performance.now() + 3_000 + draws.below(6_000));
        await runServer({
          world,
          team,
          lanes,
          ends,
          isLast: ends === until,
          isLong: seconds >= 60,
          exitMs,
          findings,
          totals,
          draws,
        });
      }
    }));
  } finally {
    clearInterval(rotation);
  }
  await judgeDaemon(world, findings.failures);
  return { ...findings, ...totals, requests: world.daemon.requests.length };
}

interface Totals {
  servers: number;
  slowestExitMs: number;
  searched: number;
  entries: number;
  memoryMiB: [number, number];
}

interface Run {
  readonly world: World;
  readonly team: string;
  readonly lanes: readonly Lane[];
  readonly ends: number;
  readonly isLast: boolean;
  readonly isLong: boolean;
  readonly exitMs: number;
  readonly findings: Findings;
  readonly totals: Totals;
  readonly draws: Random;
}

/** One server, from its start to its end. */
async function runServer(run: Run): Promise<void> {
  const { world, team, lanes, ends, isLast, isLong, exitMs, findings, totals, draws } = run;
  const { token, policy, folder } = world.files;
  const record = `${folder}/${team}-${totals.servers++}.jsonl`;
  const { url } = world.daemon;
  const server = await connectProcess({ url, token: "" }, {
    args: ["--audit", record, "--config", policy, "--toolsets", "all"],
    env: { CONTAINARIUM_JWT_TOKEN_FILE: token, CONTAINARIUM_DEBUG: "1" },
    read: [token, policy],
    write: [record],
    capabilities: { elicitation: { form: {} } },
  });
  const client = new SoakClient(server);
  const failures: string[] = [];
  try {
    const uri = "containarium://containers";
    await client.request("resources/subscribe", { uri }, { isModern: false });
    let first = 0;
    await Promise.all(lanes.map(async (lane) => {
      while (performance.now() < ends) {
        await lane.step(client);
        if (draws.chance(0.02)) world.daemon.dropEventStreams();
        if (first === 0 && client.requests > WARM_UP_CALLS) first = await memoryMiB(server.pid);
      }
      if (isLast) await lane.end(client);
    }));
    if (isLast && isLong) failures.push(...await reservationsOf(client, team));
    if (first > totals.memoryMiB[0]) {
      const last = await memoryMiB(server.pid);
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
  for (const story of storiesIn(entries)) {
    // A question whose call was canceled stays unanswered.
    if (!/^\w+: (?:asked|(?:asked )?(?:begun )?(?!asked|begun)\w+)$/.test(story)) {
      failures.push(`the record says: ${story}`);
    }
  }
  const seen = [...server.lines, server.stderr, text].join("\n");
  totals.searched += seen.length;
  for (const secret of world.secrets) {
    if (seen.includes(secret)) failures.push(`a secret is shown: ${secret.slice(0, 12)}…`);
  }
  if (/Uncaught|TypeError|RangeError|at file:\/\//.test(server.stderr)) {
    failures.push(`it crashed: ${server.stderr.slice(-1_000)}`);
  }
  findings.failures.push(...failures.map((what) => `server of ${team}: ${what}`));
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

/** Nothing is left. */
async function judgeDaemon(
  { daemon, trapped, hasTerminals }: World,
  failures: string[],
): Promise<void> {
  failures.push(...trapped.map((url) => `a redirect was followed to ${url}`));
  await daemon.idle();
  if (daemon.eventStreams > 0) failures.push(`${daemon.eventStreams} event streams are open`);
  if (!hasTerminals) return;
  for (
    const username of new Set(daemon.requests.map(({ path }) => /s\d-\d/.exec(path)?.[0] ?? ""))
  ) {
    const open = daemon.terminals(username);
    if (open > 0) failures.push(`${username} has ${open} open terminals`);
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
