/** Quotas against a model: whatever is asked, in whatever order, by whomever. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { ContainariumClient } from "../../../client/mod.ts";
import { getQuotas } from "../../../tools/quotas/get_quotas.ts";
import { clientOf } from "../../client/connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import type { Session } from "../../connect.ts";
import { connectWithPolicy } from "../../with_policy.ts";

const limit = 8;
const teams = ["dev", "ops"] as const;

/** What is asked for one container. */
type Ask =
  | {
    readonly kind: "create";
    readonly username: string;
    readonly team: string;
    readonly cpu: number;
  }
  | { readonly kind: "resize"; readonly username: string; readonly cpu: number }
  | { readonly kind: "move"; readonly username: string; readonly team: string }
  | { readonly kind: "delete"; readonly username: string };

/** A step: something that another client does, then what is asked of the server at one time. */
interface Step {
  readonly other: Ask | undefined;
  readonly ours: readonly Ask[];
}

const username = fc.constantFrom("ann", "ben", "cas", "dot", "eva", "fay");
const team = fc.constantFrom(...teams);
const cpu = fc.integer({ min: 1, max: 6 });
const ask: fc.Arbitrary<Ask> = fc.oneof(
  {
    arbitrary: fc.record({ kind: fc.constant("create" as const), username, team, cpu }),
    weight: 4,
  },
  { arbitrary: fc.record({ kind: fc.constant("resize" as const), username, cpu }), weight: 2 },
  { arbitrary: fc.record({ kind: fc.constant("move" as const), username, team }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant("delete" as const), username }), weight: 2 },
);
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    other: fc.option(ask, { nil: undefined, freq: 3 }),
    ours: fc.array(ask, { minLength: 1, maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 5 },
);

/** The CPUs of each team, as the daemon has it. */
async function sums(client: ContainariumClient): Promise<Readonly<Record<string, number>>> {
  const all = await client.containers.list();
  return Object.fromEntries(teams.map((team) => [
    team,
    all.filter(({ labels }) => labels.team === team)
      .reduce((sum, { cpu }) => sum + Number(cpu), 0),
  ]));
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
        return client.containers.settings.setLabels(username, { team: ask.team });
      case "delete":
        return client.containers.delete(username, { force: true });
    }
  };
  // It may be there already, or not at all: that is the other client's business.
  await work().catch(() => {});
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
    case "delete":
      return (await session.call("delete_container", { username, force: true })).text;
  }
}

Deno.test("the sums are always right and never overshot by this server", async () => {
  await using daemon = await startDaemon({ delays: { creatingMs: 5, provisioningMs: 5 } });
  await using host = await connectWithPolicy(daemon, {
    quotas: { teams: { dev: { cpu: limit }, ops: { cpu: limit } } },
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
        const before = await sums(other);
        const answers = await Promise.all(step.ours.map((ask) => doAsServer(session, ask)));
        const after = await sums(other);
        for (const team of teams) {
          const most = Math.max(limit, before[team] ?? 0);
          assert((after[team] ?? 0) <= most, `${team}: ${before[team]} → ${after[team]}`);
        }
        refusals += answers.filter((text) => text.startsWith("The quota")).length;
        assertJust(step.ours, answers, before);
        const { structuredContent } = await session.call("get_quotas");
        const { quotas } = getQuotas.output.parse(structuredContent);
        const told = quotas.map(({ name, cpu }) => [name, cpu?.used]);
        assertEquals(Object.fromEntries(told), after);
      }
    }),
    { numRuns: 25 },
  );
  assert(refusals > 0, "nothing was ever refused");
});

/** A refusal has its reason: what was there and what was asked of that team together is too much. */
function assertJust(
  ours: readonly Ask[],
  answers: readonly string[],
  before: Readonly<Record<string, number>>,
): void {
  const asked = ours.reduce((sum, ask) => sum + ("cpu" in ask ? ask.cpu : limit), 0);
  for (const text of answers.filter((text) => text.startsWith("The quota"))) {
    const [, team = ""] = /team (\w+): cpu/.exec(text) ?? [];
    assert((before[team] ?? 0) + asked > limit, `${text} with ${JSON.stringify(before)}`);
  }
}
