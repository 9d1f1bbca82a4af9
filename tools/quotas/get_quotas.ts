import { z } from "zod";
import { visible } from "../../client/internal.ts";
import { formatTable } from "../text/format.ts";
import { defineTool } from "../tool.ts";
import { unlessEmpty } from "../lean.ts";
import { username } from "../schemas.ts";
import type { Quotas } from "../policy/mod.ts";
import {
  formatUnits,
  inUnits,
  type LimitedResource,
  limitedResources,
} from "../admission/amounts.ts";
import { distinct, type QuotaScope, scopesOf } from "../admission/scopes.ts";
import { SnapshotCounts } from "../admission/snapshot_quota.ts";
import { sumsOf, type Usage } from "../admission/sums.ts";

const use = z.strictObject({
  used: z.number().describe("In use or promised now"),
  limit: z.number().describe("Limit"),
  unknown: z.array(z.string()).optional()
    .describe("Usernames whose share is unknown, and not counted; absent: none"),
});

const scope = z.strictObject({
  kind: z.enum(["user", "team"]).describe("Owner"),
  name: z.string().describe("Username, or value of the team's label"),
  containers: use.optional().describe("Containers"),
  cpu: use.optional().describe("CPUs"),
  memory_bytes: use.optional().describe("Memory limits, bytes"),
  disk_bytes: use.optional().describe("Disk limits, bytes"),
  snapshots: use.optional().describe("Snapshots"),
});

type Use = z.output<typeof use>;
type ScopeAnswer = z.output<typeof scope>;

/** Shows what users and teams use and may use; `GET /v1/containers` and the policy file. */
export const getQuotas = defineTool({
  name: "get_quotas",
  title: "Get quotas",
  description: "Show the quotas of users and teams: how much they use and how much they may use. " +
    "They limit only calls through this server.",
  effect: "read",
  idempotent: true,
  scopes: ["containers:read"],
  input: z.strictObject({
    username: username.optional().describe("Only what applies to this user"),
  }),
  output: z.strictObject({
    quotas: z.array(scope).describe("Users and teams with limits; empty: there are no quotas"),
    team_label: z.string().optional().describe("The label that names the team"),
    sees_all: z.boolean().optional().describe(
      "False: only the token's own containers are counted; absent: true",
    ),
  }),

  run: async ({ username }, { client, policy, quotas: guard, signal }) => {
    const { quotas } = await policy();
    const seesAll = (await client.tokenClaims())?.roles.includes("admin") ?? true;
    if (quotas === undefined) return { quotas: [], sees_all: seesAll ? undefined : false };
    const usages = await guard.usages(client, quotas, { signal });
    const scopes = allScopes(quotas, usages, username).filter((scope) =>
      username === undefined || holdsFor(scope, username, usages)
    );
    const counts = new SnapshotCounts(client, signal);
    const answers: ScopeAnswer[] = [];
    for (const scope of scopes) {
      const snapshots = await snapshotUse(scope, usages, counts);
      answers.push({ ...answerOf(scope, usages), snapshots });
    }
    return {
      quotas: answers,
      team_label: visible(quotas.team_label),
      sees_all: seesAll ? undefined : false,
    };
  },

  render: ({ quotas, team_label: teamLabel, sees_all: seesAll = true }) => {
    if (teamLabel === undefined) return "There are no quotas.";
    if (quotas.length === 0) return "There are quotas, but none applies here.";
    const rows = quotas.map((quota) => [
      `${quota.kind} ${quota.name}`,
      useText("containers", quota.containers),
      useText("cpu", quota.cpu),
      useText("memory", quota.memory_bytes),
      useText("disk", quota.disk_bytes),
      useText("snapshots", quota.snapshots),
    ]);
    const table = formatTable(["whose", ...limitedResources, "snapshots"], rows);
    return seesAll ? table : `${table}\nCounted: only the token's own containers.`;
  },
});

function useText(resource: LimitedResource | "snapshots", use: Use | undefined): string {
  if (use === undefined) return "";
  const { used, limit, unknown = [] } = use;
  const plus = unknown.length === 0 ? "" : ` + ? (${unknown.join(", ")})`;
  return `${formatUnits(resource, used)}${plus} of ${formatUnits(resource, limit)}`;
}

/** Returns the scopes that the policy names, that of `asked`, and those under `*` that use something. */
function allScopes(
  quotas: Quotas,
  usages: readonly Usage[],
  asked: string | undefined,
): readonly QuotaScope[] {
  const named = [
    ...Object.keys(quotas.users ?? {}).map((username) => ({ username, team: undefined })),
    ...Object.keys(quotas.teams ?? {}).map((team) => ({ username: "", team })),
  ].filter(({ username, team }) => username !== "*" && team !== "*");
  const all = [
    ...named.flatMap((owner) => scopesOf(owner, quotas).filter(({ name }) => name !== "")),
    ...usages.flatMap((usage) => scopesOf(usage, quotas)),
    ...(asked === undefined ? [] : scopesOf({ username: asked, team: undefined }, quotas)),
  ];
  return distinct(all);
}

function holdsFor({ kind, name }: QuotaScope, username: string, usages: readonly Usage[]): boolean {
  return kind === "user"
    ? name === username
    : usages.some((usage) => usage.username === username && usage.team === name);
}

async function snapshotUse(
  scope: QuotaScope,
  usages: readonly Usage[],
  counts: SnapshotCounts,
): Promise<Use | undefined> {
  const { snapshots: limit } = scope;
  if (limit === undefined) return undefined;
  return { used: await counts.in(scope, usages), limit };
}

function answerOf(scope: QuotaScope, usages: readonly Usage[]): ScopeAnswer {
  const sums = sumsOf(scope, usages);
  const useOf = (resource: LimitedResource) => {
    const limit = scope.limits[resource];
    if (limit === undefined) return undefined;
    const { used, unknown } = sums[resource];
    return {
      used: inUnits(resource, used),
      limit: inUnits(resource, limit),
      unknown: unlessEmpty(unknown.map(visible)),
    };
  };
  return {
    kind: scope.kind,
    name: visible(scope.name),
    containers: useOf("containers"),
    cpu: useOf("cpu"),
    memory_bytes: useOf("memory"),
    disk_bytes: useOf("disk"),
  };
}
