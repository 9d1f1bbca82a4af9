import { defineRunbook } from "../runbook/runbook.ts";
import { Blank, type Slot } from "../runbook/step.ts";
import { labelIn, labelsOf, teamArgument, whoseContainers } from "./fillings.ts";

/** What it is written with. */
interface Scope {
  readonly team?: Slot | undefined;
}

/** Frees what nobody uses. */
export const cleanUpIdle = defineRunbook({
  name: "clean-up-idle",
  title: "Clean up idle containers",
  description:
    "Find containers that nobody uses, and stop, put to sleep or delete those that the " +
    "user picks, to free CPU, memory and disk.",
  arguments: { team: teamArgument },
  tools: ["list_containers", "get_container", "get_metrics"],
  blanks: { team: undefined },
  values: ({ team }): Scope => ({ team: team === undefined ? undefined : labelIn(team) }),
  intro: ({ team }) =>
    `Find out which of ${whoseContainers(team)} nobody uses, and free what the user wants freed. ` +
    "A quiet container is not an unused one: the user decides about each.",
  steps: ({ team }) => [
    {
      text: "List them",
      call: { tool: "list_containers", args: { labels: labelsOf(team) } },
      attached: "containarium://containers",
      check: "what is stopped, and what is deleted by itself soon. Leave out what is protected.",
    },
    {
      text: "Measure who does something",
      call: { tool: "get_metrics", args: { "sample_seconds": 30, sort: "cpu" } },
      check: "idle is less than 1 % of a core and less than 1 kB/s in both directions.",
    },
    {
      text: "For each that is idle or stopped, see how old it is and what it is for",
      call: { tool: "get_container", args: { username: new Blank("owner of an idle one") } },
      check: "leave out what was created in the last 24 hours.",
    },
    {
      text: "For each that is idle and runs, look for a sign of life",
      call: {
        tool: "get_logs",
        args: { username: new Blank("owner of an idle one"), since: "24h ago", lines: 20 },
      },
      check: "logins and jobs: what has a nightly job is in use.",
    },
    {
      text:
        "Show the user a table: owner, state, age, last sign of life, what it holds, and what " +
        "you would do (keep, sleep, stop, delete)",
      stop: "ask what to do with each. No answer means keep. Deletion needs their word for that " +
        "very container; it takes the disk and its snapshots along.",
    },
    {
      text: "Stop the ones to stop",
      call: { tool: "stop_containers", args: { usernames: new Blank("owners to stop") } },
      instead: {
        text: "Stop each of the ones to stop",
        call: { tool: "stop_container", args: { username: new Blank("owner to stop") } },
        instead: { text: "Nothing can be stopped through this server: hand the table to the user" },
      },
      check: "each says stopped.",
    },
    {
      text: "For each that is to sleep when it is idle",
      call: {
        tool: "update_container",
        args: { username: new Blank("owner to put to sleep"), "auto_sleep_minutes": 60 },
      },
    },
    {
      text: "See what deleting the ones to delete would do",
      call: {
        tool: "delete_containers",
        args: { usernames: new Blank("owners to delete"), "dry_run": true },
      },
      stop: "if the plan names one that the user did not, or leaves one out, ask again.",
    },
    {
      text: "Delete exactly these",
      call: { tool: "delete_containers", args: { usernames: new Blank("owners to delete") } },
      instead: {
        text: "Delete each of the ones to delete",
        call: { tool: "delete_container", args: { username: new Blank("owner to delete") } },
      },
    },
    {
      text: "List them again, and report what was freed and what was left",
      call: { tool: "list_containers", args: { labels: labelsOf(team) } },
    },
  ],
});
