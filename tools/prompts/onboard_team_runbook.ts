import { ContainariumError } from "../../client/mod.ts";
import type { PromptArgument } from "../prompt.ts";
import { templateVariable } from "../resources/known_names.ts";
import { defineRunbook } from "../runbook/runbook.ts";
import { Blank, type CallValue, type Slot } from "../runbook/step.ts";
import { quoted } from "../text/quoted.ts";
import { labelIn, labelsOf, newOwnersIn, said, teamArgument } from "./fillings.ts";

/** What it is written with. */
interface Team {
  readonly team: Slot;
  readonly usernames: readonly string[] | Blank;
  readonly template?: string | undefined;
}

/** Gives each member of a team a container. */
export const onboardTeam = defineRunbook({
  name: "onboard-team",
  title: "Onboard a team",
  description: "Give each member of a team (or class) a container of their own: check room and " +
    "quotas, plan, create, let each log in with their SSH key.",
  arguments: {
    team: {
      ...teamArgument,
      required: true,
      description: "Name of the team; each container gets it as its label team, e.g. web",
    } satisfies PromptArgument,
    usernames: {
      title: "Members",
      description: "Their usernames, e.g. alice, bob",
      required: true,
    },
    template: {
      title: "Template",
      description: "The user's own template to create them from; default: the daemon's sizes",
      candidates: async (context) => [...(await context.policy()).templates.keys()],
    },
  },
  tools: ["list_containers", "create_containers"],
  blanks: { team: new Blank("team"), usernames: new Blank("their usernames"), template: undefined },
  values: ({ team, usernames, template }): Team => {
    if (template !== undefined && !templateVariable.accepts(template)) {
      throw new ContainariumError("invalid_argument", "template: too long for a name");
    }
    return { team: labelIn(team), usernames: newOwnersIn(usernames), template };
  },
  intro: ({ team, usernames, template }) =>
    `Give each member of the team ${said(team)} a container: ${membersOf(usernames)}` +
    (template === undefined ? "." : `, from the template ${quoted(template)}.`),
  steps: ({ team, usernames, template }) => {
    const labels = labelsOf(team);
    const created: Readonly<Record<string, CallValue | undefined>> = {
      usernames,
      template,
      labels,
    };
    return [
      {
        text: "See who has a container already",
        call: { tool: "list_containers", args: {} },
        attached: "containarium://containers",
        check: "there is one container per user: leave out of the next steps who has one.",
      },
      {
        text: "See what they can be made from",
        call: { tool: "list_templates", args: {} },
        attached: "containarium://templates",
        check: "the template exists and fits what the team does.",
      },
      {
        text: "See what the quotas leave",
        call: { tool: "get_quotas", args: {} },
        attached: "containarium://quotas",
        stop:
          "if they do not all fit, say by how much, and ask. Do not create a part, or smaller " +
          "ones, by yourself.",
      },
      {
        text: "Make the plan",
        call: { tool: "create_containers", args: { ...created, "dry_run": true } },
        stop:
          "show it to the user and ask for their yes, and for each member's SSH public key (a " +
          ".pub file's line, never a private key).",
      },
      {
        text: "Create them",
        call: { tool: "create_containers", args: created },
        check:
          "each is done or still in creation, which continues by itself. Never create one again.",
      },
      {
        text: "For each that is still in creation, wait",
        call: {
          tool: "get_container",
          args: { username: new Blank("member in creation"), "wait_for": "running" },
        },
      },
      {
        text: "For each member whose key you have",
        call: {
          tool: "add_ssh_key",
          args: {
            username: new Blank("member"),
            "public_key": new Blank("the member's public key"),
          },
        },
        instead: {
          text:
            "SSH keys cannot be added through this server: tell the user that nobody can log in " +
            "until somebody adds them",
        },
        check: "it was added in the container.",
      },
      {
        text: "See that all is there",
        call: { tool: "list_containers", args: { labels } },
        check: "every member is in the list, runs and has an address.",
      },
      {
        text: "Report a line for each member: username, address, how to log in; and whose key is " +
          "missing",
      },
    ];
  },
});

function membersOf(usernames: Team["usernames"]): string {
  return usernames instanceof Blank ? usernames.toString() : usernames.join(", ");
}
