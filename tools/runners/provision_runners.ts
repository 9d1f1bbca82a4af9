import { newUsernameProblem, oneLine } from "../../client/internal.ts";
import { z } from "zod";
import { ContainariumError, type Container, type GitHubRunner } from "../../client/mod.ts";
import { bulkAnswer, factsOf, nothingWorked, renderBulk, type Row } from "../bulk/bulk_answer.ts";
import { execute } from "../bulk/execute.ts";
import { underWay, type WorkItem } from "../bulk/work_item.ts";
import {
  catalogFor,
  create,
  planCreation,
  type PlannedCreation,
} from "../creation/planned_creation.ts";
import { runPostCreate } from "../creation/post_create.ts";
import { resolveCreation } from "../creation/resolve.ts";
import { waitSeconds } from "../fields.ts";
import { once } from "../once.ts";
import { defineTool, type ToolContext } from "../tool.ts";
import type { Reservation } from "../admission/reservations.ts";
import { awaitOnline, installRunner } from "./install_runner.ts";
import type { RunnerIdentity } from "./install_script.ts";
import { MAX_RUNNERS, needGitHub, runnerLabel, target, targetOf } from "./runner_label.ts";

const input = z.strictObject({
  repo: target.describe("GitHub repository, owner/name, or organization"),
  count: z.int().min(1).max(MAX_RUNNERS).default(1).describe("How many"),
  prefix: z.string().default("ci-runner")
    .refine((prefix) => newUsernameProblem(`${prefix}-${MAX_RUNNERS}`) === undefined, {
      error: ({ input }) => newUsernameProblem(`${input}-${MAX_RUNNERS}`),
    })
    .describe("Containers: <prefix>-1, …"),
  labels: z.array(z.string().regex(/^[\w.-]{1,64}$/, "expected letters, digits, dots and dashes"))
    .refine(({ length }) => length <= 20, "at most 20 labels").optional()
    .describe("Besides self-hosted, containarium"),
  template: z.string().optional().describe("Template of the containers"),
  wait_seconds: waitSeconds.describe("It continues after that"),
});

/** Installs, and what is known already. */
interface Work {
  readonly identityOf: (name: string) => Promise<RunnerIdentity>;
  readonly token: () => Promise<string>;
  readonly known: ReadonlyMap<string, GitHubRunner>;
  readonly repo: string;
  readonly context: ToolContext;
}

/** Creates containers and makes them runners; `POST /v1/containers`, GitHub's API, a script as root. */
export const provisionRunners = defineTool({
  name: "provision_runners",
  title: "Provision runners",
  description:
    "Run CI jobs on our own machines: create containers with GitHub Actions self-hosted " +
    "runners. Takes minutes; call again to continue or repair.",
  effect: "write",
  idempotent: true,
  scopes: ["containers:read", "containers:write"],
  input,
  output: bulkAnswer,

  run: async (args, context) => {
    const { repo, count, prefix, wait_seconds: waitSeconds } = args;
    const { client, quotas, signal } = context;
    const github = needGitHub(context.github);
    // GitHub is asked first: without it, containers would be of no use.
    const [runners, downloads] = [
      await github.runners(repo, { signal }),
      await github.downloads(repo, { signal }),
    ];
    const work: Work = {
      known: new Map(runners.map((runner) => [runner.name, runner])),
      token: once(() => github.registrationToken(repo, { signal })),
      identityOf: (name) =>
        Promise.resolve({
          name,
          labels: ["containarium", ...args.labels ?? []],
          page: github.pageOf(repo),
          downloads,
        }),
      repo,
      context,
    };
    const names = Array.from({ length: count }, (_, at) => `${prefix}-${at + 1}`);
    const policy = await context.policy();
    const taken = await quotas.inTurn(client, policy.quotas, { signal }, async (turn) => {
      const listed = await turn.listed();
      const missing = names.filter((name) => !listed.some(({ username }) => username === name));
      refuseTooMany(listed, missing.length);
      const wanted = missing.map((username) => {
        const said = { template: args.template, labels: { [runnerLabel]: repo } };
        return resolveCreation(username, said, policy);
      });
      const catalog = await catalogFor(wanted, client, { signal });
      const plans = wanted.map((creation) => planCreation(creation, catalog));
      return { listed, plans, reservation: await turn.take(plans.map(({ demand }) => demand)) };
    });
    using reservation = taken.reservation;
    const steps = names.map((name): WorkItem => {
      const plan = taken.plans.find(({ creation }) => creation.username === name);
      if (plan !== undefined && work.known.get(name)?.isOnline === true) return elsewhere(name);
      if (plan !== undefined) return newStep(plan, reservation, work);
      return presentStep(taken.listed.find(({ username }) => username === name), name, work);
    });
    const options = { tool: "provision_runners", dryRun: false, waitSeconds };
    return await execute(steps, options, context);
  },

  render: renderBulk,
  failed: nothingWorked,
});

/** The vendor's server has the same maximum. */
function refuseTooMany(listed: readonly Container[], added: number): void {
  const there = listed.filter((container) => targetOf(container) !== undefined).length;
  if (there + added <= MAX_RUNNERS) return;
  throw new ContainariumError(
    "resource_exhausted",
    `There are ${there} runners, and ${added} more would be over the maximum of ${MAX_RUNNERS}. ` +
      "Nothing was created",
  );
}

const callAgain = "provision_runners with the same arguments continues";

/** GitHub gives a name to whoever registers last, and the other loses its registration. */
function elsewhere(username: string): WorkItem {
  const why = "GitHub has a runner of that name, which is online elsewhere";
  return {
    kind: "decided",
    row: { username, result: "failed", why, next: "choose another prefix" },
  };
}

function newStep(
  { creation, demand }: PlannedCreation,
  reservation: Reservation,
  work: Work,
): WorkItem {
  const { username, cpu, memory, disk } = demand;
  const { client, signal } = work.context;
  return {
    kind: "act",
    expected: { username, result: "planned", cpu, memory, disk },
    underWay: underWay(username, callAgain),
    act: async () => {
      const { ready, container } = await create(creation, reservation, client, { signal });
      if (ready) {
        const quiet = { ...work.context, progress: () => {} };
        const commands = await runPostCreate(username, creation.postCreate, quiet);
        if (commands.every(({ exit_code: code }) => code === 0)) {
          return await install(container, work);
        }
        const why = "commands of its template failed";
        return { ...factsOf(container), result: "failed", why, post_create: commands };
      }
      const why = `still ${container.state}`;
      return { ...factsOf(container), result: "unknown", why, next: callAgain };
    },
  };
}

function presentStep(container: Container | undefined, username: string, work: Work): WorkItem {
  if (container === undefined) {
    return { kind: "decided", row: { username, result: "unknown", why: "it is gone by now" } };
  }
  const facts = factsOf(container);
  const is = targetOf(container);
  if (is !== work.repo) {
    const why = is === undefined
      ? "a container of that name exists and is no runner"
      : `it is a runner of ${is}`;
    const row: Row = { ...facts, result: "failed", why, next: "choose another prefix" };
    return { kind: "decided", row };
  }
  if (work.known.get(username)?.isOnline === true) {
    return { kind: "decided", row: { ...facts, result: "skipped", why: "online already" } };
  }
  if (container.state !== "running") {
    const why = `it is ${container.state}`;
    return {
      kind: "decided",
      row: { ...facts, result: "skipped", why, next: "start_container, then call again" },
    };
  }
  return {
    kind: "act",
    expected: { ...facts, result: "planned" },
    underWay: underWay(username, callAgain),
    act: () => install(container, work),
  };
}

async function install(container: Container, work: Work): Promise<Row> {
  const { username } = container;
  const { context, repo } = work;
  await installRunner(username, await work.identityOf(username), await work.token(), context);
  const facts = factsOf(container);
  let runner: GitHubRunner | undefined;
  try {
    runner = await awaitOnline(needGitHub(context.github), repo, username, context);
  } catch (error) {
    if (!(error instanceof ContainariumError) || error.code === "cancelled") throw error;
    const why = `installed, and GitHub could not be asked: ${oneLine(error.message)}`;
    return { ...facts, result: "unknown", why, next: "list_runners" };
  }
  if (runner?.isOnline === true) return { ...facts, result: "done", why: `online, of ${repo}` };
  return {
    ...facts,
    result: "unknown",
    why: runner === undefined
      ? "installed, and GitHub does not show it yet"
      : "installed, and not connected to GitHub yet",
    next: "list_runners",
  };
}
