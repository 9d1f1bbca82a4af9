/** Quotas against a model: any requests, in any order, by any client. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type ContainariumClient, ContainariumError } from "../../../client/mod.ts";
import { getQuotas } from "../../../tools/quotas/get_quotas.ts";
import { allAtOnce } from "../../at_once.ts";
import { clientOf } from "../../client/connect.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import type { Session } from "../../connect.ts";
import { connectWithPolicy } from "../../with_policy.ts";

const limit = 8;
const snapshotLimit = 3;
const teams = ["dev", "ops"] as const;

/** Request for one container. */
type Ask =
  | {
    readonly kind: "create";
    readonly username: string;
    readonly team: string;
    readonly cpu: number;
  }
  | { readonly kind: "resize"; readonly username: string; readonly cpu: number }
  | { readonly kind: "move"; readonly username: string; readonly team: string }
  /** Sets the team's label and removes it in the same call. */
  | { readonly kind: "leave"; readonly username: string; readonly team: string }
  | { readonly kind: "snapshot"; readonly username: string; readonly name: string }
  | { readonly kind: "delete"; readonly username: string };

/** A step: something that another client does, then simultaneous requests to the server. */
interface Step {
  readonly other: Ask | undefined;
  readonly ours: readonly Ask[];
}

const usernames = ["ann", "ben", "cas", "dot", "eva", "fay"];
const username = fc.constantFrom(...usernames);
const team = fc.constantFrom(...teams);
const cpu = fc.integer({ min: 1, max: 6 });
const name = fc.constantFrom("a", "b", "c", "d");
const ask: fc.Arbitrary<Ask> = fc.oneof(
  {
    arbitrary: fc.record({ kind: fc.constant("create" as const), username, team, cpu }),
    weight: 4,
  },
  { arbitrary: fc.record({ kind: fc.constant("resize" as const), username, cpu }), weight: 2 },
  { arbitrary: fc.record({ kind: fc.constant("move" as const), username, team }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant("leave" as const), username, team }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant("snapshot" as const), username, name }), weight: 2 },
  { arbitrary: fc.record({ kind: fc.constant("delete" as const), username }), weight: 2 },
);
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    other: fc.option(ask, { nil: undefined, freq: 3 }),
    ours: fc.array(ask, { minLength: 1, maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 5 },
);

/** What a team has. */
interface Use {
  readonly cpu: number;
  readonly snapshots: number;
}

/** What each team uses, by the daemon's list. */
async function sums(
  client: ContainariumClient,
  daemon: Daemon,
): Promise<Readonly<Record<string, Use>>> {
  const all = await client.containers.list();
  return Object.fromEntries(teams.map((team) => {
    const own = all.filter(({ labels }) => labels.team === team);
    const snapshots = own.map(({ username }) => daemon.snapshots(username).length);
    return [team, {
      cpu: own.reduce((sum, { cpu }) => sum + Number(cpu), 0),
      snapshots: snapshots.reduce((sum, count) => sum + count, 0),
    }];
  }));
}

/**
 * Usernames of containers whose CPUs the daemon does not report. GET has none for a creation that is
 * going on or failed, though LIST may.
 */
async function withoutCpu(client: ContainariumClient, daemon: Daemon): Promise<readonly string[]> {
  const all = await client.containers.list();
  const unlisted = all.filter(({ cpu }) => cpu === undefined || cpu === "");
  return [...unlisted.map(({ username }) => username), ...usernames.filter(isCreation)];

  function isCreation(username: string): boolean {
    return /_(?:CREATING|PROVISIONING|ERROR)$/.test(daemon.state(username) ?? "");
  }
}

function isCreated(username: string, ours: readonly Ask[]): boolean {
  return ours.some((ask) => ask.kind === "create" && ask.username === username);
}

async function doAsOther(client: ContainariumClient, ask: Ask): Promise<void> {
  const { username } = ask;
  const work = () => {
    switch (ask.kind) {
      case "create":
        return client.containers.create({
          username,
          cpu: String(ask.cpu),
          labels: { team: ask.team },
        });
      case "resize":
        return client.containers.resize(username, { cpu: String(ask.cpu) });
      case "move":
        return client.containers.setLabels(username, { team: ask.team });
      case "leave":
        return client.containers.removeLabel(username, "team");
      case "snapshot":
        return client.snapshots.create(username, { name: ask.name });
      case "delete":
        return client.containers.delete(username, { force: true });
    }
  };
  // It may exist already, or not at all: both are fine for the other client.
  await work().catch((error) => {
    if (!(error instanceof ContainariumError)) throw error;
    assert(["not_found", "conflict"].includes(error.code), error.message);
  });
}

async function doAsServer(session: Session, ask: Ask): Promise<string> {
  const { username } = ask;
  switch (ask.kind) {
    case "create": {
      const args = { username, cpu: String(ask.cpu), labels: { team: ask.team } };
      return (await session.call("create_container", args)).text;
    }
    case "resize":
      return (await session.call("resize_container", { username, cpu: String(ask.cpu) })).text;
    case "move":
      return (await session.call("update_container", { username, labels: { team: ask.team } }))
        .text;
    case "leave": {
      const args = { username, labels: { team: ask.team }, "remove_labels": ["team"] };
      return (await session.call("update_container", args)).text;
    }
    case "snapshot":
      return (await session.call("create_snapshot", { username, name: ask.name })).text;
    case "delete":
      return (await session.call("delete_container", { username, force: true })).text;
  }
}

Deno.test("QuotaGuard always sums correctly, and never exceeds a quota", async () => {
  // They wait most of the time.
  const refusals = await allAtOnce(Array.from({ length: 5 }), () => countRefusals(5));
  assert(refusals.some((count) => count > 0), "nothing was ever refused");
});

/** Compares random runs with the model, and counts how often the server refused. */
async function countRefusals(numRuns: number): Promise<number> {
  await using daemon = await startDaemon({
    delays: { creatingMs: 5, provisioningMs: 5 },
    zfs: true,
  });
  const most = { cpu: limit, snapshots: snapshotLimit };
  await using host = await connectWithPolicy(daemon, {
    quotas: { teams: { dev: most, ops: most }, "without_team": "ignore" },
  });
  using other = await clientOf(daemon);
  const { session } = host;
  let refusals = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      for (const { username } of await other.containers.list()) {
        await other.containers.delete(username, { force: true });
      }
      for (const step of steps) {
        if (step.other !== undefined) await doAsOther(other, step.other);
        const before = await sums(other, daemon);
        const uncounted = await withoutCpu(other, daemon);
        const answers = await Promise.all(step.ours.map((ask) => doAsServer(session, ask)));
        const after = await sums(other, daemon);
        for (const team of teams) {
          for (const kind of ["cpu", "snapshots"] as const) {
            const [was = 0, is = 0] = [before[team]?.[kind], after[team]?.[kind]];
            assert(is <= Math.max(most[kind], was), `${team}: ${kind} ${was} → ${is}`);
          }
        }
        refusals += answers.filter((text) => text.startsWith("The quota")).length;
        assertJust(step.ours, answers, before, uncounted);
        const { structuredContent } = await session.call("get_quotas");
        const { quotas } = getQuotas.output.parse(structuredContent);
        const told = quotas.map(({ name, cpu, snapshots }) => [
          name,
          { cpu: cpu?.used, snapshots: snapshots?.used },
        ]);
        assertEquals(Object.fromEntries(told), after);
      }
    }),
    { numRuns },
  );
  return refusals;
}

/** A refusal is justified: existing and requested amounts together exceed the quota of that team. */
function assertJust(
  ours: readonly Ask[],
  answers: readonly string[],
  before: Readonly<Record<string, Use>>,
  uncounted: readonly string[],
): void {
  const asked = ours.reduce((sum, ask) => sum + ("cpu" in ask ? ask.cpu : limit), 0);
  // A change of team includes the container's snapshots, of which there may be any number.
  const isMoved = ours.some(({ kind }) => kind === "move");
  const taken = isMoved ? Infinity : ours.filter(({ kind }) => kind === "snapshot").length;
  for (const text of answers.filter((text) => text.startsWith("The quota"))) {
    const [, unknown] = /cpu of (\w+) cannot be counted/.exec(text) ?? [];
    if (unknown !== undefined) {
      assert(uncounted.includes(unknown) || isCreated(unknown, ours), text);
      continue;
    }
    const [, team = "", kind] = /team (\w+): (cpu|snapshots)/.exec(text) ?? [];
    const { cpu = 0, snapshots = 0 } = before[team] ?? {};
    const isTooMuch = kind === "cpu" ? cpu + asked > limit : snapshots + taken > snapshotLimit;
    assert(isTooMuch, `${text} with ${JSON.stringify(before)}`);
  }
}
