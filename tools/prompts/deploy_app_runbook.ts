import { didYouMean } from "../../client/internal.ts";
import { ContainariumError } from "../../client/mod.ts";
import { knownTemplates, knownUsernames } from "../resources/known_names.ts";
import { outputOf } from "../resources/tool_text.ts";
import { defineRunbook } from "../runbook/runbook.ts";
import { Blank, type Slot, type Step } from "../runbook/step.ts";
import { listTemplates } from "../templates/list_templates.ts";
import type { ToolContext } from "../tool.ts";
import { ownerIn, said } from "./fillings.ts";

const LOOK = "podman ps -a; ss -ltn";

/** What an app is made by. */
type AppKind = "recipe" | "stack" | "template" | "os";

/** What it is written with. */
interface Deployment {
  readonly app: Slot;
  readonly username: Slot;
  /** Of what kind the app is; of whichever, in a skill. */
  readonly kinds: readonly AppKind[];
}

/** Deploys an app and sees that it works. */
export const deployApp = defineRunbook({
  name: "deploy-app",
  title: "Deploy an app",
  description: "Deploy an application (a recipe, a stack or a template) for a user, and see that " +
    "it works: what it needs, create, check, and open it to others if the user wants that.",
  arguments: {
    app: {
      title: "App",
      description: "Recipe, stack, template or operating system from list_templates, e.g. nodejs",
      required: true,
      candidates: knownTemplates,
    },
    username: {
      title: "Owner",
      description: "Whose container it runs in, e.g. alice",
      required: true,
      candidates: knownUsernames,
    },
  },
  tools: ["list_templates", "get_container", "create_container"],
  blanks: {
    app: new Blank("app"),
    username: new Blank("owner"),
    kinds: ["recipe", "stack", "template", "os"],
  },
  values: async ({ app, username }, context): Promise<Deployment> => ({
    app,
    username: ownerIn(username),
    kinds: await kindsOf(app, context),
  }),
  intro: ({ app, username }) => `Deploy ${said(app)} for ${username}, and see that it works.`,
  steps: ({ app, username, kinds }) => [
    {
      text: "See what the app needs",
      call: { tool: "list_templates", args: {} },
      attached: app instanceof Blank
        ? undefined
        : `containarium://templates/${encodeURIComponent(app)}`,
      check: "parameters without a default, CPUs, memory, disk, a GPU, ports.",
      stop: "ask the user for what only they know. Never invent a password.",
    },
    {
      text: "See whether there is a container already",
      call: { tool: "get_container", args: { username } },
      attached: `containarium://containers/${username}`,
      check:
        "a stack goes into a container that runs; everything else makes a new one, and there " +
        "must be none: one container per user.",
      stop: "if one is in the way, ask for another username. Do not delete or reuse it.",
    },
    {
      text: "See what the quotas leave",
      call: { tool: "get_quotas", args: { username } },
    },
    {
      text: "Say what you are going to do: app, container, sizes, parameters, ports",
      stop: "ask for their yes.",
    },
    ...kinds.flatMap((kind) => stepsTo[kind](app, username, kinds.length > 1)),
    {
      text: "See that it runs",
      call: { tool: "get_container", args: { username, "wait_for": "running" } },
    },
    {
      text: "Only if the app's files are on the user's machine, send them and start it",
      call: {
        tool: "sync_files",
        args: {
          username,
          local: new Blank("absolute path of their folder"),
          then: new Blank("command that installs and starts it, in the background"),
        },
      },
      check:
        "complete is true, and then ended with exit code 0. While complete is false, call it " +
        "again with the same arguments.",
    },
    {
      text: "See that the app listens",
      call: { tool: "run_command", args: { username, command: LOOK, "as_root": true } },
      check: "its container is up, its port is there. A first start may pull images for minutes: " +
        "look again rather than start again.",
    },
    {
      text: "Read what it complains about",
      call: { tool: "get_logs", args: { username, priority: "warning", since: "15m ago" } },
      stop: "if it fails, report the first error and ask; do not deploy it a second time.",
    },
    {
      text: "Only if others are to reach it, under the domain that the user names",
      call: {
        tool: "expose_port",
        args: {
          username,
          port: new Blank("the app's port"),
          domain: new Blank("the user's domain"),
        },
      },
      stop: "ask first: this opens the app to others. Say whether it asks for a login.",
    },
    {
      text: "Report the address and port, how to log in, what you checked, and what is still open",
    },
  ],
});

const stepsTo: Readonly<
  Record<AppKind, (app: Slot, username: Slot, isOneOfSeveral: boolean) => readonly Step[]>
> = {
  recipe: (app, username, isOneOfSeveral) => [{
    text: titled("Deploy it in a new container", "a recipe", isOneOfSeveral),
    call: {
      tool: "create_from_recipe",
      args: {
        recipe: app,
        username,
        parameters: new Blank("parameters as the user chose, {} for none"),
      },
    },
    instead: { text: "Recipes cannot be deployed through this server: say so if it is one" },
    check: "it is deploying or done. If the answer comes before the end, call it again with the " +
      "same arguments to keep waiting.",
  }],
  stack: (app, username, isOneOfSeveral) => [
    {
      text: titled("Create the container if there is none", "a stack", isOneOfSeveral),
      call: { tool: "create_container", args: { username } },
    },
    {
      text: titled("Install it", "a stack", isOneOfSeveral),
      call: { tool: "install_stack", args: { username, stack: app } },
      instead: { text: "Stacks cannot be installed through this server: say so if it is one" },
      check: "it says installed. If the answer comes before the end, call it again with the same " +
        "arguments to keep waiting.",
    },
  ],
  template: (app, username, isOneOfSeveral) => [{
    text: titled("Create the container from it", "a template", isOneOfSeveral),
    call: { tool: "create_container", args: { username, template: app } },
    check: "it runs, or is still in creation: never create it again.",
  }],
  os: (app, username, isOneOfSeveral) => [{
    text: titled("Create the container with it", "an operating system", isOneOfSeveral),
    call: { tool: "create_container", args: { username, os: app } },
    check: "it runs, or is still in creation: never create it again.",
  }],
};

function titled(text: string, kind: string, isOneOfSeveral: boolean): string {
  return isOneOfSeveral ? `If the app is ${kind}, ${text.toLowerCase()}` : text;
}

/** @throws {ContainariumError} `invalid_argument` if there is no such app */
async function kindsOf(app: string, context: ToolContext): Promise<readonly AppKind[]> {
  const { templates = [], recipes = [], stacks = [], os } = await outputOf(
    listTemplates,
    {},
    context,
  );
  const named: Readonly<Record<AppKind, readonly string[]>> = {
    recipe: recipes.map(({ id }) => id),
    stack: stacks.map(({ id }) => id),
    template: templates.map(({ name }) => name),
    os: os.map(({ name }) => name),
  };
  const kinds: readonly AppKind[] = ["recipe", "stack", "template", "os"];
  const found = kinds.filter((kind) => named[kind].includes(app));
  if (found.length > 0) return found;
  throw new ContainariumError(
    "invalid_argument",
    `app: there is no such recipe, stack or template; ${
      didYouMean(app, Object.values(named).flat())
    }`,
  );
}
