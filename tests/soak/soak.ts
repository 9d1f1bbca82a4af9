/**
 * The soak: several clients talk at random to servers of their own, all of one daemon in which things go
 * wrong. Every answer is held against the daemon, and every byte searched for secrets.
 *
 * @module
 */
import { type Findings, Lane } from "./lane.ts";
import { Random } from "./random.ts";
import { runServer, type Totals } from "./server_run.ts";
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
export interface SoakReport extends Readonly<Totals>, Omit<Findings, "failures"> {
  /** What was wrong, a text each. */
  readonly failures: readonly string[];
  /** Requests that the daemon read. */
  readonly requests: number;
  /** What went wrong, and how often: only what a request or a connection met. */
  readonly faults: ReadonlyMap<string, number>;
}

const LANES = 3;

/** Runs it. */
export async function soak(
  { seconds, seed, servers = 3, exitMs = 1000 }: SoakOptions,
): Promise<SoakReport> {
  const random = new Random(seed);
  const teams = Array.from({ length: servers }, (_, at) => `team${at}`);
  await using world = await World.start(teams);
  const findings: Findings = {
    calls: 0,
    canceled: 0,
    writes: new Map(),
    codes: new Map(),
    failures: [],
  };
  const totals: Totals = {
    servers: 0,
    sent: 0,
    slowestExitMs: 0,
    searched: 0,
    entries: 0,
    memoryMiB: [0, 0],
  };
  const until = performance.now() + seconds * 1000;
  await Promise.all([
    rotateTokens(world, until),
    ...teams.map(async (team, at) => {
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
          stays,
          isLast: ends === until,
          isLong: seconds >= 60,
          exitMs,
          findings,
          totals,
          draws,
        });
      }
    }),
  ]);
  await judgeDaemon(world, findings.failures);
  return { ...findings, ...totals, requests: world.requestsFrom(0).length, faults: world.faults };
}

const ROTATE_EVERY_MS = 2_000;

/** Replaces the token again and again. */
async function rotateTokens(world: World, until: number): Promise<void> {
  while (performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, ROTATE_EVERY_MS));
    await world.rotateToken();
  }
}

/** Nothing is left. */
async function judgeDaemon(world: World, failures: string[]): Promise<void> {
  const { daemon, trapped, hasTerminals } = world;
  failures.push(...trapped.map((url) => `a redirect was followed to ${url}`));
  await daemon.idle();
  if (daemon.eventStreams > 0) failures.push(`${daemon.eventStreams} event streams are open`);
  if (!hasTerminals) return;
  const paths = world.requestsFrom(0).map(({ path }) => /s\d-\d/.exec(path)?.[0] ?? "");
  for (const username of new Set(paths)) {
    const open = daemon.terminals(username);
    if (open > 0) failures.push(`${username} has ${open} open terminals`);
  }
}
