import type { PromptArgument } from "../prompt.ts";
import { defineRunbook } from "../runbook/runbook.ts";
import type { Step } from "../runbook/step.ts";
import { ownerArgument, ownerIn } from "./fillings.ts";

/** What it is written with. */
interface Scope {
  readonly username?: string | undefined;
}

/** Reports who uses how much. */
export const usageReport = defineRunbook({
  name: "usage-report",
  title: "Usage report",
  description:
    "Report who uses how much CPU, memory, disk and network, what is near its limit or " +
    "quota, and how full the host is. Changes nothing.",
  arguments: {
    username: {
      ...ownerArgument,
      required: false,
      description: "Only this owner's container, e.g. alice; default: all",
    } satisfies PromptArgument,
  },
  tools: ["list_containers", "get_container", "get_metrics"],
  blanks: { username: undefined },
  values: ({ username }): Scope => ({
    username: username === undefined ? undefined : ownerIn(username),
  }),
  intro: ({ username }) =>
    `Report how much ${username === undefined ? "everybody" : username} uses, and how much is ` +
    "left. This is for reading only: change nothing.",
  steps: ({ username }) => [
    ...(username === undefined ? whole : one(username)),
    {
      text: "Measure what is used now, for ten seconds",
      call: { tool: "get_metrics", args: { username, "sample_seconds": 10, sort: "cpu" } },
      check: "CPU is in percent of one core here: 250 % of 4 cores is busy, not broken.",
    },
    {
      text: "See what has been used since the start, the fullest disk first",
      call: { tool: "get_metrics", args: { username, sort: "disk" } },
      check: "memory over 90 % of its limit, disks over 85 %. A stopped container shows zeros.",
    },
    {
      text: "See what the quotas leave",
      call: { tool: "get_quotas", args: { username } },
      attached: username === undefined ? "containarium://quotas" : undefined,
    },
    {
      text: "Report: first one sentence (is there room or not), then a table of at most ten rows " +
        "with what each uses of its limit, then what is near a limit or quota, then what is " +
        "reserved but not used. Give the time of measuring, and say where a number was not to be had",
      stop: "propose resizing, moving or stopping, but do none of it: ask the user first.",
    },
  ],
});

const whole: readonly Step[] = [
  {
    text: "See how full the host is",
    call: { tool: "get_system_info", args: {} },
    attached: "containarium://system",
    check: "load against the number of CPUs, free memory, free disk.",
  },
  {
    text: "List the containers with their limits",
    call: { tool: "list_containers", args: {} },
    attached: "containarium://containers",
  },
];

function one(username: string): readonly Step[] {
  return [{
    text: "See the container's limits and what it uses",
    call: { tool: "get_container", args: { username } },
    attached: `containarium://containers/${username}`,
  }];
}
