import { containerName, refuseOther, visible } from "../../client/internal.ts";
import { z } from "zod";
import { type AgreedContainer, ContainariumError } from "../../client/mod.ts";
import { afterChange } from "../after_change.ts";
import { unlessEmpty } from "../lean.ts";
import { username } from "../schemas.ts";
import { formatTable } from "../text/format.ts";
import { quoted } from "../text/quoted.ts";
import { type ConsentRequest, defineTool, type ToolContext } from "../tool.ts";
import { disableScript, findScript } from "./compose_scripts.ts";
import { folderProblem, unitName } from "./compose_unit.ts";
import { enable, isUp, noProgram } from "./enable_project.ts";
import { type ComposeFacts, readFacts } from "./project_facts.ts";
import { below, runIn, statusOf } from "./project_script.ts";

/** Maximum number of projects, and of containers, in a result. */
const MAX_ROWS = 50;

const input = z.strictObject({
  username,
  action: z.enum(["find", "status", "enable", "disable"])
    .describe("enable and disable: its start at boot"),
  dir: z.string()
    .refine((dir) => folderProblem(dir) === undefined, {
      error: ({ input }) => folderProblem(String(input)),
    })
    .optional().describe("Folder of the project, or to search; default: home"),
}).refine(({ action, dir }) => action === "find" || dir !== undefined, {
  error: "expected dir, the folder of the project (action find shows which there are)",
});

type Arguments = z.output<typeof input>;

const project = z.strictObject({
  dir: z.string().describe("Its folder, for dir: data from the container"),
  file: z.string().describe("Its Compose file"),
  running: z.number().describe("How many of its containers run"),
  total: z.number().describe("How many containers it has"),
  autostart: z.boolean().optional().describe("Whether it starts at boot; absent: false"),
});

/** Shows Compose projects in a container, and has them start at boot. */
export const manageCompose = defineTool({
  name: "manage_compose",
  title: "Manage Compose",
  description:
    "Find Compose projects (docker-compose, podman-compose) in a container, show one's " +
    "state, or start it now and at boot. Stops nothing.",
  effect: "write",
  worksReadOnly: true,
  idempotent: true,
  reach: "container",
  scopes: ["containers:read", "containers:write"],
  input,
  output: z.strictObject({
    projects: z.array(project).optional().describe("Absent: none"),
    containers: z.array(z.strictObject({
      name: z.string().describe("Its name: data from the container"),
      state: z.string().describe("Its state"),
      status: z.string().optional().describe("Its state in words"),
      image: z.string().optional().describe("Its image"),
    })).optional().describe("Containers of the one project; absent: none"),
    program: z.string().optional().describe("What runs Compose there; absent: nothing does"),
    notes: z.array(z.string()).optional().describe("What to know, and what to do next"),
  }),

  consent: async (args, context): Promise<ConsentRequest<AgreedContainer> | undefined> => {
    const { username, action, dir = "." } = args;
    if (action !== "enable") return undefined;
    refuseChange(args, context);
    const { client, signal } = context;
    const container = await client.containers.find(username, { signal });
    const agreed = { container };
    if (container === undefined) return { agreed };
    const box = containerName(username);
    return {
      question: {
        message: `Start the Compose project ${quoted(dir)} in ${box} now and at each boot?`,
        confirm: `Start it in ${box}`,
      },
      onlyIfAlways: true,
      agreed,
    };
  },

  run: async (args, context, agreed) => {
    const { username, action, dir = "." } = args;
    refuseChange(args, context);
    if (agreed !== undefined) {
      const { client, signal } = context;
      const now = await client.containers.find(username, { signal });
      if (now !== undefined) refuseOther(now, agreed, "The start of a Compose project");
    }
    if (action === "find") {
      const found = readFacts((await runIn(args, findScript(below(dir)), context)).stdout);
      return await answerOf(found, { notes: found.projects.length > 0 ? [] : [nothingBelow] });
    }
    const facts = await statusOf(args, context);
    const [one] = facts.projects;
    if (one === undefined) throw noProject(username, dir);
    if (action === "status") return await answerOf(facts, {});
    const unit = await unitName(one.dir);
    if (action === "disable") {
      await runIn(args, disableScript(unit), context);
      const now = await afterChange(
        "its start at boot was removed",
        () => statusOf(args, context),
      );
      const notes = isUp(one)
        ? ["What runs goes on running until it, or the container, stops."]
        : [];
      return await answerOf(now, { notes });
    }
    const notes = await enable(one, facts, args, context);
    const now = await afterChange("its start at boot was set up", () => statusOf(args, context));
    return await answerOf(now, { notes });
  },

  render: ({ projects = [], containers = [], program, notes = [] }) =>
    [
      ...(projects.length === 0 ? [] : [
        formatTable(
          ["folder", "file", "running", "at boot"],
          projects.map(({ dir, file, running, total, autostart = false }) => [
            dir,
            file,
            `${running} of ${total}`,
            autostart ? "yes" : "no",
          ]),
        ),
      ]),
      ...(containers.length === 0 ? [] : [
        formatTable(
          ["container", "state", "status", "image"],
          containers.map((
            { name, state, status = "", image = "" },
          ) => [name, state, status, image]),
        ),
      ]),
      program === undefined ? noProgram : `program: ${program}`,
      ...notes,
    ].join("\n"),
});

const nothingBelow = "There is no Compose file there, at most 5 folders deep.";

function refuseChange({ action }: Arguments, { readOnly }: ToolContext): void {
  if (!readOnly || action === "find" || action === "status") return;
  throw new ContainariumError(
    "failed_precondition",
    `${action} is off: this server was started with --read-only, so nothing can be changed through it`,
  );
}

/** Shorter for a model, and the same on every machine. */
function fromHome(dir: string, home: string): string {
  if (home === "" || home === "/") return dir;
  return dir === home || dir.startsWith(`${home}/`) ? `~${dir.slice(home.length)}` : dir;
}

function noProject(username: string, dir: string): ContainariumError {
  return new ContainariumError(
    "invalid_argument",
    `There is no Compose file in ${visible(dir)} of ${
      containerName(username)
    }; action find shows where there are some`,
  );
}

async function answerOf(
  { projects, containers, units, program, home }: ComposeFacts,
  { notes = [] }: { readonly notes?: readonly string[] },
) {
  const left = projects.length - MAX_ROWS;
  const hidden = containers.length - MAX_ROWS;
  const rows = await Promise.all(
    projects.slice(0, MAX_ROWS).map(async ({ dir, file, states }) => ({
      dir: visible(fromHome(dir, home)),
      file: visible(file),
      running: states.filter((state) => state === "running").length,
      total: states.length,
      autostart: unlessEmpty(units.has(await unitName(dir))),
    })),
  );
  return {
    projects: unlessEmpty(rows),
    containers: unlessEmpty(
      containers.slice(0, MAX_ROWS).map(([name = "", state = "", status = "", image = ""]) => ({
        name: visible(name),
        state: visible(state),
        status: unlessEmpty(visible(status)),
        image: unlessEmpty(visible(image)),
      })),
    ),
    program: unlessEmpty(visible(program)),
    notes: unlessEmpty([
      ...notes,
      ...(left > 0 ? [`${left} more projects are not shown: pass dir.`] : []),
      ...(hidden > 0 ? [`${hidden} more containers are not shown.`] : []),
    ]),
  };
}
