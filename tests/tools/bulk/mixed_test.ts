/**
 * Random mixtures of results, through the server process: each container is reported once, and correctly.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { allAtOnce } from "../../at_once.ts";
import { connect } from "../../connect.ts";
import {
  type ContainerSeed,
  type CreateFate,
  type Daemon,
  type Hold,
  startDaemon,
} from "../../daemon/mod.ts";
import { ask, type Asked, countsOf } from "./ask.ts";
import type { Row } from "../../../tools/bulk/bulk_answer.ts";

const running = "CONTAINER_STATE_RUNNING";
const stopped = "CONTAINER_STATE_STOPPED";

/** What happens to one container. */
const fates = [
  "fine",
  "fine",
  "already",
  "missing",
  "refused",
  "lost_before",
  "lost_after",
  "slow",
] as const;

type Fate = typeof fates[number];

/** What a row may say then. */
const allowed: Readonly<Record<Fate, readonly Row["result"][]>> = {
  fine: ["done"],
  already: ["skipped"],
  missing: ["failed", "skipped"],
  refused: ["failed"],
  "lost_before": ["unknown"],
  "lost_after": ["unknown"],
  slow: ["unknown"],
};

/** Other possible results, if slow containers delay past the result. */
const interrupted: readonly Row["result"][] = ["cancelled", "unknown"];

/** A tool that changes containers. */
interface Kind {
  readonly tool: string;
  readonly method: string;
  /** The end of the path of its request. */
  readonly suffix: string;
  /** A container that it changes. */
  readonly seed: Partial<ContainerSeed>;
  /** A container that it need not change. */
  readonly already: Partial<ContainerSeed>;
  /** The state before, and when it is done. */
  readonly states: readonly [string, string | undefined];
}

const kinds: readonly Kind[] = [
  {
    tool: "start_containers",
    method: "POST",
    suffix: "/start",
    seed: { state: stopped },
    already: { state: running },
    states: [stopped, running],
  },
  {
    tool: "stop_containers",
    method: "POST",
    suffix: "/stop",
    seed: { state: running },
    already: { state: stopped },
    states: [running, stopped],
  },
  {
    tool: "delete_containers",
    method: "DELETE",
    suffix: "",
    seed: { state: running },
    already: { protected: true },
    states: [running, undefined],
  },
];

/** Number of concurrent runs, each with its own daemon: they mostly wait. */
function several<T>(one: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> {
  return fc.array(one, { minLength: 5, maxLength: 5 });
}

for (const kind of kinds) {
  Deno.test(`${kind.tool} reports a random mixture of results correctly`, async () => {
    await fc.assert(
      fc.asyncProperty(
        several(fc.array(fc.constantFrom(...fates), { minLength: 1, maxLength: 10 })),
        async (mixtures) => {
          await allAtOnce(mixtures, (fates) => tryMixture(kind, fates));
        },
      ),
      { numRuns: 1 },
    );
  });
}

async function tryMixture(kind: Kind, fates: readonly Fate[]): Promise<void> {
  const usernames = fates.map((_, at) => `u${at}`);
  const containers = fates.flatMap((fate, at) =>
    fate === "missing"
      ? []
      : [{ username: `u${at}`, ...(fate === "already" ? kind.already : kind.seed) }]
  );
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon);
  const holds = fates.flatMap((fate, at) => prepare(fate, `u${at}`, kind, daemon));
  const waitSeconds = holds.length > 0 ? 1 : 30;
  const answer = await ask(server, kind.tool, { usernames, wait_seconds: waitSeconds });
  checkSums(answer, usernames);
  for (const [at, row] of answer.containers.entries()) {
    const fate = fates[at] ?? "fine";
    const context = JSON.stringify({ fates, row });
    const results = [...allowed[fate], ...(holds.length > 0 ? interrupted : [])];
    assert(results.includes(row.result), context);
    const path = `/v1/containers/${row.username}${kind.suffix}`;
    const sent = daemon.count(kind.method, path);
    assert(sent <= 1, `sent twice: ${context}`);
    if (row.result === "cancelled") assertEquals(sent, 0, context);
    const [before, after] = kind.states;
    if (row.result === "done") assertEquals(daemon.state(row.username), after, context);
    if (fate === "refused") assertEquals(daemon.state(row.username), before, context);
  }
  for (const hold of holds) hold.release();
}

/** Makes the daemon do that to a container. */
function prepare(
  fate: Fate,
  username: string,
  { method, suffix }: Kind,
  daemon: Daemon,
): readonly Hold[] {
  const path = `/v1/containers/${username}${suffix}`;
  switch (fate) {
    case "refused":
      daemon.inject({
        kind: "answer",
        method,
        path,
        status: 500,
        body: '{"code":2,"message":"failed: the pool is read-only","details":[]}',
      });
      return [];
    case "lost_before":
      daemon.dropNext(method, "before-read", path);
      return [];
    case "lost_after":
      daemon.dropNext(method, "after-read", path);
      return [];
    case "slow":
      return [daemon.hold(method, path)];
    case "fine":
    case "already":
    case "missing":
      return [];
  }
}

function checkSums({ containers, totals }: Asked, usernames: readonly string[]): void {
  assertEquals(containers.map(({ username }) => username), usernames, "each once, in order");
  assertEquals(totals, countsOf(containers));
}

/** What happens to one creation, and the expected row. */
const creations = {
  fine: "done",
  there: "skipped",
  "fails_at_once": "failed",
  "fails_late": "failed",
  slow: "unknown",
} as const satisfies Readonly<Record<string, Row["result"]>>;

const creationFates = ["fine", "fine", "there", "fails_at_once", "fails_late", "slow"] as const;

type CreationFate = typeof creationFates[number];

Deno.test("create_containers reports a random mixture of results correctly", async () => {
  const mixture = fc.record({
    fates: fc.array(fc.constantFrom(...creationFates), { minLength: 1, maxLength: 8 }),
    lost: fc.nat(1),
  });
  await fc.assert(
    fc.asyncProperty(several(mixture), async (mixtures) => {
      await allAtOnce(mixtures, ({ fates, lost }) => tryCreations(fates, lost));
    }),
    { numRuns: 1 },
  );
});

async function tryCreations(fates: readonly CreationFate[], lost: number): Promise<void> {
  const usernames = fates.map((_, at) => `u${at}`);
  const seeds = usernames.filter((_, at) => fates[at] === "there");
  await using daemon = await startDaemon({
    containers: seeds.map((username) => ({ username })),
    creates: Object.fromEntries(
      fates.flatMap((fate, at) => createFate(fate).map((request) => [`u${at}`, request])),
    ),
  });
  await using server = await connect(daemon);
  // After a lost response the container is looked for, and found.
  for (let n = 0; n < lost; n++) daemon.dropNext("POST", "after-read", "/v1/containers");
  const hasSlow = fates.includes("slow");
  const answer = await ask(server, "create_containers", {
    usernames,
    wait_seconds: hasSlow ? 2 : 60,
  });
  checkSums(answer, usernames);
  const sentFor = daemon.requests.filter(({ method }) => method === "POST")
    .map(({ body }): string => JSON.parse(body).username);
  assertEquals(new Set(sentFor).size, sentFor.length, "nothing is created twice");
  for (const [at, { username, result }] of answer.containers.entries()) {
    const state = daemon.state(username);
    const context = JSON.stringify({ fates, lost, username, result, state });
    const results = [creations[fates[at] ?? "fine"], ...(hasSlow ? interrupted : [])];
    assert(results.includes(result), context);
    if (result === "done") assertEquals(state, running, context);
    if (result === "failed") assertEquals(state, "CONTAINER_STATE_ERROR", context);
    if (result === "cancelled" || result === "skipped") {
      assert(!sentFor.includes(username), context);
    }
  }
}

/** Makes the daemon do that. */
function createFate(fate: CreationFate): readonly CreateFate[] {
  switch (fate) {
    case "fails_at_once":
      return [{ kind: "fails", phase: "creating" }];
    case "fails_late":
      return [{ kind: "fails", phase: "provisioning" }];
    case "slow":
      return [{ kind: "slow", ms: 600_000 }];
    case "fine":
    case "there":
      return [];
  }
}
