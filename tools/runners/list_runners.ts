import { visible } from "../../client/internal.ts";
import { z } from "zod";
import type { Container, GitHubRunner } from "../../client/mod.ts";
import { unlessEmpty } from "../lean.ts";
import { containerStates } from "../schemas.ts";
import { formatTable } from "../text/format.ts";
import { defineTool, type ToolContext } from "../tool.ts";
import { MAX_RUNNERS, needGitHub, target, targetOf } from "./runner_label.ts";
import { readOr } from "../read_or.ts";

const atGitHub = z.enum(["online", "busy", "offline", "absent", "unknown"]);

/** Lists containers that are runners, and what GitHub says of them. */
export const listRunners = defineTool({
  name: "list_runners",
  title: "List runners",
  description: "List the CI runners in containers, with their state at GitHub.",
  effect: "read",
  idempotent: true,
  scopes: ["containers:read"],
  input: z.strictObject({ repo: target.optional().describe("Only this one's; default: all") }),
  output: z.strictObject({
    runners: z.array(z.strictObject({
      username: z.string().describe("Owner of the container, and name of the runner"),
      repo: z.string().describe("Repository or organization of GitHub"),
      state: z.enum(containerStates).describe("State of the container"),
      github: atGitHub.describe(
        "State at GitHub; absent: not registered; unknown: GitHub was not, or could not be, asked",
      ),
    })).optional().describe("Absent: none"),
    elsewhere: z.number().optional()
      .describe("Runners of these repositories that are in no container here; absent: none"),
    notes: z.array(z.string()).optional().describe("Why something is unknown, and what to do"),
  }),

  run: async ({ repo }, context) => {
    const { client, signal } = context;
    const listed = (await client.containers.list({ signal })).filter((container) => {
      const is = targetOf(container);
      return is !== undefined && (repo === undefined || is === repo);
    });
    const repos = [...new Set([...listed.flatMap((one) => targetOf(one) ?? []), repo ?? ""])]
      .filter((name) => name !== "");
    const known = new Map<string, readonly GitHubRunner[]>();
    const notes = new Set<string>();
    // Anyone who reaches a released daemon can label a container.
    for (const name of repos.slice(0, MAX_RUNNERS)) {
      const runners = await ask(name, context);
      if (typeof runners === "string") notes.add(runners);
      else known.set(name, runners);
    }
    if (repos.length > MAX_RUNNERS) {
      notes.add(
        `GitHub was asked about ${MAX_RUNNERS} of ${repos.length} repositories: pass repo.`,
      );
    }
    const rows = listed.map((container) => rowOf(container, known));
    const names = new Set(listed.map(({ username }) => username));
    const others = [...known.values()].flat().filter(({ name }) => !names.has(name));
    if (rows.some(({ github, state }) => github === "absent" && state === "running")) {
      notes.add(
        "What is absent at GitHub: provision_runners with the same repo and prefix repairs it.",
      );
    }
    return {
      runners: unlessEmpty(rows),
      elsewhere: unlessEmpty(others.length),
      notes: unlessEmpty([...notes]),
    };
  },

  render: ({ runners = [], elsewhere = 0, notes = [] }) =>
    [
      runners.length === 0 ? "No runners in containers." : formatTable(
        ["username", "repo", "container", "at GitHub"],
        runners.map(({ username, repo, state, github }) => [username, repo, state, github]),
      ),
      ...(elsewhere > 0 ? [`${elsewhere} more at GitHub, in no container here.`] : []),
      ...notes,
    ].join("\n"),
});

/** Containers are listed even if GitHub cannot be asked. */
async function ask(
  repo: string,
  { github, signal }: ToolContext,
): Promise<readonly GitHubRunner[] | string> {
  return await readOr(
    async () => await needGitHub(github).runners(repo, { signal }),
    ({ message }) => `${visible(message)}.`,
  );
}

function rowOf(container: Container, known: ReadonlyMap<string, readonly GitHubRunner[]>) {
  const repo = targetOf(container) ?? "";
  const runners = known.get(repo);
  const found = runners?.find(({ name }) => name === container.username);
  const github: z.infer<typeof atGitHub> = runners === undefined
    ? "unknown"
    : found === undefined
    ? "absent"
    : found.isBusy
    ? "busy"
    : found.isOnline
    ? "online"
    : "offline";
  return {
    username: visible(container.username),
    repo: visible(repo),
    state: container.state,
    github,
  };
}
