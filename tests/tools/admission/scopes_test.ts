import { assertEquals, assertThrows } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import type { Demand } from "../../../tools/admission/demand.ts";
import { assertTeams, quotaExceeded } from "../../../tools/admission/refusals.ts";
import { anyTeam, distinct, isWithin, scopesOf, teamOf } from "../../../tools/admission/scopes.ts";
import { quotasEntry } from "../../../tools/policy/schema.ts";

const GB = 1_000 ** 3;
const quotas = quotasEntry.parse({
  users: { "*": { cpu: 4, memory: "8GB" }, alice: { containers: 2, disk: "10GB", snapshots: 3 } },
  teams: { dev: { cpu: 1.0005 } },
});

Deno.test("scopesOf() takes the limits of that user or team, else those for everyone", () => {
  const none = { containers: undefined, cpu: undefined, memory: undefined, disk: undefined };
  assertEquals(scopesOf({ username: "alice", team: "dev" }, quotas), [
    {
      kind: "user",
      name: "alice",
      limits: { ...none, containers: 2, disk: 10 * GB },
      snapshots: 3,
    },
    { kind: "team", name: "dev", limits: { ...none, cpu: 1_000 }, snapshots: undefined },
  ]);
  assertEquals(scopesOf({ username: "bob", team: "ops" }, quotas), [
    {
      kind: "user",
      name: "bob",
      limits: { ...none, cpu: 4_000, memory: 8 * GB },
      snapshots: undefined,
    },
  ]);
  for (const owner of [{ team: undefined }, { team: anyTeam }] as const) {
    const scopes = scopesOf({ username: "bob", ...owner }, quotas);
    assertEquals(scopes.map(({ kind }) => kind), ["user"]);
  }
  assertEquals(scopesOf({ username: "toString", team: "dev" }, quotasEntry.parse({})), []);
});

Deno.test("teamOf() goes by the label of the policy, and without it by what the policy says", () => {
  const grouped = quotasEntry.parse({
    "team_label": "group",
    "without_team": { team: "guests" },
    teams: {},
  });
  assertEquals(teamOf({ group: "dev", team: "x" }, grouped), "dev");
  for (const labels of [{}, { group: "" }, { team: "dev" }]) {
    assertEquals(teamOf(labels, grouped), "guests");
  }
  assertEquals(teamOf({}, quotas), undefined);
});

Deno.test("isWithin() and distinct() tell users from teams of the same name", () => {
  const none = { containers: undefined, cpu: undefined, memory: undefined, disk: undefined };
  const user = { kind: "user", name: "dev", limits: none } as const;
  const team = { ...user, kind: "team" } as const;
  assertEquals([user, team].map((scope) => isWithin({ username: "dev", team: "ops" }, scope)), [
    true,
    false,
  ]);
  assertEquals([user, team].map((scope) => isWithin({ username: "bob", team: "dev" }, scope)), [
    false,
    true,
  ]);
  assertEquals(isWithin({ username: "bob", team: anyTeam }, team), true);
  const other = { ...team, name: "ops" };
  assertEquals(distinct([user, team, other, user, other]), [user, team, other]);
});

Deno.test("assertTeams() refuses what would be in no team, where teams have quotas", () => {
  const demand = (username: string, more: Partial<Demand> = {}): Demand => ({
    kind: "create",
    username,
    labels: {},
    ...more,
  });
  const error = assertThrows(
    () =>
      assertTeams(
        [demand("ann"), demand("ben"), demand("cas", { labels: { team: "dev" } })],
        quotas,
      ),
    ContainariumError,
  );
  assertEquals([error.code, error.reason], ["invalid_argument", "team_required"]);
  assertEquals(
    error.message,
    "Teams have quotas, and ann, ben would belong to none. Nothing was sent; ask the user which " +
      "team it is for and set the label team: dev",
  );
  const relabel = [demand("ann", { kind: "relabel" })];
  assertThrows(() => assertTeams(relabel, quotas), ContainariumError, "ann would belong to none");
  assertTeams([demand("ann", { kind: "resize" })], quotas);
  assertTeams([demand("ann")], { ...quotas, without_team: "ignore" });
  assertTeams([demand("ann")], { ...quotas, teams: undefined });
});

Deno.test("quotaExceeded() lists what does not fit, and what counts though it was deleted", () => {
  const error = quotaExceeded(["team dev: cpu 7 of 8, needs 2 more", "user bob: snapshots"]);
  assertEquals([error.code, error.reason], ["resource_exhausted", "quota_exceeded"]);
  assertEquals(
    error.message,
    "The quota does not allow it: team dev: cpu 7 of 8, needs 2 more; user bob: snapshots. " +
      "Nothing was sent",
  );
  assertEquals(
    quotaExceeded(["x"], ["ann"]).message,
    "The quota does not allow it: x. What is deleted and can be recovered counts until it is " +
      "gone: ann. Nothing was sent",
  );
});
