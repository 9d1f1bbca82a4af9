import { defineRunbook } from "../runbook/runbook.ts";
import { Blank, type Slot } from "../runbook/step.ts";
import { labelIn, labelsOf, teamArgument, whoseContainers } from "./fillings.ts";

/** What it is written with. */
interface Scope {
  readonly team?: Slot | undefined;
}

/** Checks what will happen to containers by itself. */
export const lifecycleCheck = defineRunbook({
  name: "lifecycle-check",
  title: "Lifecycle check",
  description: "Check what happens to containers by itself: which are deleted soon, which failed " +
    "or hang in creation, which nothing protects. Then extend or protect those that the user picks.",
  arguments: { team: teamArgument },
  tools: ["list_containers", "get_container"],
  blanks: { team: undefined },
  values: ({ team }): Scope => ({ team: team === undefined ? undefined : labelIn(team) }),
  intro: ({ team }) =>
    `Check what is going to happen to ${
      whoseContainers(team)
    } by itself, and what was left behind.`,
  steps: ({ team }) => [
    {
      text: "List them",
      call: { tool: "list_containers", args: { labels: labelsOf(team) } },
      attached: "containarium://containers",
      check: "which are deleted within 24 hours (deletes_in), which failed, which are in creation.",
    },
    {
      text: "Look at each of those",
      call: { tool: "get_container", args: { username: new Blank("owner of one of those") } },
      check: "why it failed; whether it runs and is used; whether a creation still goes on.",
    },
    {
      text: "For each that is deleted soon, see what goes with it",
      call: {
        tool: "list_snapshots",
        args: { username: new Blank("owner of what is deleted soon") },
      },
      check: "snapshots go with the container: they are no way back from a deletion.",
    },
    {
      text: "Show the user a table, the soonest first: owner, state, what happens and when, what " +
        "is lost by it. Below it: what failed and why",
      stop: "ask for each whether to let it go, keep it longer, keep it for good, or protect it. " +
        "Those who set an expiry usually meant it: extend none by yourself.",
    },
    {
      text: "For each to keep longer (at most 7 days from now)",
      call: {
        tool: "update_container",
        args: { username: new Blank("owner to keep longer"), ttl: "7d" },
      },
      instead: { text: "Nothing can be changed through this server: hand the table to the user" },
    },
    {
      text: "For each to keep for good",
      call: {
        tool: "update_container",
        args: { username: new Blank("owner to keep for good"), ttl: "never" },
      },
    },
    {
      text: "For each to protect from deletion",
      call: {
        tool: "update_container",
        args: { username: new Blank("owner to protect"), protected: true },
      },
    },
    {
      text: "List them again, and report what changed and what goes next",
      call: { tool: "list_containers", args: { labels: labelsOf(team) } },
      check: "deletes_in is what was asked for.",
    },
  ],
});
