import { containerName, ignorableSettings, together, visible } from "../../client/internal.ts";
import { z } from "zod";
import type { Container, ContainerState, CreateResult, Recipe } from "../../client/mod.ts";
import { changeFields } from "../change.ts";
import { distinctWarnings, limitWarnings } from "../host/limits.ts";
import { inheritanceWarning, keptBefore } from "../leftovers/inherited.ts";
import { unlessEmpty } from "../lean.ts";
import {
  type ContainerAnswer,
  containerAnswer,
  newUsername,
  renderContainer,
  shown,
} from "../schemas.ts";
import {
  notRun,
  postCreateAnswer,
  renderPostCreate,
  runPostCreate,
} from "../creation/post_create.ts";
import { defineTool } from "../tool.ts";
import { catalogFor, create, hostFor, planCreation } from "../creation/planned_creation.ts";
import { type Creation, creationFields, resolveCreation } from "../creation/resolve.ts";
import { waitSeconds } from "../fields.ts";
import { formatFacts } from "../text/format.ts";
import { loginStep, ssh, sshCommand } from "../creation/login.ts";

const steps: Readonly<Partial<Record<ContainerState, number>>> = {
  creating: 1,
  provisioning: 2,
  running: 3,
};

/** Creates a container and waits until it is ready; `POST /v1/containers`. */
export const createContainer = defineTool({
  name: "create_container",
  title: "Create container",
  description:
    "Create (make) a new Linux container (machine, box, VM) for a user and wait until it " +
    "is ready. One container per user. Usually takes seconds; minutes if the host has to " +
    "download the image.",
  effect: "write",
  idempotent: false,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    username: newUsername,
    ...creationFields,
    wait_seconds: waitSeconds.describe(
      "How long to wait; it continues after that",
    ),
  }),
  output: z.strictObject({
    ready: z.boolean().describe("False: still being created; see next"),
    ...changeFields,
    recipe: z.string().optional().describe("Recipe that the template names; absent: none"),
    stack: z.string().optional().describe("Stack that is installed; absent: none"),
    post_create: postCreateAnswer.optional()
      .describe("Results of the template's commands; absent: it has none"),
    ignored: z.array(z.enum(ignorableSettings)).optional()
      .describe("Requested, but without effect; absent: none"),
    ssh,
    next: z.array(z.string()).optional().describe("What to do next, in order; absent: nothing"),
  }),

  run: async ({ username, wait_seconds: waitSeconds, ...said }, context) => {
    const { client, quotas, signal, progress } = context;
    const policy = await context.policy();
    const wanted = resolveCreation(username, said, policy);
    const catalog = await catalogFor([wanted], client, { signal });
    const { creation, demand } = planCreation(wanted, catalog);
    using reservation = await quotas.take(client, policy.quotas, [demand], { signal });
    const [host, kept] = await together([
      hostFor(creation, client, { signal }),
      keptBefore(username, context),
    ]);
    const created = await create(creation, reservation, client, {
      waitMs: waitSeconds * 1_000,
      signal,
      onState: (state) => progress(steps[state] ?? 1, 3, `${containerName(username)}: ${state}`),
    });
    const { ready, ignored } = created;
    const { postCreate } = creation;
    const commands = ready
      ? await runPostCreate(username, postCreate, context)
      : notRun(postCreate);
    const inherited = await inheritanceWarning(created.container, kept, context);
    return {
      ready,
      changed: true,
      container: containerAnswer(created.container),
      ...softwareOf(creation),
      post_create: unlessEmpty(commands),
      ignored: unlessEmpty([...ignored]),
      ssh: sshCommand(creation, created.container),
      next: nextOf(creation, created, commands.some(({ exit_code: code }) => code !== 0)),
      warnings: distinctWarnings([...limitWarnings(demand, host), ...inherited]),
    };
  },

  render: (output) => {
    const { ready, container, post_create: postCreate = [], ssh, warnings = [] } = output;
    const { ignored = [] } = output;
    const next = (output.next ?? []).map((step) => `Next: ${step}`);
    const first = ready
      ? `Created ${containerName(container.username)}.`
      : `${progressOf(container)} ${next.shift() ?? ""}`;
    const software = formatFacts({ recipe: output.recipe, stack: output.stack });
    const lines = [first, renderContainer(container), ...(software === "" ? [] : [software])];
    const from = container.ssh_host === undefined ? " (from the host's network)" : "";
    if (ssh !== undefined) lines.push(`ssh: ${ssh}${from}`);
    lines.push(...warnings);
    if (ignored.length > 0) {
      lines.push(`Not set: ${ignored.join(", ")}. ${whyIgnored}`);
    }
    if (postCreate.length > 0) lines.push(renderPostCreate(postCreate));
    return [...lines, ...next].join("\n");
  },
});

/** The daemon does not say which. */
const whyIgnored =
  "The daemon is too old for it, lacks what it needs (monitoring: a collector of " +
  "metrics; static_ip: the address, which is taken), or does not pass it on to another host.";

/** Returns the template's recipe or stack, which the daemon does not report. */
function softwareOf({ make }: Creation<Recipe>): { recipe?: string; stack?: string | undefined } {
  return make.kind === "recipe"
    ? { recipe: visible(make.recipe.id) }
    : { stack: shown(make.options.stack) };
}

function nextOf(
  creation: Creation<unknown>,
  { ready, container }: CreateResult,
  failed: boolean,
): string[] | undefined {
  const steps = [
    ready ? undefined : howToGoOn(container),
    failed
      ? "use run_command for what failed and what was not run, in this order, when it is running"
      : undefined,
    loginStep(creation),
  ].filter((step) => step !== undefined);
  return steps.length === 0 ? undefined : steps;
}

function progressOf({ state }: ContainerAnswer): string {
  switch (state) {
    case "stopped":
      return "It was stopped before it was ready.";
    case "frozen":
      return "It was frozen (paused) before it was ready.";
    default:
      return `Still ${state}; it continues on its own.`;
  }
}

function howToGoOn({ state, username }: Container): string {
  switch (state) {
    case "stopped":
      return `start_container(username="${username}")`;
    case "frozen":
      return `stop_container(username="${username}", force=true), then start_container`;
    default:
      return `get_container(username="${username}", wait_for="running", wait_seconds=25)`;
  }
}
