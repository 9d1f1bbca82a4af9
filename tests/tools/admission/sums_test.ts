import { assertEquals } from "@std/assert";
import { amountsOf } from "../../../tools/admission/amounts.ts";
import { breachesOf } from "../../../tools/admission/breaches.ts";
import { anyTeam, type QuotaScope } from "../../../tools/admission/scopes.ts";
import { sumsOf, type Usage } from "../../../tools/admission/sums.ts";

const dev: QuotaScope = {
  kind: "team",
  name: "dev",
  limits: { containers: 3, cpu: 8_000, memory: 4_000_000_000, disk: undefined },
};
const alice: QuotaScope = { ...dev, kind: "user", name: "alice" };

function usage(
  username: string,
  cpu: string,
  { source = "listed", team = "dev", memory = "1GB" }: {
    readonly source?: Usage["source"];
    readonly team?: Usage["team"];
    readonly memory?: string;
  } = {},
): Usage {
  return { source, username, team, amounts: amountsOf({ cpu, memory, disk: "10GB" }) };
}

const asked = { source: "asked" } as const;

Deno.test("sumsOf() adds up what is within the scope", () => {
  const usages = [usage("alice", "1"), usage("bob", "2"), usage("eve", "4", { team: "ops" })];
  const { containers, cpu, memory, disk } = sumsOf(dev, usages);
  assertEquals([containers.used, cpu.used], [2, 3_000]);
  assertEquals([memory.used, disk.used], [2_000_000_000, 20_000_000_000]);
  assertEquals([containers, cpu, memory, disk].map(({ unknown }) => unknown), [[], [], [], []]);
  assertEquals(sumsOf(alice, usages).cpu.used, 1_000);
});

Deno.test("sumsOf() counts the larger version of a container that is about to change", () => {
  for (const [now, then] of [["1", "4"], ["4", "1"]] as const) {
    const { containers, cpu } = sumsOf(dev, [usage("alice", now), usage("alice", then, asked)]);
    assertEquals([containers.used, cpu.used], [1, 4_000]);
  }
  assertEquals(
    sumsOf(dev, [usage("alice", "", asked), usage("alice", "2", asked)]).cpu,
    { used: 2_000, unknown: [] },
  );
});

Deno.test("sumsOf() adds containers of one user on several hosts, and how much one of them may grow", () => {
  const listed = [usage("alice", "1"), usage("alice", "3")];
  assertEquals(sumsOf(dev, listed).cpu, { used: 4_000, unknown: [] });
  // At worst the one with 1 CPU gets 4.
  assertEquals(sumsOf(dev, [...listed, usage("alice", "4", asked)]).cpu.used, 7_000);
  assertEquals(sumsOf(dev, [...listed, usage("alice", "0.5", asked)]).cpu.used, 4_000);
  const halfKnown = [...listed, usage("alice", "50%")];
  assertEquals(sumsOf(dev, halfKnown).cpu, { used: 0, unknown: ["alice"] });
});

Deno.test("sumsOf() does not guess the amounts of a container that may be of any team", () => {
  const usages = [usage("alice", "1", { team: anyTeam }), usage("bob", "2")];
  const { containers, cpu } = sumsOf(dev, usages);
  assertEquals(cpu, { used: 2_000, unknown: ["alice"] });
  assertEquals(containers, { used: 1, unknown: ["alice"] });
  assertEquals(sumsOf(alice, usages).cpu, { used: 1_000, unknown: [] });
});

Deno.test("breachesOf() names each resource that does not fit, with the sums", () => {
  const before = [usage("alice", "4"), usage("bob", "3")];
  const breaches = (...more: readonly Usage[]) => breachesOf(dev, before, more);
  assertEquals(breaches(usage("carol", "1", asked)), []);
  assertEquals(breaches(usage("carol", "1.5", asked)), [
    "team dev: cpu 7 of 8, needs 1.5 more",
  ]);
  assertEquals(breaches(usage("carol", "2", { ...asked, memory: "3GB" })), [
    "team dev: cpu 7 of 8, needs 2 more",
    "team dev: memory 2.0 GB of 4.0 GB, needs 3.0 GB more",
  ]);
  assertEquals(
    breaches(...["carol", "dave"].map((name) => usage(name, "0.1", asked)))[0],
    "team dev: containers 2 of 3, needs 2 more",
  );
  assertEquals(breaches(usage("eve", "9", { ...asked, team: "ops" })), []);
});

Deno.test("breachesOf() accepts what does not grow, even where the limit is exceeded already", () => {
  const before = [usage("alice", "12"), usage("bob", "1")];
  assertEquals(breachesOf(dev, before, [usage("alice", "9", asked)]), []);
  assertEquals(breachesOf(dev, before, [usage("bob", "1", asked)]), []);
  assertEquals(breachesOf(dev, before, [usage("bob", "2", asked)]), [
    "team dev: cpu 13 of 8, needs 1 more",
  ]);
});

Deno.test("breachesOf() refuses to add to a sum that is not known, and names what is missing", () => {
  const before = [usage("alice", "50%"), usage("bob", "1")];
  const [breach = "", ...others] = breachesOf(dev, before, [usage("carol", "1", asked)]);
  assertEquals(others, []);
  assertEquals(
    breach.split(":")[1],
    " cpu 1 of 8, needs 1 more, and the amount of alice is unknown",
  );
});

Deno.test("breachesOf() refuses an amount that cannot be counted, and says how to give one", () => {
  const breaches = (isRelabel: boolean) =>
    breachesOf(dev, [], [usage("carol", "50%", { ...asked, memory: "" })], isRelabel);
  assertEquals(breaches(false), [
    "team dev: cpu of carol cannot be counted; pass an amount, such as 2",
    "team dev: memory of carol cannot be counted; pass an amount, such as 4GB",
  ]);
  assertEquals(breaches(true), [
    "team dev: cpu of carol cannot be counted; set one with resize_container first, such as 2, " +
    "or delete what failed to be created",
    "team dev: memory of carol cannot be counted; set one with resize_container first, such as " +
    "4GB, or delete what failed to be created",
  ]);
  // What was not countable before is no news.
  const share = usage("carol", "50%");
  assertEquals(breachesOf(dev, [share], [{ ...share, ...asked }]), []);
});
