import { defineRunbook } from "../runbook/runbook.ts";
import { Blank, type Slot } from "../runbook/step.ts";
import { ownerArgument, ownerIn, said } from "./fillings.ts";

const MAX_SYMPTOM_CHARS = 2_000;
const LOOK_AROUND = "systemctl --failed --no-pager; df -h /; ps aux | sort -rnk 4 | head -n 10";

/** What it is written with. */
interface Trouble {
  readonly username: Slot;
  readonly symptom?: Slot | undefined;
}

/** Finds out what is wrong with a container. */
export const troubleshootContainer = defineRunbook({
  name: "troubleshoot-container",
  title: "Troubleshoot a container",
  description: "Find out why a container does not start, does not respond, is slow or refuses " +
    "SSH: state, usage and logs first, then one fix that the user agreed to.",
  arguments: {
    username: ownerArgument,
    symptom: {
      title: "Symptom",
      description: "What goes wrong, and since when, e.g. the website answers 502 since noon",
    },
  },
  tools: ["get_container", "get_metrics"],
  blanks: { username: new Blank("owner"), symptom: undefined },
  values: ({ username, symptom }): Trouble => ({ username: ownerIn(username), symptom }),
  intro: ({ username, symptom }) =>
    `Find out what is wrong with ${username}'s container` +
    (symptom === undefined ? "" : `. The user says: ${said(symptom, MAX_SYMPTOM_CHARS)}`) +
    ". Look before you touch: the steps up to the report change nothing.",
  steps: ({ username }) => [
    {
      text: "See its state, with the daemon's diagnosis",
      call: { tool: "get_container", args: { username, diagnose: true } },
      attached: `containarium://containers/${username}`,
      check: "it runs and has an address. If it is stopped, the steps inside it do not work: go " +
        "on to the report.",
    },
    {
      text: "Measure what it uses",
      call: { tool: "get_metrics", args: { username, "sample_seconds": 5 } },
      attached: `containarium://containers/${username}/metrics`,
      check: "memory near its limit (processes get killed), a disk that is nearly full, CPU at " +
        "its limit.",
    },
    {
      text: "Read its warnings and errors, the oldest first",
      call: { tool: "get_logs", args: { username, priority: "warning", since: "1h ago" } },
      attached: `containarium://containers/${username}/logs`,
      check: "the first error counts; those after it are often its consequences. Nothing there: " +
        "look further back, or at one unit.",
    },
    {
      text: "Look around inside",
      call: { tool: "run_command", args: { username, command: LOOK_AROUND } },
      check: "failed units, a full disk, a process that takes everything.",
    },
    {
      text:
        "Report in a few sentences: the cause, the evidence for it, and one change that would " +
        "fix it. If the evidence does not suffice, say what is missing instead of guessing",
      stop: "ask the user before you change anything, and say what the change interrupts. A " +
        "container may be stopped on purpose.",
    },
    {
      text: "With their yes, keep a way back if the fix changes files",
      call: { tool: "create_snapshot", args: { username, name: "before-fix" } },
    },
    {
      text: "Make that one change; if it is a restart or a start",
      call: { tool: "restart_container", args: { username } },
      instead: {
        text: "Containers cannot be restarted through this server: hand your proposal to the user",
      },
    },
    {
      text: "See whether it came up",
      call: { tool: "get_container", args: { username, "wait_for": "running" } },
      check: "it runs. If not, do not restart it again: report.",
    },
    {
      text: "See whether the errors are gone",
      call: { tool: "get_logs", args: { username, priority: "err", since: "2m ago" } },
      check: "the symptom is gone, too; ask the user if only they can see it.",
      stop: "if it is not gone, report what you now know, and ask before a second change.",
    },
  ],
});
