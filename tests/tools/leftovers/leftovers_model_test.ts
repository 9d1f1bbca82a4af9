/** Deletions while another client adds, changes and removes what the daemon keeps, against a model. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { createContainer } from "../../../tools/containers/create_container.ts";
import { deleteContainer } from "../../../tools/containers/delete_container.ts";
import { clientOf } from "../../client/connect.ts";
import { keepCollaborator, keepPolicy, keepSecret, sendRaw } from "../../client/leftovers/keep.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";

/** What another client does to what is kept for alice. */
type Step =
  | { readonly what: "port"; readonly port: number; readonly target: number }
  | { readonly what: "collaborator"; readonly name: string }
  | { readonly what: "policy"; readonly cidr: string }
  | { readonly what: "secret"; readonly name: string }
  | { readonly what: "remove"; readonly of: "port" | "collaborator" | "policy" | "secret" };

const port = 15_001;
const name = "amy";
const secret = "API_KEY";

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({
      what: fc.constant("port" as const),
      port: fc.constantFrom(port, 15_002),
      target: fc.constantFrom(80, 81),
    }),
    fc.record({ what: fc.constant("collaborator" as const), name: fc.constantFrom(name, "ben") }),
    fc.record({
      what: fc.constant("policy" as const),
      cidr: fc.constantFrom("10.0.0.0/8", "192.0.2.0/24"),
    }),
    fc.record({
      what: fc.constant("secret" as const),
      name: fc.constantFrom(secret, "DB_URL"),
    }),
    fc.record({
      what: fc.constant("remove" as const),
      of: fc.constantFrom(
        "port" as const,
        "collaborator" as const,
        "policy" as const,
        "secret" as const,
      ),
    }),
  ),
  { maxLength: 5 },
);

/** What is kept, by its name in answers; the value changes when it does. */
type Kept = Map<string, string>;

async function apply(daemon: Daemon, kept: Kept, step: Step, turn: number): Promise<void> {
  switch (step.what) {
    case "port": {
      await sendRaw(daemon, "POST", "/network/passthrough", {
        externalPort: step.port,
        targetIp: "10.77.0.5",
        targetPort: step.target,
        containerName: "alice-container",
      });
      kept.set(`port of the host tcp ${step.port}`, `${step.target}`);
      return;
    }
    case "collaborator": {
      await keepCollaborator(daemon, "alice", step.name);
      const key = `collaborator ${step.name}`;
      if (!kept.has(key)) kept.set(key, `${turn}`);
      return;
    }
    case "policy":
      await keepPolicy(daemon, "alice", [step.cidr]);
      kept.set("network policy", step.cidr);
      return;
    case "secret":
      // Each value is a new version.
      await keepSecret(daemon, "alice", step.name);
      kept.set(`secret ${step.name}`, `${turn}`);
      return;
    case "remove":
      return await remove(daemon, kept, step.of);
  }
}

async function remove(
  daemon: Daemon,
  kept: Kept,
  of: "port" | "collaborator" | "policy" | "secret",
): Promise<void> {
  switch (of) {
    case "port":
      await sendRaw(daemon, "DELETE", `/network/passthrough/${port}?protocol=ROUTE_PROTOCOL_TCP`);
      kept.delete(`port of the host tcp ${port}`);
      return;
    case "collaborator":
      await sendRaw(daemon, "DELETE", `/containers/alice/collaborators/${name}`);
      kept.delete(`collaborator ${name}`);
      return;
    case "secret":
      await sendRaw(daemon, "DELETE", `/secrets/alice/${secret}`);
      kept.delete(`secret ${secret}`);
      return;
    case "policy":
      await sendRaw(daemon, "DELETE", "/network-policies/alice");
      kept.delete("network policy");
      return;
  }
}

Deno.test("delete_container removes exactly what was agreed to and is unchanged, whatever others do meanwhile", async () => {
  await fc.assert(
    fc.asyncProperty(steps, steps, fc.boolean(), async (before, between, isDeclined) => {
      const containers = [{ username: "alice", ipAddress: "10.77.0.5" }, { username: "bob" }];
      await using daemon = await startDaemon({ containers });
      using client = await clientOf(daemon);
      await keepPolicy(daemon, "bob");
      await keepCollaborator(daemon, "bob");
      const kept: Kept = new Map();
      for (const [turn, step] of before.entries()) await apply(daemon, kept, step, turn);
      const agreed = new Map(kept);
      const context = contextOf(client);
      const change = async () => {
        for (const [turn, step] of between.entries()) {
          await apply(daemon, kept, step, before.length + turn);
        }
      };
      if (isDeclined) {
        await deleteContainer.consent?.(
          { username: "alice", force: false, keep_leftovers: false, permanently: false },
          context,
        );
        await change();
      } else {
        const { answer } = await changedBetween(
          deleteContainer,
          { username: "alice" },
          context,
          change,
        );
        const lost = [...kept].filter(([key, value]) => agreed.get(key) === value).map(([key]) =>
          key
        );
        assertEquals(answer?.also_removed?.toSorted() ?? [], lost.sort());
        for (const key of lost) kept.delete(key);
        const remaining = answer?.remaining?.map(({ what }) => what) ?? [];
        assertEquals(remaining.toSorted(), [...kept.keys()].sort());
      }
      const { leftovers } = await client.leftovers.list({ username: "alice" }, {
        kinds: ["secret", "collaborator", "port", "network_policy"],
      });
      assertEquals(leftovers.length, kept.size);
      assertEquals((await client.leftovers.list({ username: "bob" })).leftovers.length, 2);
      if (isDeclined) return;
      const again = createContainer.input.parse({ username: "alice" });
      const { warnings = [] } = await createContainer.run(again, context);
      const isWarned = warnings.some((warning) => warning.includes("already kept under this name"));
      assertEquals(isWarned, kept.size > 0);
    }),
    { numRuns: 40 },
  );
});
